// How the page draws each mark. Matplotlib draws the same ones (kdlab/explore/draw_marks.py).

function pictureNode(name, attributes, children = []) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Pixels, to a thousandth; what is far outside is all the same.
function px(value) {
  return Math.round(Math.max(-1e5, Math.min(1e5, value)) * 1000) / 1000;
}

function pictureMark(mark, frame) {
  const kinds = {
    bars: pictureBars,
    line: pictureLine,
    points: pictureDots,
    band: pictureBand,
    segments: pictureSegments,
    rects: pictureRects,
    rule: pictureRule,
    arrow: pictureArrow,
    image: pictureTable,
    heatmap: pictureTable,
  };
  if (!kinds[mark.kind]) return []; // texts come last, over everything, and passages below
  const opacity = typeof mark.faint === "number" ? 1 - mark.faint : undefined;
  return [pictureNode("g", { "data-mark": mark.kind, opacity }, kinds[mark.kind](mark, frame, `var(--kd-${mark.color})`))];
}

// How opaque one item is, where each has its own.
function pictureOpacity({ faint }, i) {
  return Array.isArray(faint) ? px(1 - faint[i]) : undefined;
}

// Places in pixels, NaN where a value cannot be drawn: null, and on a log axis what is not positive.
function pictureNumbers(values, { scale }, place) {
  return values.map((value) => (value === null || (scale === "log" && value <= 0) ? NaN : place(value)));
}

// Nodes cut off at the edges of the plot area if something sticks out; else a line along an edge keeps its full width.
function pictureClipped(nodes, { left, right, top, bottom }, xs, ys) {
  const out = (values, low, high) => values.some((value) => value < low - 1e-6 || value > high + 1e-6);
  if (!out(xs, left, right) && !out(ys, top, bottom)) return nodes;
  const box = pictureAround({ left, top, width: right - left, height: bottom - top });
  return [pictureNode("svg", { ...box, viewBox: Object.values(box).join(" "), overflow: "hidden" }, nodes)];
}

