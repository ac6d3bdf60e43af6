// Bundle each source of this folder into one script with one global, and collect the licences of what went in.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const GLOBALS = { "codemirror.js": "kdlabEditor" };
const chosen = Object.keys(read("package.json").devDependencies);
const all = new Set();

function read(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function titled(name) {
  const { version, license } = read(`node_modules/${name}/package.json`);
  return `${name} ${version} (${license})`;
}

function licence(name) {
  const file = readdirSync(`node_modules/${name}`).find((entry) => /^licen[cs]e/i.test(entry));
  return readFileSync(`node_modules/${name}/${file}`, "utf8").trim();
}

for (const [file, globalName] of Object.entries(GLOBALS)) {
  const { metafile, outputFiles } = await build({
    entryPoints: [`src/${file}`],
    outfile: file,
    globalName,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2020",
    metafile: true,
    write: false,
  });
  const parts = Object.entries(metafile.outputs[file].inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const packages = new Set(parts.map(([path]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean));
  const banner = chosen.filter((name) => packages.has(name)).map(titled).join(", ");
  writeFileSync(file, `/*! ${banner}; licences in LICENSES.txt */\n${outputFiles[0].text}`);
  packages.forEach((name) => all.add(name));
}

const texts = [...all].sort().map((name) => `${titled(name)}\n\n${licence(name)}\n`);
writeFileSync("LICENSES.txt", texts.join(`\n${"-".repeat(80)}\n\n`));
