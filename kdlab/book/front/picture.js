// A Picture or a Sheet (kdlab/explore/picture.py) as SVG, with its legend. On paper kdlab/explore/draw.py draws the same.

// `guess` is the reader's own: {axis, value, label}, or marks as in a picture; `ghost` is an earlier picture, drawn faintly
// below; `label` names the picture, `describedBy` is the id of its sentence. The element that is returned can be asked
// `at(clientX, clientY)`: which values stand there, and in which panel of a sheet.
function drawPicture(picture, { width = 640, guess = null, ghost = null, label, describedBy } = {}) {
  const guesses = [guess ?? []].flat().map(({ axis, value, ...mark }) => {
    return { ...(axis ? { kind: "rule", [axis]: value } : {}), ...mark, color: "guess" };
  });
  if (picture.panels) return drawSheet(picture, { width, guesses, ghost, label, describedBy });
  const name = label ?? (describedBy ? `${picture.y.label} against ${picture.x.label}` : picture.sentence);
  return drawPanel(picture, { width, guesses, ghost, name, describedBy });
}

function drawPanel(picture, { width, least, like, guesses = [], ghost, name, describedBy }) {
  const marks = [...picture.marks, ...guesses].filter((mark) => pictureOn(mark, picture));
  const frame = pictureFrame(picture, width, least, like);
  const svg = pictureNode("svg", { class: "kd-plot", width, height: px(frame.height), role: "img", "aria-label": name }, [
    ...pictureAxes(frame),
    ...(ghost ? [pictureGhost(ghost, frame)] : []),
    ...marks.flatMap((mark) => pictureMark(mark, frame)),
    ...pictureWords(marks, frame).map(pictureWritten),
    ...marks.flatMap((mark) => pictureTaps(mark, frame)),
  ]);
  if (describedBy) svg.setAttribute("aria-describedby", describedBy);
  const box = document.createElement("div");
  box.className = "kd-picture";
  box.append(...pictureLegend(marks), svg, ...marks.filter(({ kind }) => kind === "passage").map(picturePassage));
  box.at = (clientX, clientY) => {
    const corner = svg.getBoundingClientRect();
    const zoom = corner.width / width || 1;
    const x = pictureValue(picture.x, frame.left, frame.right, (clientX - corner.left) / zoom);
    const y = pictureValue(picture.y, frame.bottom, frame.top, (clientY - corner.top) / zoom);
    return { x, y, panel: 0 };
  };
  return box;
}

const PANELS_APART = 24; // pixels between the pictures of a sheet
const ONE_COLUMN = 520; // on less they stand in one column

// The first column of each picture of a sheet, and how many it takes: the last of a row takes what is left. On a phone each
// takes all, but of pictures without axes two share a row; one that is left over stands first, in the middle. One that is
// alone, and matters, takes all too.
function sheetPlaces(panels, rows, narrow, first) {
  if (!narrow) {
    const columns = Math.max(...rows);
    const places = rows.flatMap((count) => Array.from({ length: count }, (_, k) => [k + 1, k + 1 === count ? columns - k : 1]));
    return { columns, places };
  }
  const bare = panels.map(({ x, y }) => Boolean(x.hidden && y.hidden));
  const places = bare.map((is, i) => {
    if (!is) return [1, 4];
    const start = bare.lastIndexOf(false, i) + 1;
    const end = bare.includes(false, i) ? bare.indexOf(false, i) : bare.length;
    if (end - start === 1 && i === first) return [1, 4];
    const odd = (end - start) % 2;
    return odd && i === start ? [2, 2] : [(i - start - odd) % 2 ? 3 : 1, 2];
  });
  return { columns: 4, places };
}

const ONE_ROW = 280; // pixels: the least height of pictures in the only row of a sheet

// How high the pictures of the only row are: as the highest of those whose units are equally long.
function rowHeight(panels, width) {
  const square = panels.filter(({ x, y }) => x.square || y.square);
  return Math.max(ONE_ROW, ...square.map((panel) => pictureFrame(panel, width, 0).height));
}

