// A Picture (kdlab/explore/picture.py) as SVG, with a legend. On paper kdlab/explore/draw.py draws the same one;
// layout and places follow the rules of kdlab/explore/layout.py, and tests compare the two.

// `guess` is {axis, value, label}, the reader's own; `label` names the picture, `describedBy` is the id of its sentence.
function drawPicture(picture, { width = 640, guess = null, label, describedBy } = {}) {
  const guessed = guess ? [{ kind: "rule", [guess.axis]: guess.value, label: guess.label, color: "guess" }] : [];
  const marks = [...picture.marks, ...guessed].filter((mark) => pictureOn(mark, picture));
  const frame = pictureFrame(picture, width);
  const svg = kdlabPlot.plot({
    className: "kd-plot",
    width,
    height: frame.height,
    marginLeft: frame.left,
    marginRight: width - frame.right,
    marginTop: frame.top,
    marginBottom: frame.height - frame.bottom,
    x: { type: picture.x.scale, domain: picture.x.domain, axis: null },
    y: { type: picture.y.scale, domain: picture.y.domain, axis: null },
    marks: [...pictureAxes(frame), ...marks.flatMap((mark) => pictureMark(mark, frame)), ...pictureWords(marks, frame)],
  });
  // Plot names groups that have no role, which ARIA forbids.
  for (const group of svg.querySelectorAll("g[aria-label]")) {
    group.dataset.mark = group.getAttribute("aria-label");
    group.removeAttribute("aria-label");
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label ?? (describedBy ? `${picture.y.label} against ${picture.x.label}` : picture.sentence));
  if (describedBy) svg.setAttribute("aria-describedby", describedBy);
  const box = document.createElement("div");
  box.className = "kd-picture";
  box.append(...pictureLegend(marks), svg);
  return box;
}

// The layout in pixels: the edges of the plot area, the ticks, and where a value stands.
function pictureFrame(picture, width) {
  const top = picture.marks.some(({ kind }) => kind === "text") ? 44 : 30;
  const bottom = Math.round(104 + 0.427 * width) - 46; // 4:3 at 320 pixels, 16:9 at 760, higher under long names
  const yTicks = pictureTicks(picture.y, bottom - top, false);
  let [left, right] = [12 + pictureWidest(yTicks), width - 16];
  [left, right] = pictureEdges(picture.x, left, right, width);
  const xTicks = pictureTicks(picture.x, right - left, true);
  const tilted = pictureTilted(picture.x, xTicks, right - left);
  const lines = Math.max(...xTicks.map(({ text }) => text.split("\n").length));
  const height = bottom + 46 + (tilted ? 0.6 * pictureWidest(xTicks) : 16 * (lines - 1));
  const x = pictureScale(picture.x, left, right);
  const y = pictureScale(picture.y, bottom, top);
  return { picture, width, height, left, right, top, bottom, xTicks, yTicks, tilted, x, y };
}

