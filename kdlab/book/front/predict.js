// Before a widget answers, the reader predicts, and says how surely. The guess stays in this browser, and in the picture.
//
// A question (kdlab/explore/questions.py) is asked before the widget can be moved ("open"), before a step of its run, before
// an option of a choice, or before a stop of its tour. The verdict takes the place of the question.

class Questions {
  constructor(widget) {
    this.widget = widget;
    this.place = widget.question;
    this.form = null;
    this.all = widget.spec.questions.map((question) => ({ ...question, kept: keptGuess(widget.spec.name, question), passed: false }));
    this.pencil = new Pencil(widget);
    this.allowed = {}; // by the number of the choice: the last option that could be shown
  }

  waiting(fits) {
    return this.all.find((question) => !question.kept && !question.passed && fits(question.before));
  }

  // Ask what comes before all else; of what was answered on another day show the last verdict.
  open() {
    const answered = this.all.findLast(({ kept }) => kept);
    if (answered) this.reveal(answered, answered.kept, false);
    else this.askNext();
  }

  askNext() {
    const next = this.waiting((before) => before === "open");
    if (next) this.ask(next);
  }

  // Whoever follows a link wants to see its state: nothing is asked.
  pass() {
    this.all.forEach((question) => (question.passed = true));
    this.close();
  }

  // The question before one of these steps of the run, and the last step that can be shown without an answer.
  beforeSteps(from, to) {
    return this.waiting((before) => typeof before === "number" && before > from && before <= to);
  }

  limit(step) {
    const question = this.beforeSteps(step, Infinity);
    return question ? question.before - 1 : Infinity;
  }

  beforeWord(word) {
    return this.waiting((before) => before === word && word !== "open");
  }

  // Ask; then(answered) once the reader has guessed or declined. `leave` undoes what led here, where one can go back.
  ask(question, then = () => {}, leave = null) {
    const { widget } = this;
    if (this.form) return;
    widget.lock(question.covered);
    this.pencil.keep(null);
    const guess = guessKinds[question.kind](question, widget, this.pencil);
    this.form = askFirst(question, guess, (answer) => {
      this.close();
      question.passed = true;
      if (answer) question.kept = answer;
      if (answer) keep(widget.spec.name, question, answer);
      this.reveal(question, answer, true);
      then(answer);
    }, leave);
    widget.verdict.replaceChildren();
    this.place.prepend(this.form);
    if (question.control) widget.controlBox.hidden = false;
    this.pencil.edit(guess.tool ?? null);
    if (question.before !== "open") focusFirst(this.form);
  }

  close() {
    this.form?.remove();
    this.form = null;
    this.pencil.edit(null);
    this.widget.unlock();
  }

  // Show the verdict, or what would have been right; what was just asked goes to where the picture shows the answer.
  reveal(question, answer, fresh) {
    const { widget } = this;
    const score = answer && scored(question, answer);
    const more = this.waiting((before) => before === "open");
    const next = more && element("button", { type: "button", textContent: "One more question" });
    next?.addEventListener("click", () => this.ask(more));
    widget.verdict.replaceChildren(...verdict(question, answer, score), ...(next ? [element("p", {}, [next])] : []));
    this.pencil.keep({ question, guess: answer?.guess ?? null, told: true });
    if (fresh) glide(widget, answer ? question.at : this.whereItIs(question));
    else widget.redraw(true);
    if (!fresh) return;
    this.place.scrollIntoView({ block: "nearest", behavior: "instant" });
    const parts = ["input:not([type=radio])", "input:checked", "select", "button:enabled"];
    widget.place.querySelector(`.kd-hold[tabindex="0"], .kd-controls :is(${parts})`)?.focus({ preventScroll: true });
  }

  // The settings that show the answer to those who did not guess: a control that was to be set is set to it.
  whereItIs({ at, answer, control }) {
    if (!control) return at;
    const { value } = this.widget.spec.controls.find(({ name }) => name === control);
    return { [control]: Array.isArray(value) ? answer : answer[0], ...at };
  }