function drawSheet({ panels, rows, first, sentence }, { width, guesses, ghost, label, describedBy }) {
  const narrow = width < ONE_COLUMN;
  const { columns, places } = sheetPlaces(panels, rows, narrow, first);
  const apart = narrow ? PANELS_APART / 2 : PANELS_APART;
  const across = (span) => Math.floor(((width + apart) / columns) * span - apart);
  const box = document.createElement("div");
  box.className = narrow ? "kd-sheet kd-column" : "kd-sheet";
  box.style.columnGap = `${apart}px`;
  box.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label ?? sentence);
  if (describedBy) box.setAttribute("aria-describedby", describedBy);
  const least = narrow || rows.length > 1 ? 0 : rowHeight(panels, across(1));
  const drawn = panels.map((panel, i) => {
    const own = guesses.filter((mark) => (mark.panel ?? first) === i);
    const wide = across(places[i][1]);
    // side by side, one that takes several columns is as high as one half as wide
    const size = narrow ? { width: wide, least: places[i][1] === columns ? 260 : 0 } : { width: wide, like: places[i][1] > 1 ? wide / 2 : wide, least };
    return drawPanel(panel, { ...size, guesses: own, ghost: ghost?.panels[i], name: panel.sentence });
  });
  drawn.forEach((picture, i) => {
    const title = Object.assign(document.createElement("p"), { className: "kd-title", textContent: panels[i].sentence });
    title.setAttribute("aria-hidden", "true"); // the name of its picture
    const panel = document.createElement("div");
    const [column, span] = places[i];
    panel.className = narrow && i === first && span === columns ? "kd-panel kd-first" : "kd-panel";
    panel.style.gridColumn = `${column} / span ${span}`;
    panel.append(title, picture);
    box.append(panel);
  });
  // in a column it stands last, next to the controls: so it can stay in view while they move it (widget.css)
  box.append(...box.querySelectorAll(".kd-first"));
  const outside = (picture, x, y) => {
    const { left, right, top, bottom } = picture.getBoundingClientRect();
    return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  };
  // a hand that drags keeps to the panel where it began
  box.at = (clientX, clientY, panel) => {
    const far = drawn.map((picture) => outside(picture, clientX, clientY));
    const nearest = panel ?? far.indexOf(Math.min(...far));
    return { ...drawn[nearest].at(clientX, clientY), panel: nearest };
  };
  return box;
}

// The marks of an earlier picture, on the axes of this one.
function pictureGhost(ghost, frame) {
  const marks = ghost.marks.filter((mark) => mark.kind !== "rule" && pictureOn(mark, frame.picture));
  return pictureNode("g", { class: "kd-ghost", opacity: 0.3 }, marks.flatMap((mark) => pictureMark(mark, frame)));
}

function pictureAxes({ picture: { x, y }, xTicks, yTicks, tilted, left, right, top, bottom, height }) {
  const level = (at, stroke) => pictureNode("line", { x1: px(left), x2: px(right), y1: px(at), y2: px(at), stroke });
  const place = { x: pictureScale(x, left, right), y: pictureScale(y, bottom, top) };
  const tick = { fill: "var(--kd-text-grey)" };
  const label = { fill: "var(--kd-ink)" };
  const lines = yTicks.map(({ value }) => level(place.y(value), "var(--kd-grid)"));
  if (y.domain[0] < 0 && y.domain[1] > 0 && !y.categories.length && !y.hidden) lines.push(level(place.y(0), "var(--kd-grey)"));
  const words = [];
  if (!x.hidden) {
    lines.push(level(bottom, "var(--kd-grey)"));
    for (const { value, text } of xTicks) {
      const at = px(place.x(value));
      if (!x.categories.length) lines.push(pictureNode("line", { x1: at, x2: at, y1: px(bottom), y2: px(bottom + 5), stroke: "var(--kd-grey)" }));
      const turned = { transform: `translate(${px(at + 4)},${px(bottom + 12)}) rotate(-35)`, "text-anchor": "end", dy: "0.32em" };
      words.push(tilted ? pictureText(text, { ...tick, ...turned }) : pictureText(text, { ...tick, x: at, y: px(bottom + 19) }));
    }
    words.push(pictureText(x.label, { ...label, class: "kd-label", x: px((left + right) / 2), y: px(height - 7) }));
  }
  if (!y.hidden) {
    for (const { value, text } of yTicks) {
      words.push(pictureText(text, { ...tick, x: px(left - 12), y: px(place.y(value)), dy: "0.32em", "text-anchor": "end" }));
    }
    words.push(pictureText(y.label, { ...label, class: "kd-label", x: 0, y: 12, "text-anchor": "start" }));
  }
  return [pictureNode("g", { class: "kd-axes" }, [...lines, ...words])];
}

function pictureText(text, attributes) {
  const [first, ...more] = text.split("\n");
  const lines = more.map((line, i) => pictureNode("tspan", { x: attributes.x, y: attributes.y + 16 * (i + 1) }, [line]));
  return pictureNode("text", { "text-anchor": "middle", ...attributes }, [first, ...lines]);
}

