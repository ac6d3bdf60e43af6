// Numbers: a box for one, a list of boxes for several, and what hangs on such a list.

// A number of an address or of a box: undefined if it is none that can be set.
function readNumber(text, { low, high, integer = false }) {
  const number = text.trim() === "" ? NaN : Number(text.replace("−", "-"));
  return number >= low && number <= high && (!integer || Number.isInteger(number)) ? number : undefined;
}

function readNumbers(text) {
  return text.trim().split(/[\s,;]+/).map((part) => Number(part.replace("−", "-")));
}

// A box for one number. What is out of range is marked and said, and changes nothing; `shown()` is what stands there when
// it is left; `pasted(numbers)` takes several at once.
function numberBox({ label, low, high, step = "any", integer = false, put, shown, pasted = null }) {
  const box = element("input", { type: "number", min: low, max: high, step: integer ? 1 : step });
  const complaint = element("span", { className: "kd-complaint", role: "alert" });
  box.setAttribute("aria-label", label);
  const say = (sentence) => {
    complaint.textContent = sentence;
    if (sentence) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  };
  const show = (value) => document.activeElement !== box && (box.value = value ?? "");
  box.addEventListener("input", () => {
    const number = readNumber(box.value, { low, high, integer });
    say(number === undefined ? `${integer ? "an integer" : "a number"} from ${low} to ${high}` : "");
    if (number !== undefined) put(number);
  });
  box.addEventListener("blur", () => {
    say("");
    show(shown());
  });
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (!pasted || !/\d[\s,;]+\S/.test(text.trim())) return;
    event.preventDefault();
    say(pasted(readNumbers(text)));
  });
  const said = { element: box, box, complaint, show, say };
  return { ...said, disable: () => (box.disabled = true) };
}

// A list of numbers, each with its name. `moved(values, i, number)` is the list once number i is set; `wrong(numbers)` says
// what keeps a list from being set, or "".
function numbersControl(spec, onchange, { names, low, high, step, moved, wrong, shown = (number) => number, sideways = false }) {
  let value = [...spec.value];
  const set = (numbers) => {
    value = [...numbers];
    boxes.forEach((box, i) => box.show(shown(value[i])));
  };
  const change = (numbers) => {
    set(numbers);
    onchange();
  };
  const count = (numbers) => (numbers.length === names.length ? wrong(numbers) : `${numbers.length} numbers were given; ${names.length} are needed.`);
  const pasted = (numbers) => {
    const complaint = count(numbers);
    if (complaint) return complaint;
    document.activeElement.blur(); // so that its box shows the new number too
    change(numbers);
    return "";
  };
  const put = (i, number) => change(moved(value, i, Math.min(high, Math.max(low, number))));
  const boxes = names.map((label, i) => numberBox({ label, low, high, step, pasted, put: (number) => put(i, number), shown: () => shown(value[i]) }));
  const fields = boxes.map(({ box, complaint }, i) => element("div", { className: "kd-number" }, [labelled(names[i], box), box, complaint]));
  boxes.forEach(({ box }) => box.removeAttribute("aria-label"));
  set(value);
  const onStep = (number) => Number((step * Math.round(number / step)).toPrecision(12));
  const item = (label, i) => ({
    label,
    low,
    high,
    sideways,
    get: () => value[i],
    put: (number) => put(i, onStep(number)),
    byKeys: (number, direction, coarse) => number + direction * step * (coarse ? 10 : 1),
  });
  return {
    element: controlGroup(spec.label, fields, "kd-numbers"),
    get: () => [...value],
    set,
    write: () => value.join(","),
    read: (text) => (count(readNumbers(text)) ? undefined : readNumbers(text)),
    words: () => names.map((name, i) => `${name} ${shown(value[i])}`).join(", "),
    items: () => names.map(item),
  };
}

controlKinds.numbers = (spec, values, onchange) => {
  const { names, low, high, step } = spec;
  const moved = (value, i, number) => value.map((old, j) => (j === i ? number : old));
  const wrong = (numbers) => (numbers.every((number) => number >= low && number <= high) ? "" : `Numbers from ${low} to ${high} are needed.`);
  return numbersControl(spec, onchange, { names, low, high, step, moved, wrong });
};

// Parts of one whole: as one is set, the others scale in proportion, evenly if all of them are 0.
controlKinds.shares = (spec, values, onchange) => {
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  const moved = (value, i, share) => {
    const others = sum(value) - value[i];
    return value.map((old, j) => (j === i ? share : others > 1e-9 ? (old / others) * (1 - share) : (1 - share) / (value.length - 1)));
  };
  const wrong = (numbers) => (numbers.every((number) => number >= 0) && Math.abs(sum(numbers) - 1) < 1e-6 ? "" : "Numbers of at least 0 with the sum 1 are needed.");
  const shown = (number) => Number(number.toFixed(4));
  return numbersControl(spec, onchange, { names: spec.names, low: 0, high: 1, step: 0.01, moved, wrong, shown });
};

// Cuts rise: none can be pushed over its neighbour.
controlKinds.cuts = (spec, values, onchange) => {
  const { low, high } = spec;
  const step = Number(((high - low) / 100).toPrecision(1));
  const names = spec.value.map((_, i) => `cut ${i + 1}`);
  const moved = (value, i, number) => {
    const [least, most] = [i ? value[i - 1] + step / 10 : low, i < value.length - 1 ? value[i + 1] - step / 10 : high];
    return value.map((old, j) => (j === i ? Number(Math.min(most, Math.max(least, number)).toPrecision(12)) : old));
  };
  const wrong = (numbers) => {
    const rise = numbers.every((number, i) => number >= low && number <= high && (i === 0 || number > numbers[i - 1]));
    return rise ? "" : `Numbers that rise from ${low} to ${high} are needed.`;
  };
  return numbersControl(spec, onchange, { names, low, high, step, moved, wrong, sideways: true });
};