  // Whether an option was chosen that a question comes before: then the choice goes back until that is answered.
  holdsBack() {
    const { spec, controls } = this.widget;
    for (const [k, { kind, value }] of spec.controls.entries()) {
      if (kind !== "choice") continue;
      const chosen = controls[k].get();
      const question = this.beforeWord(chosen);
      if (!question) {
        this.allowed[k] = chosen;
        continue;
      }
      controls[k].set(this.allowed[k] ?? value);
      const then = () => {
        controls[k].set(chosen);
        this.widget.changed();
      };
      const leave = () => {
        this.close();
        this.open();
        controls[k].element.querySelector("input:checked, select")?.focus({ preventScroll: true });
      };
      this.ask(question, then, leave);
      // the picture is still that of the other option: of it a curve is not to be drawn over
      if (question.kind === "curve") this.widget.lock(true);
      return true;
    }
    return false;
  }
}

function focusFirst(form) {
  form.querySelector("input, button, [tabindex='0']")?.focus({ preventScroll: true });
}

// ---- what the browser keeps: the choice by its content, never by its place

// What the reader last answered to this question, or null.
function keptGuess(widget, question) {
  const { options = null } = question;
  const kept = diary.latest({ widget, question: question.question, options });
  if (!kept) return null;
  const guess = options ? [kept.choice].flat().map((text) => options.indexOf(text)) : kept.choice;
  const mine = question.kind === "pick" ? guess[0] : guess;
  return canBeGuessed(question, mine) ? { guess: mine, confidence: kept.confidence, right: kept.right, reached: kept.reached } : null;
}

function canBeGuessed(question, guess) {
  const numbers = (list, count) => Array.isArray(list) && list.length === count && list.every(Number.isFinite);
  const { answer } = question;
  const kinds = {
    pick: () => guess >= 0,
    picksome: () => guess.every((place) => place >= 0),
    estimate: () => guess >= question.low && guess <= question.high,
    curve: () => numbers(guess, question.x.length),
    place: () => Array.isArray(guess) && guess.length === answer.length && guess.every((place, i) => numbers([place].flat(), [answer[i]].flat().length)),
    mark: () => Array.isArray(guess) && guess.every((cell) => Number.isInteger(cell) && cell >= 0 && cell < question.rows * question.columns),
  };
  return kinds[question.kind]();
}

function keep(widget, question, { guess, confidence, right, reached }) {
  const { options = null, answer } = question;
  const inWords = (places) => (options ? (Array.isArray(places) ? places.map((place) => options[place]) : options[places]) : places);
  const entry = { widget, question: question.question, options, choice: inWords(guess), answer: inWords(answer), confidence, right };
  diary.add(reached === undefined ? entry : { ...entry, reached });
  document.dispatchEvent(new CustomEvent("kd-answered"));
}

// ---- the form

// How sure one can be, from chance on: the buttons that send a guess.
function sureLevels(question) {
  const chance = question.kind === "pick" ? Math.round(100 / question.options.length) : 10;
  return [0, 1, 2, 3].map((k) => (k === 0 ? chance : 5 * Math.round((chance + ((95 - chance) * k) / 3) / 5)));
}

function askFirst(question, guess, answered, leave) {
  const form = element("form", { className: `kd-predict kd-predict-${question.kind}`, noValidate: true });
  const complaint = element("p", { className: "kd-complaint", role: "alert" });
  const send = async (confidence) => {
    const value = guess.get();
    complaint.textContent = value === null ? guess.missing : "";
    if (value === null) return;
    try {
      answered(await judged(question, value, confidence, guess.measure));
    } catch (error) {
      complaint.textContent = error.message;
    }
  };
  const levels = sureLevels(question).map((level) => {
    const button = element("button", { type: "button", textContent: `${level} %` });
    button.addEventListener("click", () => send(level / 100));
    return button;
  });
  const sure = toolbar("div", { className: "kd-sure", ariaLabel: "How sure are you? This sends your guess" }, levels);
  sure.prepend(element("span", { textContent: "How sure?" }));
  const decline = element("button", { type: "button", className: "kd-quiet", textContent: "Show me without a guess" });
  decline.addEventListener("click", () => answered(null));
  const notNow = element("button", { type: "button", className: "kd-quiet", textContent: "Not now", hidden: !leave });
  notNow.addEventListener("click", leave);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    levels[0].focus();
  });
  form.append(...guess.elements, sure, complaint, element("p", { className: "kd-buttons" }, [decline, notNow]));
  return form;
}