// Moved in where the outermost x ticks would stick out of the picture.
function pictureEdges(axis, left, right, width) {
  const ticks = pictureTicks(axis, right - left, true);
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

function pictureTextWidth(text) {
  return 7.8 * Math.max(...text.split("\n").map((line) => line.length));
}

function pictureWidest(ticks) {
  return Math.max(...ticks.map(({ text }) => pictureTextWidth(text)));
}

// The ticks of an axis that has `pixels`: of those that Python sent, from dense to sparse, the first that stand apart.
function pictureTicks(axis, pixels, horizontal) {
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

function pictureAxes({ picture: { x, y }, xTicks, yTicks, tilted, left, top, bottom, height }) {
  const { text, ruleX, ruleY } = kdlabPlot;
  const at = ({ value }) => value;
  const tick = { text: "text", fill: "var(--kd-text-grey)" };
  const upright = { lineAnchor: "top", dy: 9 };
  const tilt = { rotate: -35, textAnchor: "end", lineAnchor: "middle", dx: 4, dy: 12 };
  const label = { fill: "var(--kd-ink)" };
  const edge = { stroke: "var(--kd-grey)" };
  return [
    ruleY(yTicks, { y: at, stroke: "var(--kd-grid)" }),
    y.domain[0] < 0 && y.domain[1] > 0 && !y.categories.length ? ruleY([0], edge) : null,
    ruleY([y.domain[0]], edge),
    x.categories.length ? null : ruleX(xTicks, { x: at, insetTop: bottom - top, insetBottom: -5, ...edge }),
    text(xTicks, { x: at, frameAnchor: "bottom", ...tick, ...(tilted ? tilt : upright) }),
    text(yTicks, { y: at, frameAnchor: "left", textAnchor: "end", dx: -8, ...tick }),
    text([x.label], { frameAnchor: "bottom", lineAnchor: "bottom", dy: height - bottom - 3, ...label }),
    text([y.label], { frameAnchor: "top-left", textAnchor: "start", lineAnchor: "top", dx: -left, dy: 2 - top, ...label }),
  ];
}

function pictureInside({ domain }, value) {
  return typeof value === "number" && domain[0] <= value && value <= domain[1];
}

// A rule, a text or an arrow that does not stand within the domains is not drawn.
function pictureOn({ kind, x, y, x0, y0, x1, y1 }, picture) {
  if (!["rule", "text", "arrow"].includes(kind)) return true;
  const [xs, ys] = kind === "arrow" ? [[x0, x1], [y0, y1]] : [[x], [y]];
  const inside = (axis, value) => value === undefined || pictureInside(axis, value);
  return xs.every((value) => inside(picture.x, value)) && ys.every((value) => inside(picture.y, value));
}

function pictureMark(mark, frame) {
  const kinds = {
    bars: pictureBars,
    line: pictureLine,
    points: pictureDots,
    band: pictureBand,
    rule: pictureRule,
    arrow: pictureArrow,
    image: pictureImage,
    text: () => [], // texts come last, over everything
  };
  return kinds[mark.kind](mark, frame, `var(--kd-${mark.color})`);
}

// NaN where a value cannot be drawn: null, and on a log axis what is not positive.
function pictureNumbers(axis, values) {
  return values.map((value) => (value === null || (axis.scale === "log" && value <= 0) ? NaN : value));
}

// Whether something sticks out of the plot area; else a line along its edge keeps its full width.
function pictureClip({ domain }, ...columns) {
  return columns.flat().some((value) => value < domain[0] || value > domain[1]);
}

function pictureBars({ x, height, low, high, width }, { picture }, fill) {
  const xs = pictureNumbers(picture.x, x);
  const y2 = pictureNumbers(picture.y, height);
  const x1 = xs.map((value) => value - width / 2);
  const x2 = xs.map((value) => value + width / 2);
  const clip = pictureClip(picture.x, x1, x2) || pictureClip(picture.y, y2, [0]);
  return [kdlabPlot.rect(xs, { x1, x2, y1: 0, y2, fill, clip }), ...pictureWhiskers(xs, low, high, picture.y, "var(--kd-ink)")];
}

function pictureWhiskers(x, low, high, axis, stroke) {
  if (!low) return [];
  const y1 = pictureNumbers(axis, low);
  const y2 = pictureNumbers(axis, high);
  const ends = { x, y1, y2, clip: pictureClip(axis, y1, y2) };
  const halo = { stroke: "var(--kd-paper)", strokeWidth: 5 };
  return [kdlabPlot.ruleX(x, { ...ends, ...halo }), kdlabPlot.ruleX(x, { ...ends, stroke, strokeWidth: 2 })];
}

function pictureLine({ x, y, dashed }, { picture }, stroke) {
  const xs = pictureNumbers(picture.x, x);
  const ys = pictureNumbers(picture.y, y);
  const clip = pictureClip(picture.x, xs) || pictureClip(picture.y, ys);
  const look = { stroke, strokeWidth: 2.5, strokeLinecap: "butt", strokeDasharray: dashed ? "7 5" : undefined };
  return [kdlabPlot.line(xs, { x: xs, y: ys, clip, ...look })];
}

function pictureDots({ x, y, low, high, color }, { picture }, fill) {
  const kept = (axis, values) => pictureNumbers(axis, values).map((value) => (pictureInside(axis, value) ? value : NaN));
  const xs = kept(picture.x, x);
  const look = { ...pictureSymbol(color), fill, stroke: "var(--kd-paper)", strokeWidth: 1 };
  return [...pictureWhiskers(xs, low, high, picture.y, fill), kdlabPlot.dot(xs, { x: xs, y: kept(picture.y, y), ...look })];
}

// A second sign beside the colour.
function pictureSymbol(color) {
  const symbol = { blue: "circle", orange: "square", green: "triangle", purple: "diamond", grey: "circle" }[color];
  return { symbol, r: color === "grey" ? 3 : 4.5 };
}

function pictureBand({ x, low, high }, { picture }, color) {
  const xs = pictureNumbers(picture.x, x);
  const y1 = pictureNumbers(picture.y, low);
  const y2 = pictureNumbers(picture.y, high);
  const clip = pictureClip(picture.x, xs) || pictureClip(picture.y, y1, y2);
  return [kdlabPlot.areaY(xs, { x: xs, y1, y2, clip, fill: color, fillOpacity: 0.2, stroke: color, strokeWidth: 1 })];
}

function pictureRule({ x, y, color }, frame, stroke) {
  const look = color === "guess" ? { stroke, strokeWidth: 2, strokeDasharray: "7 5" } : { stroke, strokeWidth: 1.5 };
  return [x === undefined ? kdlabPlot.ruleY([y], look) : kdlabPlot.ruleX([x], look)];
}

function pictureArrow({ x0, y0, x1, y1 }, frame, stroke) {
  return [kdlabPlot.arrow([0], { x1: [x0], y1: [y0], x2: [x1], y2: [y1], stroke, strokeWidth: 2, headLength: 7 })];
}

function pictureImage({ pixels, x0, x1, y0, y1, square }, { x, y }) {
  const [rows, columns] = [pixels.length, pixels[0].length];
  let [width, height] = [x(x1) - x(x0), y(y0) - y(y1)];
  if (square) {
    const side = Math.min(width / columns, height / rows);
    [width, height] = [side * columns, side * rows];
  }
  const box = { x: (x(x0) + x(x1) - width) / 2, y: (y(y0) + y(y1) - height) / 2, width, height };
  const look = { href: pictureData(pixels), preserveAspectRatio: "none", style: "image-rendering: pixelated" };
  const edge = { fill: "none", stroke: "var(--kd-grey)" };
  return [() => pictureNode("g", {}, [pictureNode("image", { ...box, ...look }), pictureNode("rect", { ...box, ...edge })])];
}

function pictureData(pixels) {
  const canvas = Object.assign(document.createElement("canvas"), { width: pixels[0].length, height: pixels.length });
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const white = pixels.flat().map((dark) => Math.round(255 * (1 - dark)));
  image.data.set(white.flatMap((value) => [value, value, value, 255]));
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function pictureNode(name, attributes, children = []) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// All words on the picture, in pixels. A text stays where it belongs, or goes; a label takes the first place that is
// free, of lines too if there is one.
function pictureWords(marks, frame) {
  const words = [];
  const free = (word, lines) => ![...words.map(pictureBox), ...lines].some((box) => pictureOverlap(box, pictureBox(word)));
  for (const { kind, x, y, text, color } of marks) {
    if (kind !== "text") continue;
    const word = picturePulledIn({ x: frame.x(x), y: frame.y(y) - 11, text, color, anchor: "middle" }, frame);
    if (free(word, [])) words.push(word);
  }
  words.push(...marks.filter(({ kind, label }) => kind === "arrow" && label).map((arrow) => pictureTail(arrow, frame)));
  const rules = marks.filter(({ kind }) => kind === "rule");
  const lines = rules.map((rule) => pictureRuleBox(rule, frame));
  for (const rule of rules.filter(({ label }) => label)) {
    const places = rule.x === undefined ? pictureLevelPlaces(rule, frame) : pictureUprightPlaces(rule, frame);
    words.push(places.find((word) => free(word, lines)) ?? places.find((word) => free(word, [])) ?? places[0]);
  }
  return pictureWritten(words);
}

function pictureWritten(words) {
  const inPixels = (value) => ({ value, scale: null });
  const look = { x: inPixels("x"), y: inPixels("y"), text: "text", stroke: "var(--kd-paper)", strokeWidth: 4 };
  return ["start", "middle", "end"].map((textAnchor) => {
    const group = words.filter(({ anchor }) => anchor === textAnchor);
    const fill = inPixels(group.map(({ color }) => `var(--kd-text-${color})`));
    return group.length ? kdlabPlot.text(group, { ...look, fill, textAnchor }) : null;
  });
}

function pictureBox({ x, y, text, anchor }) {
  const width = pictureTextWidth(text);
  const left = x - width * { start: 0, middle: 0.5, end: 1 }[anchor];
  return { left, right: left + width, top: y - 8, bottom: y + 8 };
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

// Behind the tail of an arrow, or above or below the tail where there is no room behind it.
function pictureTail({ x0, y0, x1, y1, label: text, color }, frame) {
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

// One entry for each labelled series: its colour and its shape.
function pictureLegend(marks) {
  const entries = marks.filter(({ kind, label }) => label && ["bars", "line", "points", "band"].includes(kind));
  if (!entries.length) return [];
  const list = document.createElement("ul");
  list.className = "kd-legend";
  for (const mark of entries) {
    const item = document.createElement("li");
    item.append(pictureSwatch(mark), mark.label);
    list.append(item);
  }
  return [list];
}

function pictureSwatch({ kind, color, dashed }) {
  const paint = `var(--kd-${color})`;
  const points = {
    blue: "M6 2.5a4.5 4.5 0 1 0 .01 0Z",
    orange: "M2 3h8v8H2Z",
    green: "M6 2 11 11H1Z",
    purple: "M6 0 10 7 6 14 2 7Z",
    grey: "M6 4a3 3 0 1 0 .01 0Z",
  };
  const shapes = {
    bars: { d: "M0 1h12v12H0Z", fill: paint },
    line: { d: "M0 7h24", stroke: paint, "stroke-width": 2.5, "stroke-dasharray": dashed ? "7 5" : "none" },
    points: { d: points[color], fill: paint },
    band: { d: "M.5 1.5h23v11H.5Z", fill: paint, "fill-opacity": 0.2, stroke: paint },
  };
  const width = kind === "bars" || kind === "points" ? 12 : 24;
  return pictureNode("svg", { width, height: 14, "aria-hidden": "true" }, [pictureNode("path", shapes[kind])]);
}
