// The worker that runs Python. Its source text becomes a blob (see runtime.js), so it uses nothing from outside itself.
// In:  {pyodide, archive, packages, modules, patience, compiled} once, then {path, args, seconds}, one at a time; {packages} before one
//      that needs more. Python imports the modules when it is ready; `compiled` is its WebAssembly, where another has it.
// Out: {kind: "progress", bytes} while it loads, {kind: "compiled", compiled}, {kind: "ready"} or {kind: "failed", message}, then {kind: "done", value, error, stdout, stderr, late, broken} for each;
//      {kind: "loaded"} after packages, found or not: the import says what is missing.
function workerMain() {
  "use strict";

  const OUTPUT_BYTES = 65536;
  const MEMORY_BYTES = 2 ** 30;
  const SIGINT = 2;

  const PYTHON = String.raw`
import importlib, json, sys, traceback

def reader_line(error):
    if isinstance(error, SyntaxError) and error.filename == "<reader>":
        return error.lineno
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == "<reader>"]
    return lines[-1] if lines else None

def describe(error):
    words = list(traceback.format_exception_only(error))
    return {
        "name": type(error).__name__,
        "message": words[-1 if isinstance(error, SyntaxError) else 0].strip(),
        "line": reader_line(error),
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__.tb_next)),
    }

def open_streams():
    # closefd=False: a reader who closes sys.stdout, or calls quit(), must not close it for the next call.
    for number, (name, mode) in enumerate({"stdin": "r", "stdout": "w", "stderr": "w"}.items()):
        if streams[name] is None or streams[name].closed:
            streams[name] = open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False)
        setattr(sys, name, streams[name])

def flush_streams():
    for name in "stdout", "stderr":
        try:
            streams[name].flush()
        except (OSError, ValueError):
            pass

def call(path, args):
    open_streams()
    module, _, function = path.rpartition(".")
    try:
        value = getattr(importlib.import_module(module), function)(*json.loads(args))
        reply = json.dumps({"value": value, "error": None}, allow_nan=False)
    except BaseException as caught:
        disarm()
        reply = json.dumps({"value": None, "error": describe(caught)})
    disarm()
    flush_streams()
    return reply

def warm(modules):
    for module in modules.split():
        try:
            importlib.import_module(module)
        except Exception:
            pass  # the call that needs it will say so

streams = {"stdin": None, "stdout": None, "stderr": None}
sys.path.insert(0, archive)
for package in packages.split():
    importlib.import_module(package)
call, warm
`;

  // Once the deadline has passed, every look at it interrupts: code that swallows one KeyboardInterrupt gets the next.
  const deadline = {
    at: Infinity,
    passed: false,
    get 0() {
      if (performance.now() < this.at) return 0;
      this.passed = true;
      return SIGINT;
    },
    set 0(_) {},
    arm(seconds) {
      this.passed = false;
      this.at = performance.now() + 1000 * seconds;
    },
    disarm() {
      this.at = Infinity;
    },
  };

  class Output {
    constructor() {
      this.clear();
    }

    clear() {
      this.decoder = new TextDecoder();
      this.text = "";
      this.bytes = 0;
    }

    write(bytes) {
      const room = Math.max(0, OUTPUT_BYTES - this.bytes);
      this.text += this.decoder.decode(bytes.slice(0, room), { stream: true });
      this.bytes += bytes.length;
      return bytes.length;
    }

    toString() {
      if (this.bytes <= OUTPUT_BYTES) return this.text;
      return `${this.text}\n[Cut: ${this.bytes} bytes were printed, the first ${OUTPUT_BYTES} are shown.]\n`;
    }
  }

  // Code that allocates without end gets a MemoryError here, before it takes the reader's machine with it.
  function limitMemory() {
    const grow = WebAssembly.Memory.prototype.grow;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (this.buffer.byteLength + 65536 * pages > MEMORY_BYTES) throw new RangeError("memory limit");
      return grow.call(this, pages);
    };
  }

  // What the first byte of a file must be: a host may answer with a page instead, such as one to log in.
  const FIRST_BYTE = { wasm: 0x00, zip: 0x50, whl: 0x50, json: 0x7b };

  // Pyodide waits for ever where its WebAssembly is missing or wrongly typed, so its downloads are looked at here.
  async function download(url, options) {
    const ending = String(url).split(".").pop();
    if (ending === "wasm" && download.compiled) return new Response(); // it is here already
    let response;
    try {
      response = await download.fetch.call(self, url, options);
    } catch {
      throw failed(`${url} could not be loaded. Look whether you are connected, or have to log in, then try again`);
    }
    if (!response.ok)
      throw failed(
        `${url} could not be loaded (HTTP status ${response.status}). Reload the page: the book may have been renewed, or want you to log in`,
      );
    const typed = ending === "wasm" ? { headers: { "Content-Type": "application/wasm" } } : {};
    return new Response(response.body.pipeThrough(looked(url, FIRST_BYTE[ending])), typed);
  }

  function looked(url, firstByte) {
    let first = true;
    return new TransformStream({
      transform(chunk, through) {
        if (first && firstByte !== undefined && chunk[0] !== firstByte)
          throw failed(`in the place of ${url} the host sent something else, perhaps a page to log in. Reload the page`);
        first = false;
        silent = 0;
        self.postMessage({ kind: "progress", bytes: chunk.length });
        through.enqueue(chunk);
      },
    });
  }

  // Seconds without a byte, of those in which this worker could have taken one: while it computes, none is counted.
  let silent = 0;

  function waitNoLongerThan(patience) {
    const clock = setInterval(() => {
      silent += 1;
      if (silent >= patience) failed(`nothing more came for ${patience} s. Look whether you are connected, then try again`);
    }, 1000);
    return () => clearInterval(clock);
  }

  function failed(reason) {
    self.postMessage({ kind: "failed", message: `Python could not start: ${reason}.` });
    return new Error(reason);
  }

  // The reader's two Pythons are one WebAssembly: it is compiled once, and a Python that has to start again has it too.
  function compileOnce(compiled) {
    download.compiled = compiled;
    WebAssembly.instantiateStreaming = async (response, imports) => {
      const module = compiled ?? (await WebAssembly.compileStreaming(response));
      if (!compiled) self.postMessage({ kind: "compiled", compiled: module });
      return { module, instance: await WebAssembly.instantiate(module, imports) };
    };
  }

  // The smallest module there is. Where a policy forbids it, Pyodide would wait for ever.
  function requireWebAssembly() {
    try {
      new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    } catch {
      throw failed("this host's security policy forbids WebAssembly. Whoever runs it finds the policy that the book needs in its README");
    }
  }

  const stdout = new Output();
  const stderr = new Output();
  let pyodide;
  let python;
  let warm;

  async function start({ pyodide: folder, archive, packages, patience, compiled }) {
    const arrived = waitNoLongerThan(patience);
    download.fetch = self.fetch;
    self.fetch = download;
    requireWebAssembly();
    compileOnce(compiled);
    limitMemory();
    const zip = download(archive).then((response) => response.arrayBuffer());
    const { loadPyodide } = await import(folder + "pyodide.mjs");
    pyodide = await loadPyodide({
      indexURL: folder,
      lockFileURL: folder + "pyodide-lock.json",
      packages,
      stdin: () => null,
      stdout: () => {},
      stderr: () => {},
    });
    pyodide.FS.writeFile("/lib/kdlab.zip", new Uint8Array(await zip));
    pyodide.setStdout({ write: (bytes) => stdout.write(bytes) });
    pyodide.setStderr({ write: (bytes) => stderr.write(bytes) });
    const globals = pyodide.toPy({
      archive: "/lib/kdlab.zip",
      packages: packages.join(" "),
      disarm: () => deadline.disarm(),
    });
    [python, warm] = pyodide.runPython(PYTHON, { globals, filename: "<runtime>" }).toJs();
    pyodide.setInterruptBuffer(deadline);
    self.fetch = download.fetch;
    arrived();
  }

  function call({ path, args, seconds }) {
    stdout.clear();
    stderr.clear();
    let reply;
    deadline.arm(seconds);
    try {
      reply = JSON.parse(python(path, JSON.stringify(args)));
    } catch (error) {
      // What got past "except BaseException": Python itself ended, by a crash or by os._exit().
      const message = "Python itself ended and has to start again.";
      reply = { value: null, error: { name: "Crash", message, line: null, traceback: String(error) }, broken: true };
    }
    deadline.disarm();
    return { kind: "done", ...reply, late: deadline.passed, stdout: String(stdout), stderr: String(stderr) };
  }

  async function load(packages) {
    const silent = { messageCallback: () => {}, errorCallback: () => {} };
    await pyodide.loadPackage(packages, silent).catch(() => {});
    return { kind: "loaded" };
  }

  self.onmessage = async ({ data }) => {
    if (python) {
      self.postMessage(data.path ? call(data) : await load(data.packages));
      return;
    }
    try {
      await start(data);
      self.postMessage({ kind: "ready" });
      warm(data.modules.join(" "));
    } catch (error) {
      failed(error.message);
    }
  };
}