async function judged(question, guess, confidence, measure) {
  const reached = measure ? await measure(guess) : undefined;
  const answer = { guess, confidence, reached };
  return { ...answer, right: scored(question, answer).right };
}

// One function for each kind: {elements, get(), missing}, and `tool`, how it is drawn into the picture.
const guessKinds = {
  pick: (question) => optionGuess(question, "radio"),
  picksome: (question) => optionGuess(question, "checkbox"),
  estimate: (question, widget, pencil) => estimateGuess(question, pencil),
  curve: (question) => drawnGuess(question, "Draw it: drag the points, or one stroke across the picture. The arrow keys move them too."),
  place: (question, widget) => placeGuess(question, widget),
  mark: (question) => drawnGuess(question, "Mark them in the picture: tap, drag, or arrow keys and space."),
};

function optionGuess(question, type) {
  const name = `kd-guess-${++controlCount}`;
  const inputs = question.options.map((_, i) => element("input", { type, name, value: i }));
  const rows = inputs.map((input, i) => element("label", {}, [input, element("span", { textContent: question.options[i] })]));
  const fieldset = element("fieldset", {}, [element("legend", { textContent: question.question }), ...rows]);
  const picked = () => inputs.flatMap((input, i) => (input.checked ? [i] : []));
  return {
    elements: [fieldset],
    missing: "Pick an answer first, or ask to see it without a guess.",
    get: () => (type === "checkbox" ? picked() : (picked()[0] ?? null)),
  };
}

