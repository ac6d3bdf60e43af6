// Before a widget answers, the reader predicts, with a confidence. The guess stays in this browser.

function predictions() {
  const kept = Object.entries(storage.get("predictions") ?? {});
  return Object.fromEntries(kept.filter(([, prediction]) => typeof prediction?.guess === "number"));
}

// Whether a prediction kept here answers the question: an older edition of the book may have asked another one.
function answersIt(question, prediction) {
  if (!prediction) return false;
  if (question.kind === "pick") return prediction.guess in question.options;
  return prediction.guess >= question.low && prediction.guess <= question.high;
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
  const status = element("p", { role: "status" });
  const take = element("button", { type: "button", textContent: "Take them with you (JSON)" });
  const erase = element("button", { type: "button", className: "kd-quiet", textContent: "Erase them" });
  const note = element("p", { className: "kd-complaint" });
  const show = () => {
    const kept = Object.values(predictions());
    const right = kept.filter((prediction) => prediction.right).length;
    const sure = Math.round((100 * kept.reduce((sum, { confidence }) => sum + confidence, 0)) / kept.length);
    const number = kept.length === 1 ? "1 prediction is" : `${kept.length} predictions are`;
    status.textContent = kept.length
      ? `${number} kept in this browser: ${right} right, and on average you were ${sure} % sure.`
      : "No prediction is kept in this browser yet.";
    take.disabled = erase.disabled = !kept.length;
    note.textContent = storage.note();
  };
  take.addEventListener("click", () => download("kdlab-predictions.json", JSON.stringify(predictions(), null, 2)));
  erase.addEventListener("click", () => {
    storage.remove("predictions");
    show();
  });
  show();
  const buttons = element("p", { className: "kd-buttons" }, [take, erase]);
  place.replaceChildren(element("div", { className: "kd-diary" }, [status, buttons, note]));
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
