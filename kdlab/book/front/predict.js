// Before a widget answers, the reader predicts, with a confidence. The guess stays in this browser.

// What the reader last answered to this question, or null: kept by content, and drawn and told by place.
function keptGuess(widget, { question, options, low, high }) {
  const kept = diary.latest({ widget, question, options });
  if (!kept || (!options && !(kept.choice >= low && kept.choice <= high))) return null;
  return { ...kept, guess: options ? options.indexOf(kept.choice) : kept.choice };
}

function keep(widget, question, { guess, confidence, right }) {
  const { options = null } = question;
  const inWords = (value) => options?.[value] ?? value;
  diary.add({ widget, question: question.question, options, choice: inWords(guess), answer: inWords(question.answer), confidence, right });
}

// Ask the question of a widget; call `answered(prediction)` when the reader has guessed or declined.
function askFirst(name, question, answered) {
  const form = element("form", { className: "kd-predict" });
  const guess = question.kind === "pick" ? pickGuess(question, name) : estimateGuess(question);
  const confidence = confidenceSlider(question);
  const send = element("button", { type: "submit", textContent: "That is my guess" });
  const decline = element("button", { type: "button", className: "kd-quiet", textContent: "Show me without a guess" });
  const complaint = element("p", { className: "kd-complaint", role: "alert" });
  form.append(...guess.elements, confidence.element, element("p", { className: "kd-buttons" }, [send, decline]), complaint);
  form.noValidate = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = guess.get();
    complaint.textContent = value === null ? guess.missing : "";
    if (value === null) return;
    const right = question.kind === "pick" ? value === question.answer : Math.abs(value - question.answer) <= question.within;
    const prediction = { guess: value, confidence: confidence.get(), right };
    keep(name, question, prediction);
    answered(prediction);
  });
  decline.addEventListener("click", () => answered(null));
  return form;
}

function pickGuess(question, name) {
  const inputs = question.options.map((_, i) => element("input", { type: "radio", name: `kd-guess-${name}`, value: i }));
  const rows = inputs.map((input, i) => element("label", {}, [input, " ", question.options[i]]));
  const fieldset = element("fieldset", {}, [element("legend", { textContent: "Predict: " + question.question }), ...rows]);
  return {
    elements: [fieldset],
    missing: "Pick one answer first, or ask to see it without a guess.",
    get: () => {
      const at = inputs.findIndex((input) => input.checked);
      return at < 0 ? null : at;
    },
  };
}

function estimateGuess(question) {
  const { low, high, unit } = question;
  const input = element("input", { type: "number", min: low, max: high, step: "any" });
  const label = labelled(`Predict: ${question.question}`, input);
  const range = element("span", { textContent: ` ${unit} (from ${low} to ${high})` });
  return {
    elements: [label, element("p", {}, [input, range])],
    missing: `Enter a number from ${low} to ${high}, or ask to see it without a guess.`,
    get: () => (input.valueAsNumber >= low && input.valueAsNumber <= high ? input.valueAsNumber : null),
  };
}

// A blind pick among n options is right one time in n; of an estimate nothing is known beforehand.
function confidenceSlider(question) {
  const lowest = question.kind === "pick" ? Math.round(100 / question.options.length) : 0;
  const slider = element("input", { type: "range", min: lowest, max: 100, step: 1, value: Math.max(lowest, 50) });
  const output = element("output");
  const show = () => {
    output.textContent = `${slider.value} %`;
    slider.setAttribute("aria-valuetext", `${slider.value} percent sure`);
  };
  slider.addEventListener("input", show);
  show();
  const row = [labelled("How sure are you?", slider), slider, output];
  return { element: element("div", { className: "kd-control" }, row), get: () => slider.valueAsNumber / 100 };
}

// The verdict in words: what was guessed, how surely, what is true, and why.
function verdict(question, prediction) {
  const inWords = (value) => (question.kind === "pick" ? `“${question.options[value].replace(/[.]$/, "")}”` : `${Number(value.toPrecision(3))} ${question.unit}`.trim());
  const sure = `${Math.round(prediction.confidence * 100)} % sure`;
  const said = `You said ${inWords(prediction.guess)}, ${sure}. `;
  const truth = prediction.right ? "That is right. " : `The answer is ${inWords(question.answer)}. `;
  return said + truth + question.because;
}

// What is drawn on the picture: only an estimate has a place there.
function guessMark(question, prediction) {
  if (!prediction || question.kind !== "estimate") return null;
  return { axis: question.mark, value: prediction.guess, label: "your guess" };
}

// What was asked and what is right, for those who did not guess.
function unasked(question) {
  const { answer, options, unit } = question;
  const right = question.kind === "pick" ? `“${options[answer].replace(/[.]$/, "")}”` : `${Number(answer.toPrecision(3))} ${unit}`.trim();
  return `You were asked: ${question.question} The answer is ${right}. ${question.because}`;
}