// A number, in a box and on a knob; the rule follows it in the picture.
function estimateGuess(question, pencil) {
  const { low, high, unit, factor } = question;
  const log = factor !== null;
  const along = (value) => (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
  const at = (part) => Number((log ? low * (high / low) ** part : low + part * (high - low)).toPrecision(3));
  const box = element("input", { type: "number", min: low, max: high, step: "any" });
  const knob = element("input", { type: "range", min: 0, max: 1, step: 0.005, value: 0, ariaLabel: `${question.question} On a scale` });
  const get = () => (box.valueAsNumber >= low && box.valueAsNumber <= high ? box.valueAsNumber : null);
  const show = () => {
    const value = get();
    if (value !== null) knob.value = along(value);
    knob.toggleAttribute("data-empty", value === null);
    knob.setAttribute("aria-valuetext", value === null ? "no guess yet" : `${value} ${unit}`.trim());
    pencil.keep(value === null ? null : { question, guess: value });
  };
  box.addEventListener("input", show);
  knob.addEventListener("input", () => {
    box.value = Math.min(high, Math.max(low, at(knob.valueAsNumber)));
    show();
  });
  show();
  const range = element("span", { textContent: ` ${unit} (from ${low} to ${high})` });
  return {
    elements: [labelled(question.question, box), element("p", { className: "kd-number-guess" }, [box, range]), knob],
    missing: `Enter a number from ${low} to ${high}, or ask to see it without a guess.`,
    get,
    tool: question.mark === "none" ? null : { kind: "estimate", question, get, put: (value) => ((box.value = value), show()) },
  };
}

function drawnGuess(question, how) {
  const tool = { kind: question.kind, question, value: null };
  return {
    elements: [element("p", { className: "kd-question", textContent: question.question }), element("p", { className: "kd-how", textContent: how })],
    missing: "Draw your answer into the picture first, or ask to see it without a guess.",
    get: () => tool.value,
    tool,
  };
}

// Points or cuts; or a control that is set to what is guessed.
function placeGuess(question, widget) {
  const measure = question.best === null ? undefined : (guess) => widget.reached(question.number, guess);
  if (!question.control) {
    const what = question.axis ? (question.answer.length > 1 ? "lines" : "line") : question.answer.length > 1 ? "points" : "point";
    return { ...drawnGuess(question, `Place the ${what} in the picture: drag, tap, or arrow keys.`), measure };
  }
  const k = widget.spec.controls.findIndex(({ name }) => name === question.control);
  const start = JSON.stringify(widget.controls[k].get());
  return {
    elements: [element("p", { className: "kd-question", textContent: question.question })],
    missing: `Set “${widget.spec.controls[k].label}” first, or ask to see it without a guess.`,
    get: () => (JSON.stringify(widget.controls[k].get()) === start ? null : [widget.controls[k].get()].flat()),
    measure,
  };
}

// ---- the score: the rules of kdlab/explore/questions.py

// {distance, right} of an answer {guess, reached}.
function scored(question, { guess, reached }) {
  const { answer } = question;
  const kinds = {
    pick: () => ({ distance: Number(guess !== answer), right: guess === answer }),
    picksome: () => shareScore(1 - question.options.filter((_, i) => guess.includes(i) !== answer.includes(i)).length / question.options.length, 1),
    estimate: () => nearScore(question, [guess], ...answerRange([answer].flat(), 1)),
    curve: () => curveScore(question, guess),
    place: () => (question.best === null ? placeScore(question, guess) : shareScore(reached / question.best, question.share)),
    mark: () => shareScore(overlap(guess, answer), question.share),
  };
  return kinds[question.kind]();
}

function shareScore(distance, share) {
  return { distance, right: distance >= share };
}

function overlap(a, b) {
  const both = a.filter((cell) => b.includes(cell)).length;
  return both / (a.length + b.length - both);
}

// The low and the high end of what is right at each of `count` places.
function answerRange(answer, count) {
  if (Array.isArray(answer[0])) return answer;
  return count === 1 && answer.length === 2 ? [[answer[0]], [answer[1]]] : [answer, answer];
}

function nearScore({ within, factor }, guess, low, high) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  if (factor !== null) {
    if (guess.some((value) => value <= 0)) return { distance: Infinity, right: false };
    const distance = Math.exp(mean(guess.map((value, i) => Math.max(0, Math.log(low[i] / value), Math.log(value / high[i])))));
    return { distance, right: distance <= factor };
  }
  const distance = mean(guess.map((value, i) => Math.max(0, low[i] - value, value - high[i])));
  return { distance, right: distance <= within };
}

function curveScore(question, guess) {
  const [low, high] = answerRange(question.answer, question.x.length);
  if (!question.slopes_at.length) return nearScore(question, guess, low, high);
  const [mine, a, b] = [guess, low, high].map((y) => logSlopes(question, y));
  return nearScore(question, mine, a.map((slope, i) => Math.min(slope, b[i])), a.map((slope, i) => Math.max(slope, b[i])));
}

// The slopes of log y over log x, each between the two x around one of `slopes_at`.
function logSlopes({ x, slopes_at }, y) {
  return slopes_at.map((at) => {
    const i = Math.min(x.length - 2, x.findLastIndex((value) => value <= at));
    return Math.log(y[i + 1] / y[i]) / Math.log(x[i + 1] / x[i]);
  });
}

function placeScore({ answer, within, axis }, guess) {
  const placed = axis ? [...guess].sort((a, b) => a - b) : guess;
  const apart = placed.map((place, i) => Math.hypot(...[place].flat().map((value, k) => value - [answer[i]].flat()[k])));
  const distance = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  return { distance, right: distance <= within };
}

// ---- the verdict in words

