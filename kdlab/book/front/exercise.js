// An exercise in the page: an editor for each function, Check, Stop, Reset, hints one at a time, then the lines to order,
// and after a serious try the solutions.
//
// A book for self-study has all checks and the solutions of an exercise in a file beside it, which is fetched at the
// first check; a book for a course has public checks in the page, and no such file.

const CHECK_SECONDS = 10;
const PLOT_SECONDS = 30; // importing Matplotlib takes some by itself
const SERIOUS_CHECKS = 3; // of an answer of one's own; one is enough where all hints were taken, or where it is right

class Exercise {
  constructor(section, base, runtimes) {
    this.section = section;
    this.base = base;
    this.runtimes = runtimes;
    this.data = JSON.parse(section.querySelector(".kd-exercise-data").textContent);
    this.blocks = this.data.functions.map((spec) => new FunctionBlock(this, spec));
    section.append(...leftovers(this.data.exercise, this.data.functions.map((spec) => spec.function)));
    this.ending = element("div", { className: "kd-ending", role: "status" });
    section.append(this.ending);
    if (diary.of("passed").some(({ exercise }) => exercise === this.data.exercise)) this.end("You have solved this exercise.");
  }

  // All there is to this exercise, or null where only public checks are at hand.
  async whole() {
    if (this.data.whole && !this.fetched) {
      const reply = await fetch(this.base + this.data.whole).catch(() => null);
      this.fetched = reply?.ok ? await reply.json() : null;
    }
    return this.fetched ?? null;
  }

  // By what a function's answer is judged, where that may be known.
  ruleOf(name) {
    return this.fetched?.practice.questions.find(({ function: asked }) => asked === name).rule ?? null;
  }

  end(words) {
    this.section.classList.add("kd-solved");
    this.ending.replaceChildren(element("p", { className: "kd-verdict kd-right", textContent: words }));
  }

  // Run all cells, since one function may use another; return the result of each.
  async check(only, source = only.source(), progress) {
    if (!this.runtimes.possible) throw new Error(this.runtimes.why);
    const cells = this.blocks.map((block) => ({
      name: block.spec.function,
      source: block === only ? source : block.source(),
    }));
    const packages = cells.some((cell) => /\bmatplotlib\b/.test(cell.source)) ? ["matplotlib"] : [];
    const options = { seconds: packages.length ? PLOT_SECONDS : CHECK_SECONDS, packages, progress };
    const practice = (await this.whole())?.practice ?? this.data.practice;
    const { value: found, stdout, stderr } = await this.runtimes.reader.call("kdlab.practice.public_checks.check_in_page", [practice, cells], options);
    if (found.passed && found.whole && source === only.source()) {
      diary.once({ kind: "passed", exercise: this.data.exercise });
      this.end(found.summary);
    }
    this.blocks.forEach((block) => block.help.label());
    return { ...found, log: found.log + stdout + stderr };
  }
}

class FunctionBlock {
  constructor(exercise, spec) {
    this.exercise = exercise;
    this.spec = spec;
    this.draft = new Draft(exercise.data.exercise, spec.function, spec.starter, () => this.adopt());
    this.place = document.getElementById(`${exercise.section.id}-${spec.function}`);
    this.starter = this.place.querySelector("div.highlight-python, div.highlight");
    this.asked = this.place.querySelector(".kd-asked");
    this.editor = null;
    this.build();
    if (spec.ask || this.draft.text !== null || this.draft.earlier.length) this.open();
  }

  build() {
    this.openButton = button("Write your answer", () => this.open(true));
    this.checkButton = button("Check (Ctrl+Enter)", () => this.check());
    this.stopButton = button("Stop", () => this.exercise.runtimes.reader.stop(), "kd-quiet");
    this.resetButton = button("Reset", () => this.reset(), "kd-quiet");
    this.versions = new Versions(this.draft, (text, why) => this.write(text, why));
    this.stopButton.disabled = true;
    this.writing = element("p", { className: "kd-buttons", hidden: true }, [
      this.checkButton,
      this.stopButton,
      this.resetButton,
      this.versions.latest,
    ]);
    this.canvas = element("div", { className: "kd-editor", hidden: true });
    this.status = element("p", { className: "kd-status", role: "status" });
    this.result = element("div", { className: "kd-result", role: "status" });
    this.output = element("pre", { className: "kd-output", hidden: true, tabIndex: 0 });
    this.output.setAttribute("aria-label", "what your code printed");
    this.figures = element("div", { className: "kd-figures" });
    this.starter.after(
      this.canvas,
      element("p", { className: "kd-buttons" }, [this.openButton]),
      this.writing,
      this.versions.element,
      this.status,
      this.result,
      this.output,
      this.figures,
    );
    this.help = new Help(this);
  }

