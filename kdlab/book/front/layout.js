// Where things stand on a picture, in pixels: its edges, ticks, tiles, and words that do not overlap. On paper the same is
// laid out by kdlab/explore/layout.py, and tests compare the two.

const TALLEST_SQUARE = 360; // pixels of the plot area of a square picture, where it is wide enough

// The layout of a picture of this width, at `least` so high, and as high as one of the width `like`: the edges of the plot
// area, the ticks, and where a value stands.
function pictureFrame(picture, width, least = 260, like = width) {
  const top = (picture.y.hidden ? 0 : 30) + (picture.marks.some(({ kind }) => kind === "text") ? 14 : 0);
  const below = picture.x.hidden ? 0 : 46;
  const square = picture.x.square || picture.y.square;
  // 16:9 at 760 pixels, higher under long names
  let tall = Math.round(Math.max(least, 104 + 0.427 * like)) - below - top;
  let yTicks = pictureTicks(picture.y, tall, false);
  let [left, right] = [yTicks.length ? 12 + pictureWidest(yTicks) : 8, width - 16];
  if (picture.x.hidden && picture.y.hidden) [left, right] = [0, width];
  [left, right] = pictureEdges(picture.x, left, right, width);
  if (square) {
    const [across, up] = [picture.x, picture.y].map(({ domain: [low, high] }) => high - low);
    const unit = Math.min((right - left) / across, Math.max(tall, TALLEST_SQUARE) / up);
    [right, tall] = [left + unit * across, unit * up];
    yTicks = pictureTicks(picture.y, tall, false);
  }
  const bottom = top + tall;
  const xTicks = pictureTicks(picture.x, right - left, true);
  const tilted = pictureTilted(picture.x, xTicks, right - left);
  const lines = Math.max(1, ...xTicks.map(({ text }) => text.split("\n").length));
  const height = bottom + below + (tilted ? 0.6 * pictureWidest(xTicks) : 16 * (lines - 1));
  const x = pictureScale(picture.x, left, right);
  const y = pictureScale(picture.y, bottom, top);
  return { picture, width, height, left, right, top, bottom, xTicks, yTicks, tilted, x, y };
}

// Moved in where the outermost x ticks would stick out of the picture.
function pictureEdges(axis, left, right, width) {
  const ticks = pictureTicks(axis, right - left, true);
  if (!ticks.length) return [left, right];
  const place = pictureScale(axis, 0, right - left);
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (pictureTilted(axis, ticks, right - left)) return [Math.max(left, 4 + 0.82 * pictureTextWidth(first.text) - place(first.value)), right];
  return [left, Math.min(right, width - pictureTextWidth(last.text) / 2 + (right - left) - place(last.value))];
}

function pictureTilted({ categories }, ticks, pixels) {
  return categories.length > 0 && !pictureFit(ticks, pixels / categories.length);
}

function pictureScale({ domain, scale }, from, to) {
  const f = scale === "log" ? Math.log : Number;
  const [low, high] = domain.map(f);
  return (value) => from + ((f(value) - low) / (high - low)) * (to - from);
}

// The value that stands at a pixel.
function pictureValue({ domain, scale }, from, to, pixel) {
  const [low, high] = scale === "log" ? domain.map(Math.log) : domain;
  const value = low + ((pixel - from) / (to - from)) * (high - low);
  return scale === "log" ? Math.exp(value) : value;
}

function pictureTextWidth(text) {
  return 7.8 * Math.max(...text.split("\n").map((line) => line.length));
}

function pictureWidest(ticks) {
  return Math.max(...ticks.map(({ text }) => pictureTextWidth(text)));
}

// The ticks of an axis that has `pixels`: of those that Python sent, from dense to sparse, the first that stand apart.
function pictureTicks(axis, pixels, horizontal) {
  if (axis.hidden) return [];
  if (axis.categories.length) return pictureCategories(axis.categories, pixels, horizontal);
  const place = pictureScale(axis, 0, pixels);
  const apart = (ticks) =>
    ticks.slice(1).every(({ value, text }, i) => {
      const needed = horizontal ? (pictureTextWidth(text) + pictureTextWidth(ticks[i].text)) / 2 + 16 : 36;
      return place(value) - place(ticks[i].value) >= needed;
    });
  const attempts = axis.ticks.map(({ values, texts }) => values.map((value, i) => ({ value, text: texts[i] })));
  return attempts.find(apart) ?? attempts.at(-1);
}

