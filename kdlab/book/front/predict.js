// Before a widget answers, the reader predicts, with a confidence. The guess stays in this browser.

function predictions() {
  return storage.get("predictions") ?? {};
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
    const prediction = { guess: value, confidence: confidence.get(), right, answer: question.answer, at: new Date().toISOString() };
    storage.set("predictions", { ...predictions(), [name]: prediction });
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

// The reader's diary: every prediction kept here, to take away or to erase.
function fillDiary(place) {
  const list = element("div", { className: "kd-diary" });
  const show = () => {
    const entries = Object.entries(predictions());
    const right = entries.filter(([, prediction]) => prediction.right).length;
    const sure = entries.reduce((sum, [, prediction]) => sum + prediction.confidence, 0) / (entries.length || 1);
    const words = entries.length
      ? `${entries.length} predictions are kept in this browser: ${right} right, and on average you were ${Math.round(sure * 100)} % sure.`
      : "No prediction is kept in this browser yet.";
    const take = element("button", { type: "button", textContent: "Take them with you (JSON)", disabled: !entries.length });
    const erase = element("button", { type: "button", className: "kd-quiet", textContent: "Erase them", disabled: !entries.length });
    take.addEventListener("click", () => download("kdlab-predictions.json", JSON.stringify(predictions(), null, 2)));
    erase.addEventListener("click", () => {
      storage.remove("predictions");
      show();
    });
    list.replaceChildren(
      element("p", { textContent: words, role: "status" }),
      element("p", { className: "kd-buttons" }, [take, erase]),
      element("p", { className: "kd-complaint", textContent: storage.note() }),
    );
  };
  show();
  place.replaceChildren(list);
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
