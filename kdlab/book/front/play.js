// A run that steps and plays (kdlab/explore/play.py). Its state stays in Python; here are its address, {step, history}, and
// the pictures seen so far, so that one can look back. The frames of a run that is shipped play before Python answers.

const RUN_SECONDS = { slow: 24, normal: 8, fast: 2.5 }; // of a whole run
const MOST_STEPS = 40; // of one call

controlKinds.play = (spec, values, onchange, widget) => {
  widget.player = new Player(spec, widget);
  return widget.player.control();
};

class Player {
  constructor(spec, widget) {
    this.spec = spec;
    this.widget = widget;
    this.run = { step: 0, history: [] };
    this.kind = spec.kinds[0];
    this.shipped = { runs: [], steps: [] };
    this.seen = new Map(); // step -> picture, of this run
    this.shown = null; // the step looked back to
    this.others = null; // the other controls' values when they last changed
    this.due = 0; // steps that are asked for and not made
    this.turn = 0; // counts the runs: an answer to an earlier one is no longer wanted
    this.playing = false;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.build();
  }

  build() {
    const { spec } = this;
    const button = (text, press, name = text) => {
      const made = element("button", { type: "button", textContent: text, ariaLabel: name });
      made.addEventListener("click", press);
      return made;
    };
    this.back = button("", () => this.restart(), "Back to the start");
    this.back.append(playIcon("M3 3v12M14 3.5v11L5.5 9z"));
    this.main = button("Play", () => this.toggle());
    this.main.className = "kd-play";
    this.steps = spec.kinds.flatMap((kind) =>
      spec.frame.map((count) => button(spec.frame.length > 1 ? `${kind} ${count}` : kind, () => this.press(count, kind))),
    );
    this.line = element("input", { type: "range", min: 0, max: spec.steps, step: 1, value: 0, ariaLabel: spec.label });
    this.line.addEventListener("input", () => this.look(this.line.valueAsNumber));
    this.told = element("output");
    this.speed = element("select", { ariaLabel: "speed" }, Object.keys(RUN_SECONDS).map((name) => element("option", { value: name, textContent: name })));
    this.speed.value = spec.speed;
    const buttons = element("div", { className: "kd-run-buttons" }, [this.back, this.main, ...this.steps]);
    const along = element("div", { className: "kd-run-line" }, [this.line, this.told, this.speed]);
    this.element = element("div", { className: "kd-control kd-run", role: "group", ariaLabel: `Run: ${spec.label}` }, [buttons, along]);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.calm.addEventListener("change", () => this.pause());
    this.tell();
  }

  control() {
    return {
      element: this.element,
      get: () => this.run,
      set: (run) => this.restore(run),
      write: () => this.written(),
      read: (text) => readRun(text, this.spec, this.widget.spec.controls),
      words: () => `${this.run.step} of ${this.spec.steps}`,
    };
  }

  written() {
    const { step, history } = this.run;
    if (history.length) return JSON.stringify([step, ...history]);
    return step ? String(step) : "";
  }

  // The frames of the shipped runs have come.
  ship(frames) {
    this.shipped = frames;
    if (this.due >= 1 || this.stale) this.work();
    this.tell();
  }

  // ---- what moves it

  toggle() {
    if (this.playing) return this.pause();
    if (this.run.step >= this.spec.steps) this.restart();
    if (this.calm.matches) return this.press(this.spec.steps, this.kind);
    this.play();
  }

  // Play on, to the end or to this step.
  play(end = this.spec.steps) {
    this.lookEnds();
    this.end = end;
    this.playing = true;
    this.last = performance.now();
    this.tell();
    requestAnimationFrame((now) => this.tick(now));
  }

  pause() {
    if (!this.playing) return this.tell();
    this.playing = false;
    this.due = 0;
    this.tell();
    this.widget.rest();
  }

  tick(now) {
    if (!this.playing) return;
    const rate = this.spec.steps / RUN_SECONDS[this.speed.value];
    this.due = Math.min(MOST_STEPS, this.due + (rate * (now - this.last)) / 1000, this.end - this.run.step);
    this.last = now;
    this.work();
    if (this.run.step >= this.end) this.pause();
    requestAnimationFrame((later) => this.tick(later));
  }

  // Go to this step, as a movement.
  goTo(step) {
    if (step < this.run.step) this.restart();
    if (this.calm.matches) this.press(step - this.run.step, this.kind);
    else this.play(step);
  }

  press(count, kind) {
    this.lookEnds();
    if (this.playing) this.pause();
    this.kind = kind;
    this.due += count;
    this.work();
  }

  restart() {
    this.begin();
    this.widget.changed();
  }

  begin() {
    this.turn += 1;
    this.run = { step: 0, history: [] };
    this.seen.clear();
    this.due = 0;
    this.shown = null;
    this.kind = this.spec.kinds[0];
    this.pause();
  }

