// What is taken hold of in the picture: an item of a mark with `moves` stands for a number of that control (or for a place
// in the plane), and is dragged by pointer and touch, or moved by the arrow keys. Over each lies a handle of 44 pixels, which
// stays while the picture under it is drawn anew. A handle that goes sideways leaves upright swipes to the page.
//
// A control's items() are {label, low, high, get(), put(value), byKeys(number, direction, coarse), sideways, plane}.

class Holds {
  constructor(widget) {
    this.widget = widget;
    this.layer = element("div", { className: "kd-holds" });
    this.holds = new Map();
  }

  // Put a handle over each item of this picture; `drawing` is what drawPicture returned, in its place.
  update(picture, drawing) {
    const corner = this.layer.getBoundingClientRect();
    const found = new Map();
    for (const { panel, mark, item, number } of this.widget.locked ? [] : heldItems(picture)) {
      const k = this.widget.spec.controls.findIndex(({ name }) => name === mark.moves);
      const held = this.widget.controls[k]?.items?.()[number];
      const place = heldPlace(mark, item, panel, drawing);
      const key = `${mark.moves} ${number}`;
      if (held && !found.has(key) && place.every(Number.isFinite)) found.set(key, { held, mark, place, panel });
    }
    // all places are measured before the first handle is put: else each would lay out the page anew
    for (const [key, { held, mark, place, panel }] of found) {
      if (!this.holds.has(key)) this.holds.set(key, new Hold(this, mark.moves));
      this.holds.get(key).place(held, mark, place, panel, drawing, corner);
    }
    for (const [key, hold] of this.holds) {
      if (found.has(key)) continue;
      hold.node.remove();
      this.holds.delete(key);
    }
    for (const name of new Set([...this.holds.values()].map((hold) => hold.control))) this.oneStop(name);
  }

  // The handles of one control are one stop of the tab key.
  oneStop(name, current = null) {
    const all = [...this.holds.values()].filter((hold) => hold.control === name);
    const stop = current ?? all.find(({ node }) => node.tabIndex === 0) ?? all[0];
    for (const hold of all) hold.node.tabIndex = hold === stop ? 0 : -1;
  }

  // To the next handle of the same control, or the one before.
  neighbour(hold, direction) {
    const all = [...this.holds.values()].filter(({ control }) => control === hold.control);
    all[(all.indexOf(hold) + direction + all.length) % all.length].node.focus();
  }
}

class Hold {
  constructor(holds, control) {
    this.holds = holds;
    this.control = control;
    this.node = element("div", { className: "kd-hold", role: "slider", tabIndex: -1 });
    this.node.addEventListener("focus", () => holds.oneStop(control, this));
    this.node.addEventListener("pointerdown", (event) => this.take(event));
    this.node.addEventListener("pointermove", (event) => this.node.hasPointerCapture(event.pointerId) && this.follow(event));
    this.node.addEventListener("keydown", (event) => this.key(event));
    // not every browser keeps to touch-action
    this.node.addEventListener("touchstart", (event) => this.axis !== "x" && event.preventDefault(), { passive: false });
    holds.layer.append(this.node);
  }

  place(held, mark, [x, y], panel, drawing, corner) {
    Object.assign(this, { held, drawing, panel });
    this.axis = heldAxis(held, mark);
    [this.x, this.y] = [x, y];
    this.node.style.left = `${x - corner.left}px`;
    this.node.style.top = `${y - corner.top}px`;
    this.node.dataset.axis = this.axis;
    this.node.dataset.mark = mark.kind;
    this.tell();
  }

  tell() {
    const value = this.held.get();
    const text = this.held.plane ? `x ${shortNumber(value[0])}, y ${shortNumber(value[1])}` : shortNumber(value);
    const aria = { label: this.held.label, valuemin: this.held.low, valuemax: this.held.high, valuenow: this.held.plane ? value[0] : (value ?? this.held.low), valuetext: text };
    for (const [name, given] of Object.entries(aria)) this.node.setAttribute(`aria-${name}`, given);
    this.node.setAttribute("aria-orientation", this.axis === "y" ? "vertical" : "horizontal");
  }