  source() {
    return this.editor?.get() ?? this.draft.text ?? this.spec.starter;
  }

  async open(focus = false) {
    if (!this.spec.ask) {
      try {
        await loadEditor(this.exercise.base);
      } catch (error) {
        this.status.textContent = error.message;
        return;
      }
    }
    this.starter.hidden = true;
    if (this.asked) this.asked.hidden = true;
    this.openButton.parentElement.hidden = true;
    this.canvas.hidden = this.writing.hidden = false;
    this.help.label();
    const options = { doc: this.source(), label: `Your ${this.spec.function}, Python code`, onRun: () => this.check(), onChange: () => this.keep() };
    const make = { curve: drawForm, pick: askForm, estimate: askForm }[this.spec.ask?.kind];
    this.editor ??= make ? make(this.canvas, this.spec, options) : makeEditor(this.canvas, options);
    if (this.spec.ask && !focus) return; // Python starts when there is something to check
    this.exercise.runtimes.wanted();
    if (focus) this.editor.focus();
  }

  keep() {
    this.draft.put(this.editor.get());
    this.versions.show();
  }

  reset() {
    this.write(this.spec.starter, "reset");
    this.show(null);
  }

  write(source, why) {
    this.draft.put(source, why);
    this.editor.set(source);
    this.versions.show();
    this.editor.focus();
  }

  // Another window has written here: the newest stands in both, and what stood here is among the earlier versions.
  async adopt() {
    await this.open();
    const newest = this.draft.text ?? this.spec.starter;
    if (this.editor && this.editor.get() !== newest) this.editor.set(newest);
    this.versions.show();
    this.status.textContent = "Another window has changed this.";
  }

  async check(source = this.source(), result = this.result) {
    const { reader } = this.exercise.runtimes;
    this.busy(true);
    result.replaceChildren(); // an old verdict must not be taken for the new one
    this.status.textContent = reader.state === "ready" ? "Checking …" : "Starting Python, then checking …";
    try {
      const progress = (words) => (this.status.textContent = words);
      const found = await this.exercise.check(this, source, progress);
      this.show(found, result);
      if (source !== this.spec.starter) this.note(found);
    } catch (error) {
      this.show(null);
      result.replaceChildren(element("p", { className: "kd-verdict kd-wrong", textContent: error.message }));
      this.editor?.markLine(error.line ?? null, error.message);
    }
    this.status.textContent = "";
    this.busy(false);
    result.firstElementChild?.scrollIntoView({ block: "nearest" });
  }

  // A check that ran on an answer of one's own.
  note(found) {
    const { passed } = this.found(found);
    diary.add({ kind: "checked", exercise: this.exercise.data.exercise, cell: this.spec.function, passed });
    this.help.label();
  }

  found({ questions }) {
    return questions.find(({ function: name }) => name === this.spec.function);
  }

  checks() {
    const mine = ({ exercise, cell }) => exercise === this.exercise.data.exercise && cell === this.spec.function;
    return diary.of("checked").filter(mine);
  }

  busy(now) {
    this.stopButton.disabled = !now;
    this.checkButton.disabled = now;
  }

  // Show what was found of this function: the one sentence first, every case behind it.
  show(found, result = this.result) {
    this.editor?.markLine(null);
    this.output.hidden = !found?.log;
    this.output.textContent = found?.log ?? "";
    this.figures.replaceChildren(...(found?.figures ?? []).map(figureImage));
    if (!found) {
      result.replaceChildren();
      return;
    }
    const question = this.found(found);
    this.editor?.tell?.(question.passed ? this.exercise.ruleOf(this.spec.function) : null);
    const verdict = element("p", { className: `kd-verdict ${question.passed ? "kd-right" : "kd-wrong"}`, textContent: question.verdict });
    const cases = question.findings.map(({ passed, sentence }) => element("li", { textContent: `${passed ? "passed" : "not passed"}: ${sentence}` }));
    const details = element("details", {}, [element("summary", { textContent: "Case by case" }), element("ol", {}, cases)]);
    const whole = element("p", { className: "kd-summary", textContent: `Of the whole exercise: ${found.summary}` });
    result.replaceChildren(verdict, details, whole);
  }
}