// Names side by side; where they do not fit, a word a line; where that does not fit either, tilted.
function pictureCategories(names, pixels, horizontal) {
  const slot = pixels / names.length;
  const plain = names.map((text, value) => ({ text, value }));
  const wrapped = names.map((text, value) => ({ text: text.replaceAll(" ", "\n"), value }));
  const ticks = horizontal && !pictureFit(plain, slot) && pictureFit(wrapped, slot) ? wrapped : plain;
  const every = Math.ceil(18 / slot);
  return ticks.filter(({ value }) => value % every === 0);
}

function pictureFit(ticks, slot) {
  return pictureWidest(ticks) <= slot - 4;
}

function pictureInside({ domain }, value) {
  return typeof value === "number" && domain[0] <= value && value <= domain[1];
}

// A rule, a text or an arrow that does not stand within the domains is not drawn.
function pictureOn(mark, picture) {
  if (mark.kind === "arrow") return pictureArrows(mark, picture).length > 0;
  if (mark.kind !== "rule" && mark.kind !== "text") return true;
  return ["x", "y"].every((axis) => mark[axis] === undefined || pictureInside(picture[axis], mark[axis]));
}

// The arrows that stand within the domains, each with its number.
function pictureArrows({ x0, y0, x1, y1 }, picture) {
  const all = x0.map((_, item) => ({ item, x0: x0[item], y0: y0[item], x1: x1[item], y1: y1[item] }));
  const inside = (axis, value) => pictureInside(picture[axis], value);
  return all.filter((one) => inside("x", one.x0) && inside("x", one.x1) && inside("y", one.y0) && inside("y", one.y1));
}

const [WORD_SIZE, LARGE_SIZE] = [13, 24]; // of type, in pixels
const BESIDE = 14; // pixels between a point, which a handle may cover, and the words beside it

// All words on the picture, in pixels. A text stays where it belongs, or goes; a label takes the first place that is
// free, of lines too if there is one.
function pictureWords(marks, frame) {
  const words = [];
  const free = (word, lines) => ![...words.map(pictureBox), ...lines].some((box) => pictureOverlap(box, pictureBox(word)));
  for (const mark of marks) {
    if (mark.kind !== "text") continue;
    const word = mark.beside ? pictureBeside(mark, frame) : pictureAbove(mark, frame);
    if (free(word, [])) words.push(word);
  }
  words.push(...marks.flatMap((mark) => (mark.captions ? pictureCaptions(mark, frame) : [])));
  words.push(...marks.filter(({ kind, label }) => kind === "arrow" && label).map((arrow) => pictureTail(arrow, frame)));
  const rules = marks.filter(({ kind }) => kind === "rule");
  const lines = rules.map((rule) => pictureRuleBox(rule, frame));
  for (const rule of rules.filter(({ label }) => label)) {
    const places = rule.x === undefined ? pictureLevelPlaces(rule, frame) : pictureUprightPlaces(rule, frame);
    words.push(places.find((word) => free(word, lines)) ?? places.find((word) => free(word, [])) ?? places[0]);
  }
  return words;
}

function pictureAbove({ x, y, text, color, large }, frame) {
  const size = large ? LARGE_SIZE : WORD_SIZE;
  return picturePulledIn({ x: frame.x(x), y: frame.y(y) - (11 * size) / WORD_SIZE, size, text, color, anchor: "middle" }, frame);
}

// Above its point and right of it, or left where there is no room.
function pictureBeside({ x, y, text, color }, frame) {
  const right = { x: frame.x(x) + BESIDE, y: frame.y(y) - 11, text, color, anchor: "start" };
  return pictureSticksOut(right, frame) ? { ...right, x: frame.x(x) - BESIDE, anchor: "end" } : right;
}

function pictureBox({ x, y, text, anchor, size = WORD_SIZE }) {
  const width = (pictureTextWidth(text) * size) / WORD_SIZE;
  const half = (9 * size) / WORD_SIZE;
  const left = x - width * { start: 0, middle: 0.5, end: 1 }[anchor];
  return { left, right: left + width, top: y - half, bottom: y + half };
}

function pictureRuleBox({ x: atX, y: atY }, { left, right, top, bottom, x, y }) {
  if (atX === undefined) return { left, right, top: y(atY) - 2, bottom: y(atY) + 2 };
  return { left: x(atX) - 2, right: x(atX) + 2, top, bottom };
}