  take(event) {
    if (event.button) return;
    event.preventDefault();
    this.node.focus({ preventScroll: true });
    this.node.setPointerCapture(event.pointerId);
    this.offset = [event.clientX - this.x, event.clientY - this.y];
  }

  follow(event) {
    const { x, y } = this.drawing.at(event.clientX - this.offset[0], event.clientY - this.offset[1], this.panel.place);
    this.put(this.held.plane ? [x, y] : this.axis === "x" ? x : y);
  }

  put(value) {
    const within = (number) => Math.min(this.held.high, Math.max(this.held.low, number));
    this.held.put(this.held.plane ? value.map(within) : within(value));
  }

  key(event) {
    const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const { held } = this;
    if (event.key === "PageDown" || event.key === "PageUp") this.holds.neighbour(this, event.key === "PageDown" ? 1 : -1);
    else if (!across && !up) return;
    else if (held.plane) {
      const [x, y] = held.get();
      this.put(across ? [held.byKeys(x, across, event.shiftKey), y] : [x, held.byKeys(y, up, event.shiftKey)]);
    } else if (this.axis === "x" ? up : across) this.holds.neighbour(this, across ?? -up);
    else this.put(held.byKeys(held.get(), across ?? up, event.shiftKey));
    event.preventDefault();
  }
}

// Every item of every mark that moves a control, in each panel of the picture, and which number of it the item sets: rules
// that move the same control are its numbers in order.
function heldItems(picture) {
  return picturePanels(picture).flatMap((panel) => {
    const rules = {};
    return panel.picture.marks.filter((mark) => mark.moves).flatMap((mark) => {
      if (mark.kind === "rule") return [{ panel, mark, item: 0, number: (rules[mark.moves] = (rules[mark.moves] ?? -1) + 1) }];
      return [mark.x1 ?? mark.x].flat().map((_, item) => ({ panel, mark, item, number: item }));
    });
  });
}

function heldAxis(held, mark) {
  if (held.plane) return "both";
  if (mark.kind === "rule") return mark.x === undefined ? "y" : "x";
  if (mark.kind === "bars") return mark.horizontal ? "x" : "y";
  return held.sideways ? "x" : "y";
}

// Where an item stands on the screen; NaN where it has no place.
function heldPlace(mark, item, { picture, place }, drawing) {
  const value = (column) => [column].flat()[item] ?? NaN;
  const ends = {
    bars: () => (mark.horizontal ? [value(mark.height), value(mark.x)] : [value(mark.x), value(mark.height)]),
    rule: () => [mark.x, mark.y],
    arrow: () => [value(mark.x1), value(mark.y1)],
    segments: () => [value(mark.x1), value(mark.y1)],
    rects: () => [(value(mark.x0) + value(mark.x1)) / 2, (value(mark.y0) + value(mark.y1)) / 2],
  };
  const [x, y] = (ends[mark.kind] ?? (() => [value(mark.x), value(mark.y)]))();
  return onScreen(x ?? picture.x.domain[1], y ?? picture.y.domain[0], picture, drawing, place);
}

// The inverse of drawing.at(): both axes are straight, or straight in the logarithm.
function onScreen(x, y, picture, drawing, place) {
  const box = drawing.getBoundingClientRect();
  const [a, b] = [drawing.at(box.left, box.bottom, place), drawing.at(box.right, box.top, place)];
  const part = (axis, value, low, high) => {
    const f = axis.scale === "log" ? Math.log : Number;
    return (f(value) - f(low)) / (f(high) - f(low));
  };
  return [box.left + part(picture.x, x, a.x, b.x) * box.width, box.bottom - part(picture.y, y, a.y, b.y) * box.height];
}

// The pictures of a sheet, each with its place on it; a picture alone is one.
function picturePanels(picture) {
  return (picture.panels ?? [picture]).map((panel, place) => ({ picture: panel, place }));
}

function shortNumber(value) {
  return value === null ? "none" : String(Number(value.toPrecision(4)));
}
