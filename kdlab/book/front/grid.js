// A widget's grid: all its pictures at the values its controls step through (made by kdlab/explore/grid.py). It stands in the
// page, or in a script of its own that calls kdlabPack(name, text).

const packsBrought = {};
window.kdlabPack = (name, text) => (packsBrought[name] = text);

async function bringPack(base, file) {
  const name = file.split(".").slice(0, -2).join(".");
  if (!(name in packsBrought)) await loadScript(`${base}packs/${file}`);
  return packsBrought[name];
}

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

async function unpackGrid(packed) {
  const grid = await unpack(packed);
  // the states that have a picture are counted without those that have none
  grid.reasons = new Map(grid.absent.flatMap(([sentence, states]) => states.map((state) => [state, sentence])));
  const states = grid.values.reduce((product, values) => product * values.length, 1);
  let row = 0;
  grid.pictures = states - grid.reasons.size;
  grid.rows = Array.from({ length: states }, (_, state) => (grid.reasons.has(state) ? -1 : row++));
  return grid;
}

// Return the state's number in the grid, or -1 if these settings are not on it.
function gridState(grid, settings) {
  let state = 0;
  for (const [k, values] of grid.values.entries()) {
    const at = values.findIndex((value) => sameSetting(value, settings[k]));
    if (at < 0) return -1;
    state = state * values.length + at;
  }
  return state;
}

function sameSetting(a, b) {
  return Array.isArray(a) ? Array.isArray(b) && a.length === b.length && a.every((value, i) => sameSetting(value, b[i])) : a === b;
}

// The table of one picture, as base64, out of the hexadecimal digits of all of them, cell by cell.
function cellsOfGrid(cells, row, pictures) {
  const digit = (at) => {
    const code = cells.charCodeAt(at);
    return (code & 15) + 9 * (code >> 6);
  };
  let bytes = "";
  for (let at = 2 * row; at < cells.length; at += 2 * pictures) bytes += String.fromCharCode(16 * digit(at) + digit(at + 1));
  return btoa(bytes);
}

// A column's value of one picture, in each of the forms that the build chooses from.
function inColumn(column, row, pictures) {
  if (Array.isArray(column)) return column[row];
  return "at" in column ? column.of[column.at[row]] : cellsOfGrid(column.cells, row, pictures);
}

function gridPicture(grid, state) {
  const row = grid.rows[state];
  const fill = (part) => {
    if (Array.isArray(part)) return part.map(fill);
    if (part === null || typeof part !== "object") return part;
    if ("$" in part) return inColumn(grid.columns[part.$], row, grid.pictures);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, fill(value)]));
  };
  return fill(grid.template);
}