// A rectangle between two corners: filled, outlined or hatched.
function pictureArea([x0, x1], [y0, y1], { hatch, outline }, color, opacity) {
  if (![x0, x1, y0, y1].every(Number.isFinite)) return [];
  const box = { left: Math.min(x0, x1), top: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
  const place = { ...pictureAround(box), opacity };
  if (!hatch && !outline) return [pictureNode("rect", { ...place, fill: color })];
  const edge = pictureNode("rect", { ...place, fill: hatch ? "var(--kd-paper)" : "none", stroke: color, "stroke-width": 2 });
  return hatch ? [edge, pictureNode("path", { d: pictureHatch([box]), fill: "none", stroke: color, opacity })] : [edge];
}

function pictureBars(mark, frame, color) {
  const { x, height, low, high, base = x.map(() => 0), width, horizontal } = mark;
  const { along, upward, across, up } = pictureDirections(frame, horizontal);
  const sides = [-0.5, 0.5].map((half) => pictureNumbers(x.map((value) => value + half * width), along, across));
  const ends = [base, height].map((values) => pictureNumbers(values, upward, up));
  const [xs, ys] = horizontal ? [ends, sides] : [sides, ends];
  const rects = x.flatMap((_, i) => pictureArea(xs.map((all) => all[i]), ys.map((all) => all[i]), mark, color, pictureOpacity(mark, i)));
  const whiskers = pictureWhiskers(pictureNumbers(x, along, across), low, high, frame, horizontal, "var(--kd-ink)");
  return [...pictureClipped(rects, frame, xs.flat(), ys.flat()), ...whiskers];
}

// The axis along which bars stand and the one along which they grow, and where a value stands on each.
function pictureDirections({ picture, x, y }, horizontal) {
  if (horizontal) return { along: picture.y, upward: picture.x, across: y, up: x };
  return { along: picture.x, upward: picture.y, across: x, up: y };
}

function pictureWhiskers(at, low, high, frame, horizontal, stroke) {
  if (!low) return [];
  const { upward, up } = pictureDirections(frame, horizontal);
  const [from, to] = [low, high].map((values) => pictureNumbers(values, upward, up));
  const d = at.map((place, i) => {
    if (![place, from[i], to[i]].every(Number.isFinite)) return "";
    return horizontal ? `M${px(from[i])},${px(place)}H${px(to[i])}` : `M${px(place)},${px(from[i])}V${px(to[i])}`;
  });
  const halo = { stroke: "var(--kd-paper)", "stroke-width": 5 };
  const lines = d.filter(Boolean).flatMap((path) => [halo, { stroke, "stroke-width": 2 }].map((look) => pictureNode("path", { d: path, ...look })));
  const group = pictureNode("g", { "data-mark": "whiskers" }, lines);
  return pictureClipped([group], frame, ...(horizontal ? [[...from, ...to], []] : [[], [...from, ...to]]));
}

function pictureStroke({ dashed, thin }, stroke) {
  return { fill: "none", stroke, "stroke-width": thin ? 1 : 2.5, "stroke-linejoin": "round", "stroke-dasharray": dashed ? "7 5" : undefined };
}

function pictureLine(mark, frame, stroke) {
  const xs = pictureNumbers(mark.x, frame.picture.x, frame.x);
  const ys = pictureNumbers(mark.y, frame.picture.y, frame.y);
  const path = pictureNode("path", { d: picturePath(xs, ys, mark.step), ...pictureStroke(mark, stroke) });
  return pictureClipped([path], frame, xs, ys);
}

// A line through points, broken where one is missing; in steps it goes across first, then up.
function picturePath(xs, ys, step) {
  let open = false;
  const parts = xs.map((x, i) => {
    const there = Number.isFinite(x) && Number.isFinite(ys[i]);
    const part = !there ? "" : !open ? `M${px(x)},${px(ys[i])}` : step ? `H${px(x)}V${px(ys[i])}` : `L${px(x)},${px(ys[i])}`;
    open = there;
    return part;
  });
  return parts.join("");
}

function pictureSegments(mark, frame, stroke) {
  const { picture } = frame;
  const [x0, x1] = [mark.x0, mark.x1].map((values) => pictureNumbers(values, picture.x, frame.x));
  const [y0, y1] = [mark.y0, mark.y1].map((values) => pictureNumbers(values, picture.y, frame.y));
  const look = { ...pictureStroke(mark, stroke), "stroke-linecap": mark.dashed ? undefined : "round" };
  const lines = x0.map((_, i) => pictureNode("path", { d: picturePath([x0[i], x1[i]], [y0[i], y1[i]]), opacity: pictureOpacity(mark, i), ...look }));
  return pictureClipped(lines, frame, [...x0, ...x1], [...y0, ...y1]);
}

// Around the middle, as Matplotlib has them.
const pictureShapes = {
  circle: "M-4.5,0a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0Z",
  square: "M-4,-4H4V4H-4Z",
  triangle: "M0,-5.5L5.5,5.5H-5.5Z",
  diamond: "M0,-7.425L4.455,0L0,7.425L-4.455,0Z",
  dot: "M-3,0a3,3 0 1 0 6,0a3,3 0 1 0 -6,0Z",
  cross: "M-2.5,-5L0,-2.5L2.5,-5L5,-2.5L2.5,0L5,2.5L2.5,5L0,2.5L-2.5,5L-5,2.5L-2.5,0L-5,-2.5Z",
  down: "M0,5.5L5.5,-5.5H-5.5Z",
  star: "M0,-6.5L1.459,-2.009L6.182,-2.009L2.361,0.767L3.821,5.259L0,2.483L-3.821,5.259L-2.361,0.767L-6.182,-2.009L-1.459,-2.009Z",
};
const pictureRing = "M-8.5,0a8.5,8.5 0 1 0 17,0a8.5,8.5 0 1 0 -17,0Z";

function pictureDotLook({ hollow }, color) {
  return hollow ? { fill: "var(--kd-paper)", stroke: color, "stroke-width": 2 } : { fill: color, stroke: "var(--kd-paper)" };
}

function pictureDots(mark, frame, color) {
  if (mark.raster) return pictureCrowd(mark, frame);
  const { picture } = frame;
  const kept = (axis) => mark[axis].map((value) => (pictureInside(picture[axis], value) ? frame[axis](value) : NaN));
  const [xs, ys] = [kept("x"), kept("y")];
  const look = pictureDotLook(mark, color);
  const scale = px(pictureDotScale(xs, ys));
  const small = scale < 1 ? ` scale(${scale})` : "";
  const ring = { fill: "none", stroke: "var(--kd-ink)", "stroke-width": 1.75, d: pictureRing };
  const dots = xs.flatMap((x, i) => {
    if (Number.isNaN(x) || Number.isNaN(ys[i])) return [];
    const [at, opacity] = [`translate(${px(x)},${px(ys[i])})`, pictureOpacity(mark, i)];
    const dot = pictureNode("path", { d: pictureShapes[mark.shape], transform: at + small, opacity, ...look });
    const ringed = Array.isArray(mark.ring) ? mark.ring[i] : mark.ring;
    return ringed ? [dot, pictureNode("path", { transform: at, opacity, ...ring })] : [dot];
  });
  const upright = pictureWhiskers(xs, mark.low, mark.high, frame, false, color);
  const level = pictureWhiskers(ys, mark.x_low, mark.x_high, frame, true, color);
  return [...upright, ...level, ...dots];
}

function pictureCrowd({ raster, color }, frame) {
  const [rows, columns] = raster.shape;
  const bytes = pictureBytes(raster);
  const box = { left: frame.left, top: frame.top, width: frame.right - frame.left, height: frame.bottom - frame.top };
  return [pictureRaster(box, rows, columns, () => {
    const colors = Uint32Array.from({ length: 256 }, (_, byte) => picturePacked(pictureRgb(color), byte));
    return (cell) => colors[bytes[cell]];
  })];
}

function pictureBand({ x, low, high }, frame, color) {
  const xs = pictureNumbers(x, frame.picture.x, frame.x);
  const [lows, highs] = [low, high].map((values) => pictureNumbers(values, frame.picture.y, frame.y));
  const runs = []; // of points that have both edges
  xs.forEach((place, i) => {
    const there = [place, lows[i], highs[i]].every(Number.isFinite);
    if (there && runs.at(-1)?.at(-1) === i - 1) runs.at(-1).push(i);
    else if (there) runs.push([i]);
  });
  const outline = (run) => {
    const along = run.map((i) => `${px(xs[i])},${px(lows[i])}`);
    const back = run.map((i) => `${px(xs[i])},${px(highs[i])}`).reverse();
    return `M${[...along, ...back].join("L")}Z`;
  };
  const area = { d: runs.map(outline).join(""), fill: color, "fill-opacity": 0.2, stroke: color };
  return pictureClipped([pictureNode("path", area)], frame, xs, [...lows, ...highs]);
}

function pictureRects(mark, frame, color) {
  const { picture } = frame;
  const xs = [mark.x0, mark.x1].map((values) => pictureNumbers(values, picture.x, frame.x));
  const ys = [mark.y0, mark.y1].map((values) => pictureNumbers(values, picture.y, frame.y));
  const look = { hatch: mark.hatch, outline: !mark.filled };
  const rects = mark.x0.flatMap((_, i) => pictureArea(xs.map((all) => all[i]), ys.map((all) => all[i]), look, color, pictureOpacity(mark, i)));
  return pictureClipped(rects, frame, xs.flat(), ys.flat());
}

function pictureRule({ x, y, color, shaded }, frame, stroke) {
  const { left, right, top, bottom } = frame;
  const level = x === undefined;
  const at = px(level ? frame.y(y) : frame.x(x));
  const look = color === "guess" ? { "stroke-width": 2, "stroke-dasharray": "7 5" } : { "stroke-width": 1.5 };
  const ends = level ? { x1: px(left), x2: px(right), y1: at, y2: at } : { x1: at, x2: at, y1: px(bottom), y2: px(top) };
  const line = pictureNode("line", { ...ends, stroke, ...look });
  if (!shaded) return [line];
  const side = level ? (shaded === "below" ? bottom : top) : shaded === "below" ? left : right;
  const [xs, ys] = level ? [[left, right], [at, side]] : [[at, side], [top, bottom]];
  const [shade] = pictureArea(xs, ys, {}, stroke);
  shade.setAttribute("fill-opacity", 0.2);
  return [shade, line];
}

function pictureArrow(mark, frame, stroke) {
  return pictureArrows(mark, frame.picture).map(({ item, x0, y0, x1, y1 }) => {
    const [tail, head] = [[frame.x(x0), frame.y(y0)], [frame.x(x1), frame.y(y1)]];
    const angle = Math.atan2(head[1] - tail[1], head[0] - tail[0]);
    const barb = (turn) => `${px(head[0] - 9.4 * Math.cos(angle + turn))},${px(head[1] - 9.4 * Math.sin(angle + turn))}`;
    const point = head.map(px).join();
    const d = `M${tail.map(px).join()}L${point}M${barb(0.525)}L${point}L${barb(-0.525)}`;
    return pictureNode("path", { d, fill: "none", stroke, "stroke-width": 2, opacity: pictureOpacity(mark, item) });
  });
}

// A box as the attributes of a rectangle, so much larger on every side.
function pictureAround({ left, top, width, height }, out = 0) {
  return { x: px(left - out), y: px(top - out), width: px(width + 2 * out), height: px(height + 2 * out) };
}

function pictureTable(mark, frame, color) {
  const [, rows, columns] = mark.table.shape;
  const bytes = pictureBytes(mark.table);
  const hatch = mark.hatch && pictureBytes(mark.hatch);
  const colors = pictureOnce(() => pictureCells(mark, bytes));
  return pictureTiles(mark, frame).flatMap((box, i) => {
    const start = i * rows * columns;
    const raster = pictureRaster(box, rows, columns, () => {
      const color = colors();
      return (cell) => color(start + cell);
    });
    if (mark.scheme === "mix") raster.firstChild.classList.add("kd-smooth");
    const masked = hatch ? pictureMasked(box, rows, columns, hatch, start) : [];
    const lines = masked.length ? [pictureNode("path", { d: pictureHatch(masked), fill: "none", stroke: "var(--kd-ink)", "stroke-opacity": 0.8 })] : [];
    const framed = mark.frames?.[i];
    const edge = framed ? { stroke: color, "stroke-width": 3 } : mark.kind === "image" ? { stroke: "var(--kd-grey)" } : null;
    const around = pictureAround(box, framed ? 1.5 : 0);
    return [raster, ...lines, ...(edge ? [pictureNode("rect", { ...around, fill: "none", ...edge })] : [])];
  });
}

// What can be tapped: over each item of a mark that sets a choice, an area large enough for a finger.
function pictureTaps(mark, frame) {
  if (!mark.sets) return [];
  return pictureTapAreas(mark, frame).map((area, item) => {
    const [name, place] = area.width ? ["rect", pictureAround(area)] : ["circle", { cx: px(area.x), cy: px(area.y), r: 22 }];
    const look = { class: "kd-tap", fill: "none", "pointer-events": "all" };
    return pictureNode(name, { ...place, ...look, "data-item": item, "data-sets": mark.sets, "data-key": mark.keys[item] });
  });
}

// Of each item the point in its middle, or the box that it fills.
function pictureTapAreas(mark, frame) {
  const point = (x, y) => ({ x: frame.x(x), y: frame.y(y) });
  const box = ([x0, x1], [y0, y1]) => ({ left: Math.min(x0, x1), top: Math.min(y0, y1), width: Math.abs(x1 - x0) || 1, height: Math.abs(y1 - y0) || 1 });
  switch (mark.kind) {
    case "bars": {
      const { across, up } = pictureDirections(frame, mark.horizontal);
      const half = Math.max(22, Math.abs(across(mark.width) - across(0)) / 2);
      return mark.x.map((value, item) => {
        const side = [across(value) - half, across(value) + half];
        const ends = [up(mark.base?.[item] ?? 0), up(mark.height[item] ?? 0)];
        return mark.horizontal ? box(ends, side) : box(side, ends);
      });
    }
    case "rects":
      return mark.x0.map((x0, item) => box([x0, mark.x1[item]].map(frame.x), [mark.y0[item], mark.y1[item]].map(frame.y)));
    case "image":
    case "heatmap":
      return pictureTiles(mark, frame);
    case "segments":
    case "arrow":
      return mark.x1.map((x1, item) => point(x1, mark.y1[item]));
    default:
      return [mark.x].flat().map((x, item) => point(x, [mark.y ?? mark.high].flat()[item]));
  }
}