function verdict(question, answer, score) {
  const sign = answer && element("span", { className: `kd-sign ${score.right ? "kd-right" : "kd-wrong"}` }, [
    element("span", { className: "kd-spoken", textContent: score.right ? "Right: " : "Not so: " }),
  ]);
  const truth = element("p", { className: "kd-truth" }, [...(sign ? [sign] : []), element("span", { textContent: truthInWords(question, answer, score) })]);
  const asked = element("p", { className: "kd-you", textContent: answer ? youSaid(question, answer, score) : `Asked was: ${question.question}` });
  return [truth, asked, element("p", { className: "kd-because", textContent: question.because })];
}

function shortly(value) {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

function withUnit(value, { unit = "" }) {
  return `${shortly(value)} ${unit}`.trim();
}

function quoted(text) {
  return `“${text.replace(/[.]$/, "")}”`;
}

function listed(words) {
  return words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : (words[0] ?? "none of them");
}

function truthInWords(question, answer, score) {
  const { answer: right } = question;
  const drawn = "The answer is in the picture.";
  const kinds = {
    pick: () => question.options[right],
    picksome: () => `${listed(right.map((place) => quoted(question.options[place])))}.`,
    estimate: () => (Array.isArray(right) ? `${shortly(right[0])} to ${withUnit(right[1], question)}.` : `${withUnit(right, question)}.`),
    curve: () => (answer ? curveInWords(question, score) : drawn),
    place: () => (answer ? placeInWords(question, score) : drawn),
    mark: () => (answer ? markInWords(question, answer.guess) : drawn),
  };
  return kinds[question.kind]();
}

function curveInWords(question, { distance }) {
  const what = question.slopes_at.length ? "Your slopes are" : "Your curve is";
  if (distance < 0.005 || (question.factor !== null && distance < 1.005)) return `${what} right.`;
  if (question.factor !== null) return `${what} off by a factor of ${shortly(distance)} on average.`;
  return `${what} ${question.slopes_at.length ? shortly(distance) : withUnit(distance, question)} off on average.`;
}

function placeInWords(question, { distance }) {
  if (question.best !== null) return `That reaches ${Math.round(100 * distance)} % of the best.`;
  return `You are ${withUnit(distance, question)} off${question.answer.length > 1 ? " on average" : ""}.`;
}

function markInWords({ answer }, guess) {
  const both = guess.filter((cell) => answer.includes(cell)).length;
  return `${both} of the ${answer.length} are found; ${guess.length - both} of your ${guess.length} do not belong to them.`;
}

function youSaid(question, { guess, confidence }, score) {
  const sure = `${Math.round(100 * confidence)} % sure`;
  const kinds = {
    pick: () => (score.right ? `You said so, ${sure}.` : `You said: ${quoted(question.options[guess])}, ${sure}.`),
    picksome: () => `You said: ${listed(guess.map((place) => quoted(question.options[place])))}, ${sure}. ${Math.round(question.options.length * score.distance)} of ${question.options.length} are rightly ticked or left.`,
    estimate: () => `You said ${withUnit(guess, question)}, ${sure}${estimateOff(question, guess, score)}`,
    curve: () => `${question.slopes_at.length ? `Slopes ${logSlopes(question, answerRange(question.answer, question.x.length)[0]).map(shortly).join(", ")}; yours ${logSlopes(question, guess).map(shortly).join(", ")}. ` : ""}You were ${sure}.`,
    place: () => `You were ${sure}.`,
    mark: () => `You were ${sure}.`,
  };
  return kinds[question.kind]();
}

function estimateOff(question, guess, { distance }) {
  const [low, high] = answerRange([question.answer].flat(), 1);
  const way = guess > high[0] ? "high" : guess < low[0] ? "low" : null;
  if (!way) return ".";
  if (question.factor !== null) return `: too ${way} by a factor of ${shortly(distance)}.`;
  return `: ${withUnit(distance, question)} too ${way}.`;
}

// What was asked and what is right, for those who did not guess.
function unasked(question) {
  const { answer, options, unit } = question;
  const right = question.kind === "pick" ? `“${options[answer].replace(/[.]$/, "")}”` : `${Number(answer.toPrecision(3))} ${unit}`.trim();
  return `You were asked: ${question.question} The answer is ${right}. ${question.because}`;
}
