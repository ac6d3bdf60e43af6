// The reader's pencil: a guess that is drawn into the picture while it is asked for, and stays there beside the truth.
//
// A tool is {kind, question, value}: what is drawn, and the guess so far, null until something was drawn. One that is
// `told` has what is right beside it. It is made of
// grips, {label, axis, at, put}, which pointer and arrow keys move; the cells of a Mark are pressed instead.

const KEY_STEP = 0.02; // of an axis

class Pencil {
  constructor(widget) {
    this.widget = widget;
    this.tool = null;
    this.kept = null; // {question, guess}
    this.svg = pictureNode("svg", { "aria-hidden": true });
    this.legend = element("div", { className: "kd-pencil-legend" }); // whose each line is, under the picture
    this.layer = element("div", { className: "kd-pencil" });
    this.layer.append(this.svg);
    this.layer.addEventListener("pointerdown", (event) => this.down(event));
    this.layer.addEventListener("pointermove", (event) => this.from && this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.layer.addEventListener(end, () => (this.from = null));
  }

  // Take up a tool, or with null put it away.
  edit(tool) {
    this.tool = tool;
    this.from = null;
    this.grips?.forEach(({ node }) => node.remove());
    this.grips = null;
    this.layer.dataset.editing = tool ? tool.kind : "";
    if (this.drawing) this.update(this.picture, this.drawing);
  }

  keep(kept) {
    const ruled = this.rule();
    this.kept = kept;
    if (ruled || this.rule()) this.widget.redraw(true);
    else if (this.drawing) this.render();
  }

  // The rule of an estimate, which the picture draws among its own.
  rule() {
    const { question, guess } = this.kept ?? {};
    if (question?.kind !== "estimate" || question.mark === "none" || guess === null) return null;
    return { axis: question.mark, value: guess, label: "your guess" };
  }

  // The picture was drawn anew.
  update(picture, drawing) {
    Object.assign(this, { picture, drawing });
    if (this.tool && !this.grips) this.takeUp();
    this.render();
  }

  takeUp() {
    const { tool } = this;
    const panel = this.panel(tool.question);
    this.grips = tool.kind === "mark" ? this.cells(tool) : pencilGrips[tool.kind](tool, panel);
    const group = tool.question.question;
    this.grips.forEach((grip, i) => {
      const cell = tool.kind === "mark";
      grip.node = element(cell ? "button" : "div", { className: cell ? "kd-pencil-cell" : "kd-pencil-grip", tabIndex: i === 0 ? 0 : -1 });
      if (cell) grip.node.type = "button";
      else grip.node.setAttribute("role", "slider");
      grip.node.setAttribute("aria-label", `${grip.label}. ${group}`);
      grip.node.addEventListener("keydown", (event) => this.key(event, grip));
      grip.node.addEventListener("focus", () => this.grips.forEach((other) => (other.node.tabIndex = other === grip ? 0 : -1)));
      this.layer.append(grip.node);
    });
  }

  panel(question) {
    return (this.picture.panels ?? [this.picture])[this.place(question)];
  }

  // On a sheet a guess that names no picture belongs to the one that matters.
  place({ panel }) {
    return panel ?? this.picture.first ?? 0;
  }

  // In pixels of the layer.
  at(question, [x, y]) {
    const [left, top] = onScreen(x, y, this.panel(question), this.drawing, this.place(question));
    const box = this.layer.getBoundingClientRect();
    return [left - box.left, top - box.top];
  }

  // The value under a pointer, within the axes.
  under(event) {
    const { question } = this.tool;
    const picture = this.panel(question);
    const { x, y } = this.drawing.at(event.clientX, event.clientY, this.place(question));
    return [withinAxis(picture.x, x), withinAxis(picture.y, y)];
  }

  // ---- pointer and keys

  down(event) {
    if (!this.tool || event.button) return;
    event.preventDefault();
    this.layer.setPointerCapture(event.pointerId);
    const to = this.under(event);
    this.from = to;
    if (this.tool.kind === "mark") {
      const cell = this.cellUnder(event);
      this.painting = cell ? !cell.on() : true;
      return this.paint(cell);
    }
    const [px, py] = this.at(this.tool.question, to);
    const distance = (grip) => {
      const [x, y] = this.at(this.tool.question, grip.at());
      return Math.hypot(grip.axis === "y" && this.tool.kind !== "curve" ? 0 : x - px, grip.axis === "both" || (grip.axis === "y" && this.tool.kind !== "curve") ? y - py : 0);
    };
    this.held = this.grips.reduce((best, grip) => (distance(grip) < distance(best) ? grip : best));
    this.held.node.focus({ preventScroll: true });
    this.held.put(to);
    this.render();
  }

  move(event) {
    if (this.tool.kind === "mark") return this.paint(this.cellUnder(event));
    const to = this.under(event);
    if (this.tool.kind === "curve") this.stroke(this.from, to);
    else this.held.put(to);
    this.from = to;
    this.render();
  }

  // A stroke sets every grip that it passes.
  stroke([x0, y0], [x1, y1]) {
    const part = pictureScale(this.panel(this.tool.question).x, 0, 1);
    const [a, b] = [part(x0), part(x1)];
    const reach = 0.5 / this.grips.length;
    for (const grip of this.grips) {
      const p = part(grip.at()[0]);
      if (p >= Math.min(a, b) && p <= Math.max(a, b) && a !== b) grip.put([x0, y0 + ((p - a) / (b - a)) * (y1 - y0)]);
      else if (Math.abs(p - b) < reach / 4) grip.put([x1, y1]);
    }
  }

  key(event, grip) {
    const i = this.grips.indexOf(grip);
    const { columns = 1 } = this.tool.question;
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key] ?? 0;
    const go = (step) => this.grips[(i + step + this.grips.length) % this.grips.length].node.focus();
    if (this.tool.kind === "mark" && (event.key === " " || event.key === "Enter")) {
      this.painting = !grip.on();
      this.paint(grip);
    } else if (!across && !up) return;
    else if (this.tool.kind === "mark") go(across - up * columns);
    else if ((grip.axis === "x" && up) || (grip.axis === "y" && across)) go(across || -up);
    else this.nudge(grip, across, up, event.shiftKey ? 5 * KEY_STEP : KEY_STEP);
    event.preventDefault();
  }

