// A widget's grid: all its pictures at the values its sliders step through (made by kdlab/explore/grid.py).

async function unpackGrid(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
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
  return Array.isArray(a) ? a.every((value, i) => value === b[i]) : a === b;
}

function gridPicture(grid, state) {
  const fill = (part) => {
    if (Array.isArray(part)) return part.map(fill);
    if (part === null || typeof part !== "object") return part;
    if ("$" in part) return grid.columns[part.$][state];
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, fill(value)]));
  };
  return fill(grid.template);
}
