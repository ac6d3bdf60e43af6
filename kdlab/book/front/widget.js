// One widget: first from its grid, at once; then from the real Python, at the exact value; never a stale picture.

class Widget {
  constructor(figure, base, runtimes) {
    this.figure = figure;
    this.base = base;
    this.runtimes = runtimes;
    this.spec = JSON.parse(figure.querySelector(".kd-spec").textContent);
    this.spec.predict = this.spec.questions[0] ?? null;
    this.picture = this.spec.picture;
    this.grid = null;
    this.own = null; // the reader's own code, once it was run
    this.prediction = null;
    this.asked = 0; // how often Python was asked: only the latest answer is shown
    this.build();
    // The grid is unpacked after the first paint: the starting picture needs none.
    this.ready = unpackGrid(this.spec.grid).then((grid) => this.live(grid));
  }

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
    this.verdict = element("p", { className: "kd-verdict", role: "status" });
    still.replaceWith(this.canvas);
    this.canvas.before(this.controlBox);
    this.sentence.after(this.status, this.verdict, this.spoken, this.settingsInPrint);
    this.draw(this.picture);
    new ResizeObserver(() => this.redraw()).observe(this.canvas);
    if (spec.measured) return;
    this.code = codePanel(spec, this.base, {
      run: (source) => this.runOwn(source),
      stop: () => this.stopOwn(),
      restore: () => this.restoreOwn(),
    });
    this.verdict.after(this.code.element);
  }

  live(grid) {
    this.grid = grid;
    this.controls = this.spec.controls.map((control, k) => makeControl(control, grid.values[k], () => this.changed()));
    const reset = element("button", { type: "button", className: "kd-quiet", textContent: "Reset" });
    reset.addEventListener("click", () => {
      this.controls.forEach((control, k) => control.set(this.spec.controls[k].value));
      this.changed();
    });
    this.controlBox.append(...this.controls.map((control) => control.element), element("p", { className: "kd-buttons" }, [reset]));
    if (this.spec.measured) this.controls.forEach((control) => control.gridOnly());
    if (this.runtimes.widgets.state === "ready") this.refine();
    this.ask();
    this.figure.dataset.state = "live";
  }

  ask() {
    const question = this.spec.predict;
    if (!question) return;
    const before = keptGuess(this.spec.name, question);
    if (before) {
      this.reveal(before, false);
      return;
    }
    this.controlBox.hidden = true;
    if (question.covered) this.figure.dataset.covered = "true";
    const form = askFirst(this.spec.name, question, (prediction) => {
      form.remove();
      delete this.figure.dataset.covered;
      this.controlBox.hidden = false;
      const first = this.controlBox.querySelector("input, select");
      first?.focus({ preventScroll: true });
      if (prediction) this.reveal(prediction, true);
      // no further than it takes to see where the focus is
      first?.scrollIntoView({ block: "nearest", behavior: "instant" });
    });
    this.controlBox.before(form);
  }

  // Show the verdict; after a fresh guess also go to where the picture shows the answer.
  reveal(prediction, fresh) {
    this.prediction = prediction;
    this.verdict.textContent = verdict(this.spec.predict, prediction);
    if (fresh) {
      for (const [k, control] of this.spec.controls.entries())
        if (control.name in this.spec.predict.at) this.controls[k].set(this.spec.predict.at[control.name]);
      this.changed();
    } else this.redraw();
  }

  settings() {
    return this.controls.map((control) => control.get());
  }

  changed() {
    this.runtimes.touched();
    const state = this.own === null ? gridState(this.grid, this.settings()) : -1;
    if (state >= 0) {
      this.asked += 1; // an answer still on its way is no longer wanted
      this.wanted = false;
      this.show(gridPicture(this.grid, state), "grid");
    } else if (this.spec.measured) this.stale("Only measured values can be shown.");
    else this.askPython();
  }

  // One question at a time; what was asked meanwhile is forgotten, only the newest settings count.
  async askPython() {
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
    const values = Object.fromEntries(this.spec.controls.map((control, k) => [control.name, this.settings()[k]]));
    const slow = setTimeout(() => ticket === this.asked && runtime.state === "ready" && this.stale("Python is computing …"), 100);
    this.code.running(own);
    try {
      const answer = await runtime.call("kdlab.explore.page.answer", [this.spec.name, values, this.own], { seconds: 10 });
      if (ticket === this.asked) this.answered(answer);
    } catch (error) {
      if (ticket === this.asked) this.failed(error);
    }
    clearTimeout(slow);
    this.code.running(false);
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
    if (!this.spec.measured) this.controls?.forEach((control) => control.refine());
  }

  show(picture, engine) {
    this.picture = picture;
    this.figure.dataset.engine = engine;
    this.status.textContent = "";
    this.draw(picture);
    this.sentence.textContent = picture.sentence;
    this.settingsInPrint.textContent = this.settingsInWords();
    // Announced once the slider rests: a live region that changes at every step is noise.
    clearTimeout(this.announcement);
    this.announcement = setTimeout(() => (this.spoken.textContent = picture.sentence), 500);
  }

  // The picture no longer fits the settings: say so, and show that it does not.
  stale(reason) {
    this.figure.dataset.engine = "waiting";
    this.status.textContent = reason;
  }

  settingsInWords() {
    const words = this.spec.controls.map((control, k) => {
      const value = this.controls[k].get();
      const names = control.names ?? [];
      return `${control.label}: ${names.length ? names.map((name, i) => `${name} ${value[i]}`).join(", ") : value}`;
    });
    return words.join("; ");
  }

  redraw() {
    const width = Math.round(this.canvas.clientWidth);
    if (width && width !== this.width) this.draw(this.picture);
    else if (this.prediction && !this.marked) this.draw(this.picture);
  }

  draw(picture) {
    this.width = Math.round(this.canvas.clientWidth);
    const guess = this.spec.predict && guessMark(this.spec.predict, this.prediction);
    this.marked = Boolean(guess);
    const options = { width: this.width || 640, guess, label: this.alt, describedBy: this.sentence.id };
    this.canvas.replaceChildren(drawPicture(picture, options));
  }
}