// A form in the place of an editor, where an answer is an option or a number with a reason. What is chosen is a function
// that returns both, as in the notebook, so that all else goes the way of any answer.
function askForm(place, { function: name, starter, ask }, { doc, onRun, onChange }) {
  const choices = (texts, group, legend) => {
    const inputs = texts.map((_, i) => element("input", { type: "radio", name: `${name}-${group}`, value: i + 1 }));
    const rows = texts.map((text, i) => element("label", {}, [inputs[i], ` ${text}`]));
    const get = () => inputs.find(({ checked }) => checked)?.value ?? null;
    const set = (value) => inputs.forEach((input) => (input.checked = input.value === value));
    return { element: element("fieldset", {}, [element("legend", { textContent: legend }), ...rows]), inputs, get, set };
  };
  const number = () => {
    const input = element("input", { type: "number", min: ask.low, max: ask.high, step: "any" });
    const range = ` ${ask.unit} (from ${ask.low} to ${ask.high})`;
    const row = element("label", {}, [`${ask.question} `, input, range]);
    return { element: element("p", {}, [row]), inputs: [input], get: () => input.value || null, set: (value) => (input.value = value ?? "") };
  };
  const answer = ask.kind === "pick" ? choices(ask.options, "answer", ask.question) : number();
  const reason = choices(ask.reasons, "reason", "Why?");
  const form = element("form", { className: "kd-ask" }, [answer.element, reason.element]);
  const get = () => (answer.get() && reason.get() ? `def ${name}():\n    return ${answer.get()}, ${reason.get()}\n` : starter);
  const set = (source) => {
    const [, chosen, why] = source.match(/return (\S+), (\d+)/) ?? [];
    answer.set(chosen);
    reason.set(why);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onRun();
  });
  form.addEventListener("input", onChange);
  form.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && onRun());
  set(doc);
  place.append(form);
  return { get, set, focus: () => answer.inputs[0].focus(), markLine: () => {} };
}

// Help in stages: one hint after the other, then the lines to put in order, then, after a serious try, the solutions.
class Help {
  constructor(block) {
    this.block = block;
    const hints = [...block.place.querySelectorAll("details.kd-hint")];
    this.hintsLeft = hints.length;
    const stages = hints.map((hint, i) => ({ label: `Hint ${i + 1} of ${hints.length}`, show: () => this.open(hint) }));
    if (block.spec.parsons) stages.push({ label: "Give me the lines, I put them in order", show: () => this.lines() });
    hints.forEach((hint) => (hint.hidden = true));
    this.stages = stages;
    this.button = button("", () => this.next(), "kd-quiet");
    this.row = element("p", { className: "kd-buttons kd-help" }, [this.button]);
    block.place.append(this.row);
    if (block.exercise.data.whole || block.spec.solutions) this.addSolutions();
    this.label();
  }

  label() {
    const begun = !this.block.writing.hidden; // help is for who has begun
    this.row.hidden = !begun || this.stages.length === 0;
    this.button.textContent = this.stages[0]?.label ?? "";
    if (!this.compare) return;
    const checks = this.block.checks();
    const enough = this.hintsLeft ? SERIOUS_CHECKS : 1;
    const open = checks.length >= enough || checks.some(({ passed }) => passed);
    this.compare.hidden = !open;
    this.gate.hidden = open || !begun;
    const one = "one check of an answer of your own";
    const so = this.hintsLeft ? `${SERIOUS_CHECKS} checks of an answer of your own, or after all hints and one check` : one;
    this.gate.textContent = `Two solutions open after ${so}. So far: ${checks.length}.`;
  }

  next() {
    this.stages.shift().show();
    this.label();
  }

  open(hint) {
    this.hintsLeft -= 1;
    hint.hidden = false;
    hint.open = true;
    hint.querySelector("summary").focus();
  }

  lines() {
    const parsons = new Parsons(this.block);
    this.row.before(parsons.element);
    parsons.focus();
  }

  addSolutions() {
    this.gate = element("p", { className: "kd-gate" });
    this.compare = button("Compare two solutions", () => this.solutions(), "kd-quiet");
    this.row.after(this.gate, element("p", { className: "kd-buttons" }, [this.compare]));
  }

  // Right solutions beside one another, each with what it is good for.
  async solutions() {
    const whole = await this.block.exercise.whole();
    const styles = whole?.solutions[this.block.spec.function] ?? this.block.spec.solutions;
    const shown = (styles ?? []).map(({ name, good_for: goodFor, source }) =>
      element("div", { className: "kd-style" }, [
        element("p", {}, [element("strong", { textContent: name }), goodFor ? `: ${goodFor}` : ""]),
        element("pre", { className: "kd-output", tabIndex: 0, ariaLabel: `a solution: ${name}` }, [element("code", { textContent: source })]),
      ]),
    );
    const words = shown.length ? [] : [element("p", { textContent: "They could not be loaded." })];
    const place = element("div", { className: "kd-styles", tabIndex: -1 }, shown.concat(words));
    this.compare.parentElement.replaceWith(place);
    this.compare = null;
    place.focus();
  }
}

function button(text, onclick, className = "") {
  const made = element("button", { type: "button", textContent: text, className });
  made.addEventListener("click", onclick);
  return made;
}

function figureImage(png) {
  return element("img", { src: `data:image/png;base64,${png}`, alt: "A figure that your code drew." });
}
