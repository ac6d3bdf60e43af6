// One widget: first from its grid, at once; then from the real Python, at the exact value; never a stale picture.

const JUMPS = ["choice", "switch", "ticks"]; // the controls that go from one word to another at once

class Widget {
  constructor(figure, base, runtimes) {
    this.figure = figure;
    this.base = base;
    this.runtimes = runtimes;
    this.spec = JSON.parse(figure.querySelector(".kd-spec").textContent);
    this.picture = this.spec.picture;
    this.grid = null;
    this.own = null; // the reader's own code, once it was run
    this.asked = 0; // how often Python was asked: only the latest answer is shown
    this.build();
    // The grid is unpacked after the first paint: the starting picture needs none.
    this.ready = this.packed().then(unpackGrid).then((grid) => this.live(grid));
    this.ready.catch((error) => this.stale(error.message));
  }

  // Resolve once the widget is half a screen away, or a link leads to it: what is not in the page is brought then.
  near() {
    return new Promise((near) => {
      const watch = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && (watch.disconnect(), near()), { rootMargin: "50%" });
      watch.observe(this.figure);
      this.bringNow = near;
    });
  }

  async packed() {
    if (this.spec.grid) return this.spec.grid;
    this.figure.dataset.state = "far";
    await this.near();
    return bringPack(this.base, this.spec.pack);
  }

  // The place: the picture, what is asked or was answered, what moves it, and what it says; under it what one may want to know.
  build() {
    const { figure, spec } = this;
    const image = figure.querySelector("img.kd-static");
    const still = image.closest("a") ?? image;
    this.sentence = figure.querySelector(".kd-sentence");
    this.sentence.id = `${figure.id}-sentence`;
    this.alt = image.alt;
    this.canvas = element("div", { className: "kd-canvas" });
    this.status = element("p", { className: "kd-status", role: "status" });
    this.spoken = element("p", { className: "kd-spoken" });
    this.spoken.setAttribute("aria-live", "polite");
    this.controlBox = element("div", { className: "kd-controls" });
    this.settingsInPrint = element("p", { className: "kd-in-print" });
    this.verdict = element("div", { className: "kd-verdict", role: "status" });
    this.goal = element("p", { className: "kd-goal", textContent: this.picture.goal ?? "" });
    this.question = element("div", { className: "kd-asked" }, [this.verdict]);
    this.linked = element("p", { className: "kd-linked" });
    const caption = figure.querySelector(".kd-caption");
    const says = element("div", { className: "kd-says" }, [this.goal, this.linked, this.status]);
    const place = (this.place = element("div", { className: "kd-place" }, [this.question, this.canvas, this.controlBox, says]));
    still.replaceWith(place);
    says.prepend(this.sentence);
    says.append(...(caption ? [caption] : []), this.spoken, this.settingsInPrint);
    this.holds = new Holds(this);
    this.questions = new Questions(this);
    this.canvas.append(this.questions.pencil.legend, this.holds.layer, this.questions.pencil.layer);
    this.draw(this.picture);
    new ResizeObserver(() => this.redraw()).observe(this.canvas);
    place.after(this.tools());
  }

  // The runs that came with the page: they play before Python answers.
  async shippedRuns() {
    const { frames, framesPack } = this.spec;
    if (framesPack) await this.near();
    const packed = frames || (framesPack && (await bringPack(this.base, framesPack)));
    if (packed) this.player.ship(await unpackFrames(packed));
  }

  tools() {
    const { figure, spec, base } = this;
    const reset = element("button", { type: "button", textContent: "Reset" });
    reset.addEventListener("click", () => {
      this.stopGliding?.();
      this.controls?.forEach((control, k) => control.set(spec.controls[k].value));
      this.changed();
    });
    this.under = new Under();
    if (!spec.measured) {
      this.code = codePanel(spec, base, {
        run: (source) => this.runOwn(source),
        stop: () => this.stopOwn(),
        restore: () => this.restoreOwn(),
        opened: () => this.runtimes.wanted(),
      });
      this.under.add("Show the code", () => this.code.open(), "kd-code");
    }
    this.under.add("Table", () => numbersTable(this.picture));
    this.under.add("Link", () => linkPanel(stateLink(spec, this.controls)));
    const from = figure.querySelector(".kd-provenance");
    if (from) {
      const [summary, ...content] = from.children;
      from.remove();
      this.under.add(summary.textContent, () => element("div", { className: "kd-provenance" }, content));
    }
    const computed = figure.querySelector(".kd-from");
    const line = toolbar("div", { className: "kd-tools", ariaLabel: "this figure" }, [reset, ...this.under.buttons], computed ? [computed] : []);
    return element("footer", { className: "kd-foot" }, [line, this.under.element]);
  }

  live(grid) {
    this.grid = grid;
    this.controls = this.spec.controls.map((control, k) => makeControl(control, grid.values[k], () => this.changed(true, JUMPS.includes(control.kind)), this));
    this.controlBox.append(...this.controls.map((control) => control.element));
    if (this.spec.stops.length) this.controlBox.prepend(new Tour(this).element);
    if (this.player) this.shippedRuns();
    if (this.spec.measured) this.controls.forEach((control) => control.gridOnly?.());
    if (this.runtimes.widgets.state === "ready") this.refine();
    this.figure.dataset.state = "live";
    this.canvas.addEventListener("click", (event) => this.tapped(event));
    const state = stateInAddress();
    if (state?.name === this.spec.name) this.takeLink(state.fields);
    else {
      this.questions.open();
      this.changed(false);
      this.holds.update(this.picture, this.drawing);
    }
  }

  // Go to the state that a link names; whoever follows it wants to see it, so nothing is asked before.
  takeLink(fields) {
    const unknown = takeState(this.spec, this.controls, fields);
    this.linked.textContent = unknown.length ? `The link also sets what this edition does not know: ${unknown.join(", ")}.` : "";
    this.questions.pass();
    this.changed();
    this.figure.scrollIntoView({ block: "center", behavior: "instant" });
  }

  // While a question is open nothing moves; where the picture would tell the answer, only its axes and legend are seen.
  lock(covered) {
    this.locked = true;
    this.controlBox.hidden = true;
    if (covered) this.figure.dataset.covered = "true";
    this.redraw(true);
  }

  unlock() {
    this.locked = false;
    this.controlBox.hidden = false;
    delete this.figure.dataset.covered;
    this.redraw(true);
  }

  settings() {
    return this.controls.map((control) => control.get());
  }

  // Show the picture of the present settings; `byHand` is false where no reader has moved anything. After a `jump`, from
  // one word to another, the picture moves into the new one.
  changed(byHand = true, jump = false) {
    if (byHand) this.runtimes.touched();
    if (this.questions.holdsBack()) return;
    this.offer();
    if (this.player) return this.player.settingsChanged();
    const state = this.own === null ? gridState(this.grid, this.settings()) : -1;
    const absent = this.grid.reasons.get(state);
    if (state >= 0) {
      this.asked += 1; // an answer still on its way is no longer wanted
      this.wanted = false;
      if (absent) this.stale(absent);
      else if (byHand) this.show(gridPicture(this.grid, state), "grid", jump);
    } else if (this.spec.measured) this.stale("Only measured values can be shown.");
    else this.askPython();
  }

  // Tell each control which of its values have no picture beside the others' present ones.
  offer() {
    if (!this.grid.reasons.size) return;
    const settings = this.settings();
    for (const [k, control] of this.controls.entries())
      control.off?.((value) => this.grid.reasons.get(gridState(this.grid, settings.with(k, value))) ?? "");
  }

  // What is tapped in the picture sets a choice.
  tapped(event) {
    const item = event.target.closest("[data-sets]");
    const k = item ? this.spec.controls.findIndex(({ name }) => name === item.dataset.sets) : -1;
    if (k >= 0 && !this.locked) this.controls[k].put(item.dataset.key);
  }

  // One question at a time; what was asked meanwhile is forgotten, only the newest settings count.
  async askPython() {
    if (this.player) return this.player.renew();
    this.asked += 1;
    this.wanted = true;
    const runtime = this.own === null ? this.runtimes.widgets : this.runtimes.reader;
    if (!this.runtimes.possible) this.stale(this.runtimes.why);
    else if (runtime.state !== "ready") this.stale("Starting Python …");
    if (!this.runtimes.possible || this.busy) return;
    this.busy = true;
    while (this.wanted) {
      this.wanted = false;
      await this.callPython(this.asked);
    }
    this.busy = false;
  }

  async callPython(ticket) {
    const own = this.own !== null;
    const runtime = own ? this.runtimes.reader : this.runtimes.widgets;
    const slow = setTimeout(() => ticket === this.asked && runtime.state === "ready" && this.stale("Python is computing …"), 100);
    this.code.running(own);
    try {
      const answer = await this.call(runtime, "page.answer", [this.spec.name, this.values(), this.own], 10, (words) => ticket === this.asked && this.stale(words));
      if (ticket === this.asked) this.answered(answer);
    } catch (error) {
      if (ticket === this.asked) this.failed(error);
    }
    clearTimeout(slow);
    this.code.running(false);
  }

  // Call a function of kdlab/explore; where arrays of a record are missing there, bring them first.
  async call(runtime, name, args, seconds, progress) {
    const ask = () => runtime.call(`kdlab.explore.${name}`, args, { seconds, progress });
    try {
      return await ask();
    } catch (error) {
      if (error.name !== "NotBrought") throw error;
      await runtime.call("kdlab.explore.page.bring", [await bringPack(this.base, this.spec.data)]);
      return ask();
    }
  }

  // What the button of an Action does, in Python, at the present settings.
  async act(control, seconds) {
    this.runtimes.touched();
    if (!this.runtimes.possible) throw new Error(this.runtimes.why);
    return (await this.call(this.runtimes.widgets, "page.act", [this.spec.name, control, this.values()], seconds)).value;
  }

  // What a placed guess reaches, where guesses are judged by that.
  async reached(question, guess) {
    this.runtimes.touched();
    if (!this.runtimes.possible) throw new Error(this.runtimes.why);
    return (await this.call(this.runtimes.widgets, "running.reached", [this.spec.name, question, guess], 10)).value;
  }

  values() {
    return Object.fromEntries(this.spec.controls.map(({ name }, k) => [name, this.controls[k].get()]));
  }

  answered(answer) {
    this.show(answer.value, "python");
    if (this.own === null) return;
    this.code.failed(null);
    this.code.printed(answer);
  }

  failed(error) {
    const until = error.name === "Unavailable" ? " Until it does, the sliders answer from their grid." : "";
    this.stale(this.own === null ? error.message + until : "The picture is the one before the error.");
    if (this.own === null) return;
    this.code.failed(error);
    this.code.printed(error);
  }

  runOwn(source) {
    this.runtimes.touched();
    this.own = source;
    this.askPython();
  }

  stopOwn() {
    this.runtimes.reader.stop();
  }

  restoreOwn() {
    if (this.busy && this.own !== null) this.stopOwn();
    this.own = null;
    this.changed();
  }

  refine() {
    if (!this.spec.measured) this.controls?.forEach((control) => control.refine?.());
  }

  show(picture, engine, jump = false) {
    const before = this.picture;
    this.picture = picture;
    this.figure.dataset.engine = engine;
    this.status.textContent = "";
    this.stopMoving?.();
    if (jump) this.stopMoving = movePicture(before, picture, (each) => this.draw(each));
    else this.draw(picture);
    this.sentence.textContent = picture.sentence;
    this.goal.textContent = picture.goal ?? "";
    this.settingsInPrint.textContent = this.settingsInWords();
    this.under.refresh();
    if (!this.player?.playing) this.rest();
  }

  // Announced once the picture rests: a live region that changes at every step is noise.
  rest() {
    clearTimeout(this.announcement);
    this.announcement = setTimeout(() => (this.spoken.textContent = this.picture.sentence), 500);
  }

  // The picture no longer fits the settings: say so, and show that it does not.
  stale(reason) {
    this.figure.dataset.engine = "waiting";
    this.status.textContent = reason;
  }

  settingsInWords(without = []) {
    const told = ({ name, label }, k) => (without.includes(name) ? [] : [`${label}: ${(this.controls[k].words ?? this.controls[k].write)()}`]);
    return this.spec.controls.flatMap(told).join("; ");
  }

  redraw(anew = false) {
    const width = Math.round(this.canvas.clientWidth);
    if (width && (anew || width !== this.width)) this.draw(this.picture);
  }

  draw(picture) {
    this.width = Math.round(this.canvas.clientWidth);
    const guess = this.questions.pencil.rule();
    const drawing = drawPicture(picture, { width: this.width || 640, guess, ghost: this.ghost, label: picture.sentence });
    drawing.ariaHidden = this.figure.dataset.covered ? "true" : null;
    this.drawing?.remove();
    this.drawing = drawing;
    this.canvas.prepend(drawing);
    this.canvas.style.setProperty("--kd-above", `${drawing.querySelector(".kd-first")?.offsetTop ?? 0}px`);
    if (this.controls) this.holds.update(picture, drawing);
    this.questions.pencil.update(picture, drawing);
  }
}