  restore(run) {
    this.begin();
    this.run = { step: run.step, history: [...run.history] };
    this.others = null;
  }

  key(event) {
    if (event.target === this.speed) return;
    const pressed = event.target.matches("button");
    if (event.key === " " && !pressed) this.toggle();
    else if (event.key === "ArrowRight" || event.key === "ArrowUp") this.forward();
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") this.look(this.before());
    else if (event.key === "Home") this.look(0);
    else if (event.key === "End") this.lookEnds(true);
    else return;
    event.preventDefault();
  }

  // One call on; who has looked back goes on to the next picture that was seen.
  forward() {
    const next = this.shown === null ? undefined : this.held().find((step) => step > this.shown);
    if (next === undefined) this.press(this.spec.frame[0], this.kind);
    else this.look(next);
  }

  before() {
    return this.held().findLast((step) => step < (this.shown ?? this.run.step)) ?? 0;
  }

  // ---- looking back

  // The steps that have a picture, up to where the run stands.
  held() {
    const shipped = this.shippedRun() < 0 ? [] : this.shipped.steps;
    return [...new Set([...shipped, ...this.seen.keys()])].filter((step) => step <= this.run.step).sort((a, b) => a - b);
  }

  look(step) {
    if (this.playing) this.pause();
    this.due = 0;
    const at = this.held().findLast((seen) => seen <= step);
    if (at !== undefined) this.shown = at === this.run.step ? null : at;
    const picture = this.pictureAt(this.shown ?? this.run.step);
    if (picture) this.widget.show(picture, "grid");
    this.tell();
  }

  lookEnds(show = false) {
    if (this.shown === null) return;
    this.shown = null;
    if (show) this.refresh();
    this.tell();
  }

  // The picture is drawn by other code now: what was seen no longer counts.
  renew() {
    this.seen.clear();
    this.refresh();
  }

  pictureAt(step) {
    const run = this.shippedRun();
    const at = run < 0 ? -1 : this.shipped.steps.indexOf(step);
    if (at >= 0) return gridPicture(this.shipped, run * this.shipped.steps.length + at);
    return this.seen.get(step) ?? (step === 0 && this.atStart() ? this.widget.spec.picture : undefined);
  }

  // Whether all stands as the page was opened.
  atStart() {
    const starts = this.widget.spec.controls.flatMap(({ kind, value }) => (kind === "play" ? [] : [value]));
    return this.run.step === 0 && this.widget.own === null && sameSetting(this.values(), starts);
  }

  // Which of the shipped runs this one is: under its settings from the start, or -1.
  shippedRun() {
    if (this.run.history.length || this.kind !== this.spec.kinds[0] || this.widget.own !== null) return -1;
    return this.shipped.runs.findIndex((values) => sameSetting(values, this.values()));
  }

  values() {
    return this.widget.spec.controls.flatMap(({ kind }, k) => (kind === "play" ? [] : [this.widget.controls[k].get()]));
  }

  names() {
    return this.widget.spec.controls.filter(({ kind }) => kind !== "play").map(({ name }) => name);
  }

  // ---- stepping

  // The controls were set: begin anew, or take down where what moved stood until now.
  settingsChanged() {
    const now = this.values();
    const moved = this.names().filter((_, k) => this.others && !sameSetting(now[k], this.others[k]));
    const were = Object.fromEntries(this.names().map((name, k) => [name, this.others?.[k]]));
    this.others = now;
    this.lookEnds();
    if (moved.some((name) => this.spec.restarts.includes(name))) this.begin();
    else if (this.run.step > 0) {
      const known = new Set(this.run.history.map(([, name]) => name));
      const fresh = moved.filter((name) => !known.has(name)).map((name) => [0, name, were[name]]);
      this.run = { ...this.run, history: [...fresh, ...this.run.history] };
      if (moved.length) this.seen.delete(this.run.step);
    } else if (moved.length) this.seen.clear();
    this.refresh();
  }

  // Show the picture of now.
  refresh() {
    const picture = this.pictureAt(this.run.step);
    if (picture) this.widget.show(picture, "grid");
    else {
      this.stale = true;
      this.work();
    }
    this.tell();
  }

  // Make the steps that are due, one call after the other.
  async work() {
    if (this.working) return;
    this.working = true;
    while (this.stale || this.due >= 1) {
      if (this.due >= 1 && this.run.step >= this.spec.steps) this.due = 0;
      else if (this.due >= 1 && !this.stale && this.heldBack()) break;
      else if (!this.stale && this.onShipped()) {
        if (!this.jump()) break; // the next picture is not due yet
      } else if (!(await this.ask())) break;
    }
    this.working = false;
    this.tell();
  }

  // A question that comes before the next step is asked first.
  heldBack() {
    const question = this.widget.questions.beforeSteps(this.run.step, this.nextStep());
    if (!question) return false;
    this.due = 0;
    this.pause();
    this.widget.questions.ask(question, () => this.tell());
    return true;
  }