function pictureOverlap(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// Near the top of an upright rule, on its right and on its left.
function pictureUprightPlaces({ x: atX, label: text, color }, frame) {
  const x = frame.x(atX);
  const places = [0, 1, 2, 3].flatMap((line) => {
    const y = frame.top + 10 + 18 * line;
    return [{ x: x + 7, y, text, color, anchor: "start" }, { x: x - 7, y, text, color, anchor: "end" }];
  });
  const whole = places.filter((place) => pictureSticksOut(place, frame) === 0);
  return whole.length ? whole : places;
}

// Above and below the right end of a level rule, then its left end; the reader's guess begins on the left.
function pictureLevelPlaces({ y: atY, label: text, color }, { left, right, y }) {
  const ends = [{ x: right, anchor: "end" }, { x: left + 4, anchor: "start" }];
  if (color === "guess") ends.reverse();
  return ends.flatMap((end) => [-11, 11].map((down) => ({ ...end, y: y(atY) + down, text, color })));
}

// Behind the tail of the first arrow, or above or below it where there is no room behind it.
function pictureTail(mark, frame) {
  const { label: text, color } = mark;
  const [{ x0, y0, x1, y1 }] = pictureArrows(mark, frame.picture);
  const [x, y] = [frame.x(x0), frame.y(y0)];
  const [across, down] = [frame.x(x1) - x, frame.y(y1) - y];
  const behind = { x: x + (across > 0 ? -6 : 6), y, text, color, anchor: across > 0 ? "end" : "start" };
  if (Math.abs(down) < Math.abs(across) && pictureSticksOut(behind, frame) === 0) return behind;
  return picturePulledIn({ ...behind, x, y: y + (down > 0 ? -11 : 11), anchor: "middle" }, frame);
}

// How far the words reach over the right edge of the picture, or, negative, over the left one.
function pictureSticksOut(word, { width }) {
  const { left, right } = pictureBox(word);
  return Math.max(0, right - width) + Math.min(0, left);
}

function picturePulledIn(word, frame) {
  return { ...word, x: word.x - pictureSticksOut(word, frame) };
}

const [TILE_GAP, TILE_CAPTION] = [6, 18]; // pixels between tiles, and of the line under one

// The box that a table fills, in pixels.
function pictureTableBox({ x0, x1, y0, y1 }, { x, y }) {
  return { left: x(x0), top: y(y1), width: x(x1) - x(x0), height: y(y0) - y(y1) };
}

// Where each table of a mark stands: in as many columns as make them largest, and their captions readable.
function pictureTiles(mark, frame) {
  const [items, rows, columns] = mark.table.shape;
  const box = pictureTableBox(mark, frame);
  if (!mark.tiles && !mark.square) return [box];
  const captions = mark.captions ?? [];
  const caption = captions.length ? TILE_CAPTION : 0;
  const slot = (across) => {
    const down = Math.ceil(items / across);
    return [(box.width - TILE_GAP * (across - 1)) / across, (box.height - TILE_GAP * (down - 1)) / down];
  };
  const side = (across) => Math.min(slot(across)[0] / columns, (slot(across)[1] - caption) / rows);
  const widest = Math.max(0, ...captions.map(pictureTextWidth));
  const readable = Array.from({ length: items }, (_, i) => i + 1).filter((across) => slot(across)[0] >= widest);
  const across = readable.reduce((best, one) => (side(one) > side(best) ? one : best), readable[0] ?? 1);
  const [[wide, high], cell] = [slot(across), side(across)];
  return Array.from({ length: items }, (_, i) => ({
    left: box.left + (i % across) * (wide + TILE_GAP) + (wide - cell * columns) / 2,
    top: box.top + Math.floor(i / across) * (high + TILE_GAP) + (high - caption - cell * rows) / 2,
    width: cell * columns,
    height: cell * rows,
  }));
}

function pictureCaptions(mark, frame) {
  return pictureTiles(mark, frame).map(({ left, top, width, height }, i) => {
    return { x: left + width / 2, y: top + height + 8, text: mark.captions[i], color: "ink", anchor: "middle" };
  });
}

// How much smaller dots are drawn so that most do not merge: at least 0.4 of their size.
function pictureDotScale(xs, ys) {
  const places = xs.map((x, i) => [x, ys[i]]).filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (places.length < 2) return 1;
  const nearest = places.map(([x, y], i) => {
    let least = Infinity;
    for (let k = 0; k < places.length; k += 1) {
      if (k !== i) least = Math.min(least, (x - places[k][0]) ** 2 + (y - places[k][1]) ** 2);
    }
    return least;
  });
  const middle = nearest.sort((a, b) => a - b)[(places.length - 1) >> 1];
  return Math.max(0.4, Math.min(1, Math.sqrt(middle) / 9));
}