// What can be opened under a figure, one at a time, each by its button.
class Under {
  constructor() {
    this.element = element("div", { className: "kd-under", hidden: true });
    this.buttons = [];
    this.fill = null;
  }

  add(name, fill, className = "") {
    const button = element("button", { type: "button", textContent: name, ariaExpanded: "false" });
    button.addEventListener("click", () => {
      const shut = button.ariaExpanded === "true";
      for (const other of this.buttons) other.ariaExpanded = "false";
      button.ariaExpanded = String(!shut);
      this.fill = shut ? null : fill;
      this.element.hidden = shut;
      this.element.className = `kd-under ${className}`;
      this.element.replaceChildren(...(shut ? [] : [fill()]));
    });
    this.buttons.push(button);
  }

  refresh() {
    if (this.fill === null || this.element.matches(".kd-code")) return;
    this.element.replaceChildren(this.fill());
  }
}

function linkPanel(address) {
  const field = element("input", { type: "text", readOnly: true, value: address, ariaLabel: "Link to this state" });
  const copied = element("span", { role: "status" });
  const copy = element("button", { type: "button", textContent: "Copy" });
  copy.addEventListener("click", async () => {
    copied.textContent = (await copyText(address)) ? "Copied." : "Copy it by hand: it is selected.";
    field.select();
  });
  return element("div", { className: "kd-link" }, [field, copy, copied]);
}