  nudge(grip, across, up, step) {
    const picture = this.panel(this.tool.question);
    const [x, y] = grip.at();
    const moved = (axis, value, way) => (way ? withinAxis(axis, pictureValue(axis, 0, 1, pictureScale(axis, 0, 1)(value) + way * step)) : value);
    grip.put([moved(picture.x, x, across), moved(picture.y, y, up)]);
    this.render();
  }

  // ---- the cells of a Mark

  cells(tool) {
    const { rows, columns } = tool.question;
    return Array.from({ length: rows * columns }, (_, cell) => ({
      cell,
      label: `row ${Math.floor(cell / columns) + 1}, column ${(cell % columns) + 1}`,
      on: () => (tool.value ?? []).includes(cell),
    }));
  }

  cellUnder(event) {
    const box = this.layer.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const boxes = this.cellBoxes(this.tool.question);
    return this.grips[boxes.findIndex(({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height)];
  }

  paint(grip) {
    if (!grip) return;
    grip.node.focus({ preventScroll: true });
    const { tool } = this;
    const others = (tool.value ?? []).filter((cell) => cell !== grip.cell);
    const marked = this.painting ? [...others, grip.cell].sort((a, b) => a - b) : others;
    tool.value = marked.length ? marked : null;
    this.render();
  }

  // Where each cell stands, in pixels of the layer.
  cellBoxes(question) {
    const picture = this.panel(question);
    const [x0, x1, y0, y1] = question.box ?? [...picture.x.domain, ...picture.y.domain];
    const [left, top] = this.at(question, [x0, y1]);
    const [right, bottom] = this.at(question, [x1, y0]);
    const [width, height] = [(right - left) / question.columns, (bottom - top) / question.rows];
    return Array.from({ length: question.rows * question.columns }, (_, cell) => ({
      left: left + (cell % question.columns) * width,
      top: top + Math.floor(cell / question.columns) * height,
      width,
      height,
    }));
  }

  // ---- drawing

  drawn(question, guess, look) {
    const marks = guess && pencilMarks[question.kind];
    if (!marks || question.control) return [];
    this.svg.append(...marks(question, guess, look, this));
    return [look === "kd-truth-mark" ? { kind: "line", label: "the answer", color: "ink" } : { kind: "line", label: "your guess", color: "guess", dashed: true }];
  }

  render() {
    this.svg.replaceChildren();
    const { tool } = this;
    const shown = tool ? { ...tool, guess: tool.value ?? tool.draft } : this.kept;
    const series = [];
    if (shown) {
      const { question, guess, told } = shown;
      if (told) series.push(...truths(question).flatMap((truth) => this.drawn(question, truth, "kd-truth-mark")).slice(0, 1));
      series.push(...this.drawn(question, guess, tool && tool.value === null ? "kd-draft" : ""));
    }
    this.legend.replaceChildren(...pictureLegend(series));
    if (!tool || !this.grips) return;
    if (tool.kind === "mark") {
      const boxes = this.cellBoxes(tool.question);
      for (const grip of this.grips) {
        Object.assign(grip.node.style, Object.fromEntries(Object.entries(boxes[grip.cell]).map(([name, value]) => [name, `${value}px`])));
        grip.node.setAttribute("aria-pressed", String(grip.on()));
      }
      return;
    }
    for (const grip of this.grips) {
      const [x, y] = this.at(tool.question, grip.at());
      Object.assign(grip.node.style, { left: `${x}px`, top: `${y}px` });
      grip.node.dataset.axis = grip.axis;
      const [a, b] = grip.at().map((value) => shortly(value));
      grip.node.setAttribute("aria-valuetext", { x: a, y: b, both: `x ${a}, y ${b}` }[grip.axis]);
      grip.node.setAttribute("aria-valuenow", String(grip.at()[grip.axis === "y" ? 1 : 0]));
    }
  }
}

// What is right, as it would have been drawn: both ends where a range is.
function truths({ kind, answer }) {
  return kind === "curve" && Array.isArray(answer[0]) ? answer : [answer];
}

function withinAxis({ domain: [low, high] }, value) {
  return Number(Math.min(high, Math.max(low, value)).toPrecision(4));
}

function axisMiddle(axis, part = 0.5) {
  return withinAxis(axis, pictureValue(axis, 0, 1, part));
}

// What is moved. Until something was, the draft stands in the middle.
const pencilGrips = {
  estimate: (tool, picture) => {
    const { mark } = tool.question;
    const middle = { x: axisMiddle(picture.x), y: axisMiddle(picture.y) };
    const at = () => (mark === "x" ? [tool.get() ?? middle.x, middle.y] : [middle.x, tool.get() ?? middle.y]);
    const { low, high } = tool.question;
    const put = (to) => tool.put(Math.min(high, Math.max(low, to[mark === "x" ? 0 : 1])));
    return [{ label: "your guess", axis: mark, at, put }];
  },
  curve: (tool, picture) => {
    tool.draft ??= tool.question.x.map(() => axisMiddle(picture.y));
    return tool.question.x.map((x, i) => ({
      label: `at ${shortly(x)}`,
      axis: "y",
      at: () => [x, tool.draft[i]],
      put: ([, y]) => {
        tool.draft[i] = withinAxis(picture.y, y);
        tool.value = [...tool.draft];
      },
    }));
  },
  place: (tool, picture) => {
    const { answer, axis } = tool.question;
    const part = (i) => (i + 1) / (answer.length + 1);
    tool.draft ??= answer.map((_, i) => (axis ? axisMiddle(picture[axis], part(i)) : [axisMiddle(picture.x, part(i)), axisMiddle(picture.y)]));
    const middle = { x: axisMiddle(picture.x), y: axisMiddle(picture.y) };
    return answer.map((_, i) => ({
      label: `${axis ? "line" : "point"} ${i + 1} of ${answer.length}`,
      axis: axis ?? "both",
      at: () => (axis === "x" ? [tool.draft[i], middle.y] : axis === "y" ? [middle.x, tool.draft[i]] : tool.draft[i]),
      put: (to) => {
        tool.draft[i] = axis ? to[axis === "x" ? 0 : 1] : to;
        tool.value = [...tool.draft];
      },
    }));
  },
};

// How a guess, a draft or what is right is drawn; `look` is the class that tells them apart.
const pencilMarks = {
  curve: (question, guess, look, pencil) => {
    const points = question.x.map((x, i) => pencil.at(question, [x, guess[i]]));
    return [pencilLine(points, look)];
  },
  place: (question, guess, look, pencil) => {
    const picture = pencil.panel(question);
    const ends = (cut) => (question.axis === "x" ? [...picture.y.domain].reverse().map((y) => [cut, y]) : [...picture.x.domain].reverse().map((x) => [x, cut]));
    return guess.flatMap((place) => {
      if (question.axis) {
        const line = ends(place).map((end) => pencil.at(question, end));
        return [pencilLine(line, look)];
      }
      const [x, y] = pencil.at(question, place);
      return [pictureNode("circle", { cx: x, cy: y, r: 9, class: `kd-pencil-mark ${look}` })];
    });
  },
  mark: (question, guess, look, pencil) => {
    const boxes = pencil.cellBoxes(question);
    const inset = look === "kd-truth-mark" ? 1 : 4;
    return guess.map((cell) => {
      const { left, top, width, height } = boxes[cell];
      return pictureNode("rect", { x: left + inset, y: top + inset, width: width - 2 * inset, height: height - 2 * inset, class: `kd-pencil-mark ${look}` });
    });
  },
};

function pencilLine(points, look) {
  return pictureNode("path", { d: `M${points.map((point) => point.map((value) => value.toFixed(1)).join(" ")).join("L")}`, class: `kd-pencil-mark ${look}` });
}