// Words on the picture, with a seam of paper round them.
function pictureWritten({ x, y, text, color, anchor, size }) {
  const place = { x: px(x), y: px(y), dy: "0.32em", "text-anchor": anchor, class: size === LARGE_SIZE ? "kd-large" : undefined };
  return pictureText(text, { ...place, fill: `var(--kd-text-${color})`, stroke: "var(--kd-paper)", "stroke-width": 4 });
}

function picturePassage({ pieces, color }) {
  const passage = Object.assign(document.createElement("p"), { className: "kd-passage" });
  for (const [text, marked] of pieces) {
    const piece = marked ? Object.assign(document.createElement("mark"), { textContent: text }) : text;
    if (marked) piece.style.background = `color-mix(in srgb, var(--kd-${color}) 20%, transparent)`;
    passage.append(piece);
  }
  return passage;
}

// One entry for each labelled series: its colour and its shape.
function pictureLegend(marks) {
  const kinds = ["bars", "line", "points", "band", "segments", "rects", "heatmap"];
  const entries = marks.filter(({ kind, label }) => label && kinds.includes(kind));
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

function pictureSwatch(mark) {
  const paint = `var(--kd-${mark.color})`;
  const line = () => [pictureNode("path", { d: "M0 7h24", ...pictureStroke(mark, paint) })];
  const opacity = typeof mark.faint === "number" ? 1 - mark.faint : undefined;
  const box = (look) => pictureArea([0.5, 11.5], [1.5, 12.5], look, paint, opacity);
  const shapes = {
    bars: () => box(mark),
    rects: () => box({ hatch: mark.hatch, outline: !mark.filled }),
    line,
    segments: line,
    points: () => [pictureNode("path", { d: pictureShapes[mark.shape ?? "dot"], transform: "translate(6,7)", ...pictureDotLook(mark, paint) })],
    band: () => [pictureNode("path", { d: "M.5 1.5h23v11H.5Z", fill: paint, "fill-opacity": 0.2, stroke: paint })],
    heatmap: () => pictureKey(mark).map((fill, i, all) => pictureNode("rect", { x: (24 / all.length) * i, y: 1, width: 24 / all.length, height: 12, fill })),
  };
  const width = ["bars", "points", "rects"].includes(mark.kind) ? 12 : 24;
  return pictureNode("svg", { width, height: 14, "aria-hidden": "true" }, shapes[mark.kind]());
}

// The colours of a heat map from low to high, or of its classes.
function pictureKey({ scheme, color, colors, table }) {
  const shade = (name, share) => `color-mix(in srgb, var(--kd-${name}) ${100 * share}%, var(--kd-paper))`;
  const steps = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  if (scheme === "one") return steps.map((i) => shade(color, i / 8));
  if (scheme === "two") return steps.map((i) => shade(colors[i < 4 ? 0 : 1], Math.abs(i - 4) / 4));
  const count = scheme === "mix" ? table.shape[3] : Math.max(...pictureBytes(table));
  return colors.slice(0, count).map((name) => `var(--kd-${name})`);
}

// Between two pictures of the same shape, `progress` of the way: what is a number in both moves, all else is as in `to`.
function morph(from, to, progress) {
  const between = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a + (b - a) * progress;
    if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) return b.map((item, i) => between(a[i], item));
    if (a && b && typeof a === "object" && typeof b === "object" && !Array.isArray(b)) {
      return Object.fromEntries(Object.entries(b).map(([key, value]) => [key, between(a[key], value)]));
    }
    return b;
  };
  if (to.panels) return { ...to, panels: to.panels.map((panel, i) => (from.panels?.[i] ? morph(from.panels[i], panel, progress) : panel)) };
  if (from.marks?.length !== to.marks.length || to.marks.some(({ kind }, i) => kind !== from.marks[i].kind)) return to;
  return { ...to, marks: to.marks.map((mark, i) => between(from.marks[i], mark)) };
}

// Call `draw` with each picture on the way from one to the other; at once with the last one where they are of another shape
// and for readers who want no movement. The function that is returned ends it there.
function movePicture(from, to, draw, milliseconds = 250) {
  let frame = 0;
  if (morph(from, to, 0) === to || matchMedia("(prefers-reduced-motion: reduce)").matches) draw(to);
  else {
    const start = performance.now();
    const step = (now) => {
      const progress = Math.min(1, Math.max(0, now - start) / milliseconds);
      draw(progress < 1 ? morph(from, to, progress * (2 - progress)) : to);
      if (progress < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  }
  return () => cancelAnimationFrame(frame);
}