  // Where the next picture would be.
  nextStep() {
    if (this.onShipped()) return this.shipped.steps.find((step) => step > this.run.step);
    return Math.min(this.spec.steps, this.run.step + 1);
  }

  // Whether the steps that are due end where a picture was shipped, or play on to one.
  onShipped() {
    if (this.shippedRun() < 0) return false;
    if (this.playing) return this.shipped.steps.some((step) => step > this.run.step);
    return this.shipped.steps.includes(Math.min(this.spec.steps, this.run.step + Math.floor(this.due)));
  }

  jump() {
    const reach = this.run.step + this.due;
    const limit = this.widget.questions.limit(this.run.step);
    const next = this.shipped.steps.findLast((step) => step > this.run.step && step <= Math.min(reach, this.spec.steps, limit));
    if (next === undefined) return this.playing ? false : ((this.due = 0), false);
    this.due -= next - this.run.step;
    this.run = { ...this.run, step: next };
    this.widget.show(this.pictureAt(next), "grid");
    this.tell();
    return true;
  }

  // Ask Python for the steps that are due; for none, for the picture of now.
  async ask() {
    const { widget, turn } = this;
    const own = widget.own !== null;
    const runtime = own ? widget.runtimes.reader : widget.runtimes.widgets;
    if (!widget.runtimes.possible) return this.gaveUp(widget.runtimes.why);
    widget.runtimes.touched();
    if (runtime.state !== "ready") widget.stale("Starting Python …");
    const limit = widget.questions.limit(this.run.step);
    const count = this.stale ? 0 : Math.min(Math.floor(this.due), MOST_STEPS, limit - this.run.step);
    const slow = setTimeout(() => turn === this.turn && runtime.state === "ready" && widget.stale("Python is computing …"), count ? 1000 : 100);
    this.stale = false;
    const asked = JSON.stringify(widget.values());
    try {
      const args = [widget.figure.id, widget.spec.name, widget.values(), count, this.kind, widget.own];
      const answer = await widget.call(runtime, "running.advance", args, 20);
      if (turn !== this.turn || asked !== JSON.stringify(widget.values())) return true; // set anew meanwhile
      this.made(answer.value, count, own ? answer : null);
      return true;
    } catch (error) {
      if (turn === this.turn) {
        widget.failed(error);
        this.gaveUp(null);
      }
      return false;
    } finally {
      clearTimeout(slow);
    }
  }

  made({ run, picture }, count, printed) {
    this.due -= run.step - this.run.step;
    if (this.due < 1 && !this.playing) this.due = 0;
    this.run = run;
    this.seen.set(run.step, picture);
    const between = this.calm.matches && this.due >= 1 && run.step < this.spec.steps;
    if (!between) this.widget.show(picture, "python");
    if (printed) this.widget.code.printed(printed);
    this.tell();
  }

  gaveUp(reason) {
    this.due = 0;
    this.stale = false;
    this.pause();
    if (reason) this.widget.stale(reason);
    return false;
  }

  // ---- what it looks like

  tell() {
    const { spec, run } = this;
    const at = this.shown ?? run.step;
    const ended = run.step >= spec.steps;
    this.main.textContent = this.playing ? "Pause" : ended ? "Again" : this.calm.matches ? "To the end" : "Play";
    this.main.ariaLabel = this.main.textContent;
    this.steps.forEach((button) => (button.disabled = ended));
    this.back.disabled = run.step === 0;
    this.line.value = at;
    this.line.setAttribute("aria-valuetext", `${spec.label} ${at} of ${spec.steps}`);
    this.told.textContent = `${spec.label} ${at}`;
    this.element.dataset.playing = this.playing;
    this.speed.hidden = this.calm.matches;
  }
}

function playIcon(path) {
  const icon = pictureNode("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": true });
  icon.append(pictureNode("path", { d: path, fill: "currentColor", stroke: "currentColor", "stroke-width": 2, "stroke-linejoin": "round" }));
  return icon;
}

async function unpackFrames(packed) {
  const frames = await unpack(packed);
  const rows = frames.runs.flatMap(() => frames.steps).map((_, row) => row);
  return { ...frames, rows, pictures: rows.length };
}

// A run from an address, undefined if it cannot be one of these controls.
function readRun(text, spec, controls) {
  if (text === "") return { step: 0, history: [] };
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    return undefined;
  }
  const [step, ...history] = [given].flat(1);
  const whole = (number, most) => Number.isInteger(number) && number >= 0 && number <= most;
  const known = (name) => controls.some((control) => control.name === name && !spec.restarts.includes(name));
  const fits = (entry) => Array.isArray(entry) && entry.length === 3 && whole(entry[0], step - 1) && known(entry[1]);
  return whole(step, spec.steps) && history.every(fits) ? { step, history } : undefined;
}
