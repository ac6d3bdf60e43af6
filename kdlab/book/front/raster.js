// Tables of bytes as images: heat maps, grey images, and points too many to be drawn one by one. One canvas a mark, a cell
// a pixel, enlarged without smoothing. A canvas has no style sheet, so it is painted again when the colours change.

function pictureBytes({ bytes }) {
  return Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
}

let pictureColors = {}; // the tokens as red, green, blue, in the colours the page has now

function pictureRgb(color) {
  if (!pictureColors[color]) {
    const probe = document.createElement("span");
    probe.style.color = `var(--kd-${color})`;
    document.body.append(probe);
    pictureColors[color] = getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number);
    probe.remove();
  }
  return pictureColors[color];
}

function pictureRepaint() {
  pictureColors = {};
  for (const canvas of document.querySelectorAll("canvas.kd-raster")) canvas.repaint();
}

new MutationObserver(pictureRepaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
for (const media of ["print", "(prefers-color-scheme: dark)"]) matchMedia(media).addEventListener("change", pictureRepaint);

// A table of this many rows and columns in a box; `color()` makes a function from a cell's number to its packed colour.
function pictureRaster(box, rows, columns, color) {
  const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows, className: "kd-raster" });
  canvas.repaint = () => {
    const context = canvas.getContext("2d", { willReadFrequently: true }); // small, and not worth a graphics card
    const image = context.createImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const cell = color();
    for (let i = 0; i < pixels.length; i += 1) pixels[i] = cell(i);
    context.putImageData(image, 0, 0);
  };
  canvas.repaint();
  return pictureNode("foreignObject", pictureAround(box), [canvas]);
}

// Red, green, blue and opacity, each to 255, as one number of four bytes.
function picturePacked([red, green, blue], opacity = 255) {
  return ((opacity << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

// From one colour towards another.
function pictureBlend(from, to, share) {
  return from.map((value, k) => value + share * (to[k] - value));
}

// What a byte looks like, by the scheme of the heat map: see Heatmap.to_bytes in kdlab/explore/marks.py. The bytes of an
// image say how dark it is.
const pictureSchemes = {
  grey: () => (byte) => [255 - byte, 255 - byte, 255 - byte],
  one: ({ color }) => (byte) => pictureBlend(pictureRgb("paper"), pictureRgb(color), (byte - 1) / 254),
  two: ({ colors: [low, high] }) => (byte) => {
    return pictureBlend(pictureRgb("paper"), pictureRgb(byte < 128 ? low : high), Math.abs(byte - 128) / 127);
  },
  classes: ({ colors }) => (byte) => pictureRgb(colors[byte - 1]),
};

// What `make` makes, once for all the tiles of a mark, and anew in other colours.
function pictureOnce(make) {
  let made, inColors;
  return () => {
    if (inColors !== pictureColors) [made, inColors] = [make(), pictureColors];
    return made;
  };
}

// The colours of the cells of a mark, from their bytes; where there is no value there is none.
function pictureCells({ table, scheme = "grey", ...mark }, bytes) {
  if (scheme === "mix") return pictureMixed(mark.colors.slice(0, table.shape[3]).map(pictureRgb), bytes);
  const paint = pictureSchemes[scheme](mark);
  const colors = new Uint32Array(256);
  for (const byte of new Set(bytes)) if (byte || scheme === "grey") colors[byte] = picturePacked(paint(byte));
  return (cell) => colors[bytes[cell]];
}

// Each cell mixed of colours by its shares; what rounding leaves is paper.
function pictureMixed(colors, bytes) {
  const paper = pictureRgb("paper");
  const mixed = [0, 0, 0];
  return (cell) => {
    let rest = 255;
    mixed.fill(0);
    for (let share = 0; share < colors.length; share += 1) {
      const byte = bytes[cell * colors.length + share];
      rest -= byte;
      for (let k = 0; k < 3; k += 1) mixed[k] += (byte / 255) * colors[share][k];
    }
    if (rest === 255) return 0;
    for (let k = 0; k < 3; k += 1) mixed[k] = Math.max(0, Math.min(255, mixed[k] + (rest / 255) * paper[k]));
    return picturePacked(mixed);
  };
}

// The boxes of cells that a mask of bits hides, those side by side as one.
function pictureMasked({ left, top, width, height }, rows, columns, bits, start) {
  const boxes = [];
  const masked = (i) => (bits[i >> 3] >> (7 - (i & 7))) & 1;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const from = column;
      while (column < columns && masked(start + row * columns + column)) column += 1;
      if (column === from) continue;
      const cell = [width / columns, height / rows];
      boxes.push({ left: left + from * cell[0], top: top + row * cell[1], width: (column - from) * cell[0], height: cell[1] });
    }
  }
  return boxes;
}

// Slanted lines over boxes, as one path; they join where boxes do.
function pictureHatch(boxes, apart = 6) {
  const lines = [];
  for (const { left, top, width, height } of boxes) {
    const [right, bottom] = [left + width, top + height];
    for (let sum = Math.ceil((left + top) / apart) * apart; sum <= right + bottom; sum += apart) {
      const [from, to] = [Math.max(left, sum - bottom), Math.min(right, sum - top)];
      lines.push(`M${px(from)},${px(sum - from)}L${px(to)},${px(sum - to)}`);
    }
  }
  return lines.join("");
}
