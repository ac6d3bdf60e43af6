// What a reader can set: one function for each kind of control in kdlab/explore/controls.py, by the name of the kind.
//
// make(spec, values, onchange, widget) returns {element, get(), set(value), write(), read(text)}: its value in an address,
// and the value that such a text stands for, undefined if it is none. Where it can, a control also has
//   items()        what is taken hold of in the picture, see hold.js
//   off(reason)    show which of its values have no picture: reason(value) is the sentence why, or ""
//   refine()       Python runs: values between those of the grid can be set
//   gridOnly()     only values of the grid can be set
//   words()        its value in words, where that is not what write() returns

const controlKinds = {};
let controlCount = 0;

function element(tag, properties = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function makeControl(spec, values, onchange, widget) {
  return controlKinds[spec.kind](spec, values, onchange, widget);
}

function labelled(text, input) {
  input.id = `kd-control-${++controlCount}`;
  return element("label", { htmlFor: input.id, textContent: text });
}

function controlRow(label, parts) {
  return element("div", { className: "kd-control" }, [label, ...parts]);
}

function controlGroup(label, parts, className = "") {
  const row = element("div", { className: "kd-members" }, parts);
  return element("fieldset", { className: `kd-control kd-group ${className}` }, [element("legend", { textContent: label }), row]);
}

// A button that goes through `count` steps, one every `ms`; where motion is not wanted, a step a press.
function playButton({ count, at, go, ms, label }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const button = element("button", { type: "button", className: "kd-play" });
  let timer = null;
  const show = () => {
    button.textContent = calm.matches ? "Next" : timer ? "Pause" : "Play";
    button.setAttribute("aria-label", `${button.textContent}: ${label}`);
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    show();
  };
  const step = () => {
    const next = (at() + 1) % count;
    go(next);
    if (next === count - 1) stop();
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (calm.matches || at() >= count - 1) step();
    if (!calm.matches) timer = setInterval(step, ms);
    show();
  });
  calm.addEventListener("change", stop);
  show();
  return { button, stop };
}

// The slider steps through the grid's values; once Python runs it also stands between them.
controlKinds.slider = (spec, values, onchange) => {
  const last = values.length - 1;
  const slider = element("input", { type: "range", min: 0, max: last, step: 1 });
  let value = spec.value;

  const along = (number) => (spec.scale === "log" ? Math.log(number) : number);
  const position = (number) => {
    if (number === null) return 0;
    const above = values.findIndex((v) => v !== null && v >= number);
    if (above < 0) return last;
    if (above === 0 || values[above - 1] === null) return above;
    const [low, high] = [values[above - 1], values[above]];
    return above - 1 + (along(number) - along(low)) / (along(high) - along(low));
  };
  const valueAt = (at) => {
    const below = Math.min(Math.floor(at), last - 1);
    if (at === Math.round(at) || values[below] === null) return values[Math.round(at)];
    const mixed = along(values[below]) + (at - below) * (along(values[below + 1]) - along(values[below]));
    return rounded(spec.scale === "log" ? Math.exp(mixed) : mixed);
  };
  const rounded = (number) => Math.min(spec.high, Math.max(spec.low, spec.integer ? Math.round(number) : Number(number.toPrecision(4))));
  const text = (number) => (number === null ? spec.none : String(number));
  const show = () => {
    slider.value = position(value);
    slider.setAttribute("aria-valuetext", `${spec.label} = ${text(value)}`);
    exact.show(value);
  };
  const put = (number) => {
    value = number;
    show();
    onchange();
  };
  const exact = numberBox({ ...spec, label: `${spec.label}, exact value`, put, shown: () => value });
  const pace = Math.min(400, Math.max(60, 6000 / last));
  const at = () => Math.floor(position(value));
  const player = spec.play ? playButton({ count: last + 1, at, go: (next) => put(values[next]), ms: pace, label: spec.label }) : null;
  slider.addEventListener("input", () => {
    player?.stop();
    put(valueAt(Number(slider.value)));
  });
  let between = false;
  const nearest = (number) => (between ? rounded(number) : values[Math.round(position(number))]);
  const byKeys = (number, direction, coarse) => {
    const at = position(number) + direction * (coarse ? Math.max(1, Math.round(last / 10)) : 1);
    return valueAt(Math.min(last, Math.max(0, Math.round(at))));
  };
  show();
  return {
    element: controlRow(labelled(spec.label, slider), [slider, exact.element, ...(player ? [player.button] : []), exact.complaint]),
    get: () => value,
    set: (given) => {
      value = given;
      show();
    },
    write: () => text(value),
    read: (written) => (spec.none && written === spec.none ? null : readNumber(written, spec)),
    items: () => [{ label: spec.label, low: spec.low, high: spec.high, get: () => value, put: (number) => put(nearest(number)), byKeys, sideways: true }],
    refine: () => {
      between = true;
      slider.step = spec.integer ? 1 : "any";
    },
    // With measured pictures there is nothing between the grid's values.
    gridOnly: () => exact.disable(),
  };
};

// Up to four options are buttons, more are a menu.
controlKinds.choice = (spec, values, onchange) => {
  const { options } = spec;
  const few = options.length <= 4;
  const off = element("p", { className: "kd-off" });
  const made = few ? choiceButtons(spec, onchange) : choiceMenu(spec, onchange);
  const put = (value) => {
    made.set(value);
    onchange();
  };
  const at = () => options.indexOf(made.get());
  // where a question holds it back it stops: whoever has answered reads the verdict first
  const go = (next) => {
    put(options[next]);
    if (at() !== next) player.stop();
  };
  const player = spec.play ? playButton({ count: options.length, at, go, ms: 1400, label: spec.label }) : null;
  const parts = [...made.parts, ...(player ? [player.button] : []), off];
  return {
    element: few ? controlGroup(spec.label, parts) : controlRow(made.label, parts),
    get: made.get,
    set: made.set,
    put,
    write: made.get,
    read: (text) => (options.includes(text) ? text : undefined),
    off: (reason) => {
      const reasons = options.map(reason);
      reasons.forEach((sentence, i) => made.disable(i, Boolean(sentence)));
      off.replaceChildren(...offList(options, reasons));
    },
  };
};

// Why options are off, each reason once.
function offList(options, reasons) {
  const sentences = [...new Set(reasons.filter(Boolean))];
  return sentences.map((sentence) => `${options.filter((_, i) => reasons[i] === sentence).join(", ")}: ${sentence} `);
}

function choiceButtons(spec, onchange) {
  const name = `kd-choice-${++controlCount}`;
  const inputs = spec.options.map((value) => element("input", { type: "radio", name, value, checked: value === spec.value }));
  inputs.forEach((input) => input.addEventListener("change", onchange));
  const labels = inputs.map((input, i) => element("label", {}, [input, element("span", { textContent: spec.options[i] })]));
  return {
    parts: [element("div", { className: "kd-seg" }, labels)],
    get: () => inputs.find((input) => input.checked).value,
    set: (value) => (inputs[spec.options.indexOf(value)].checked = true),
    disable: (i, now) => (inputs[i].disabled = now),
  };
}

function choiceMenu(spec, onchange) {
  const options = spec.options.map((value) => element("option", { value, textContent: value }));
  const menu = element("select", {}, options);
  menu.value = spec.value;
  menu.addEventListener("change", onchange);
  return {
    label: labelled(spec.label, menu),
    parts: [menu],
    get: () => menu.value,
    set: (value) => (menu.value = value),
    disable: (i, now) => (options[i].disabled = now),
  };
}

// One answer for the whole book, kept in this browser; all widgets of a page follow.
controlKinds.track = (spec, values, onchange) => {
  const kept = storage.get("track");
  const chosen = () => {
    storage.set("track", control.get());
    onchange();
    document.dispatchEvent(new CustomEvent("kd-track"));
  };
  const control = controlKinds.choice({ ...spec, value: spec.options.includes(kept) ? kept : spec.value }, values, chosen);
  document.addEventListener("kd-track", () => {
    if (control.get() === storage.get("track")) return;
    control.set(storage.get("track"));
    onchange();
  });
  return control;
};

controlKinds.switch = (spec, values, onchange) => {
  const button = element("button", { type: "button", className: "kd-switch", role: "switch" });
  const off = element("p", { className: "kd-off" });
  const on = () => button.getAttribute("aria-checked") === "true";
  const set = (value) => button.setAttribute("aria-checked", String(value));
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    set(!on());
    onchange();
  });
  set(spec.value);
  return {
    element: controlRow(labelled(spec.label, button), [button, off]),
    get: on,
    set,
    write: () => (on() ? "on" : "off"),
    read: (text) => ({ on: true, off: false })[text],
    off: (reason) => {
      off.textContent = reason(!on());
      button.setAttribute("aria-disabled", String(Boolean(off.textContent)));
    },
  };
};

controlKinds.ticks = (spec, values, onchange) => {
  const { options } = spec;
  const boxes = options.map((option) => element("input", { type: "checkbox", value: option, checked: spec.value.includes(option) }));
  boxes.forEach((box) => box.addEventListener("change", onchange));
  const labels = boxes.map((box, i) => element("label", { className: "kd-tick" }, [box, element("span", { textContent: options[i] })]));
  const get = () => options.filter((_, i) => boxes[i].checked);
  const off = element("p", { className: "kd-off" });
  return {
    element: controlGroup(spec.label, [...labels, off]),
    get,
    set: (value) => boxes.forEach((box, i) => (box.checked = value.includes(options[i]))),
    write: () => get().join(","),
    read: (text) => {
      const words = text ? text.split(",") : [];
      return words.every((word) => options.includes(word)) ? options.filter((option) => words.includes(option)) : undefined;
    },
    words: () => get().join(", ") || "none",
    off: (reason) => {
      const other = (option) => options.filter((each) => (each === option) !== get().includes(each));
      const reasons = options.map((option) => reason(other(option)));
      boxes.forEach((box, i) => (box.disabled = Boolean(reasons[i])));
      off.replaceChildren(...offList(options, reasons));
    },
  };
};

// Some words; a word that is not allowed is marked and said, and changes nothing.
controlKinds.words = (spec, values, onchange) => {
  const [fewest, most] = spec.letters;
  const pattern = new RegExp(`^(?:${spec.pattern})$`, "u");
  let value = [...spec.value];
  const complaint = element("p", { className: "kd-complaint", role: "alert" });
  const boxes = value.map((word, i) => {
    const box = element("input", { type: "text", value: word, maxLength: most, size: most, spellcheck: false, autocapitalize: "off", autocomplete: "off" });
    box.setAttribute("aria-label", `${spec.label}, word ${i + 1}`);
    box.addEventListener("input", () => {
      const wrong = wrongWord(box.value, i);
      box.setAttribute("aria-invalid", String(Boolean(wrong)));
      complaint.textContent = wrong;
      if (wrong) return;
      value[i] = box.value;
      onchange();
    });
    box.addEventListener("blur", () => {
      box.removeAttribute("aria-invalid");
      complaint.textContent = "";
      box.value = value[i];
    });
    return box;
  });
  const wrongWord = (word, i) => {
    if ([...word].length < fewest || [...word].length > most || !pattern.test(word)) return `A word of ${fewest} to ${most} letters, ${spec.pattern}.`;
    return value.some((other, j) => j !== i && other === word) ? `“${word}” is there already.` : "";
  };
  return {
    element: controlGroup(spec.label, [...boxes, complaint]),
    get: () => [...value],
    set: (given) => {
      value = [...given];
      boxes.forEach((box, i) => (box.value = value[i]));
    },
    write: () => value.join(","),
    read: (text) => {
      const words = text.split(",");
      const allowed = words.length === spec.count && new Set(words).size === words.length;
      return allowed && words.every((word) => word.length >= fewest && word.length <= most && pattern.test(word)) ? words : undefined;
    },
    words: () => value.join(", "),
  };
};

controlKinds.seed = (spec, values, onchange, widget) => {
  let value = spec.value;
  const range = { low: 0, high: spec.count - 1, integer: true };
  const put = (number) => {
    value = number;
    box.show(value);
    onchange();
  };
  const box = numberBox({ ...range, label: spec.label, put, shown: () => value });
  const next = element("button", { type: "button", textContent: "Next" });
  next.setAttribute("aria-label", `Next ${spec.label}`);
  next.addEventListener("click", () => put((value + 1) % spec.count));
  box.show(value);
  return {
    element: controlRow(labelled(spec.label, box.box), [box.element, next, box.complaint, ...(spec.runs_all ? [allSeeds(spec, widget)] : [])]),
    get: () => value,
    set: (given) => {
      value = given;
      box.show(value);
    },
    write: () => String(value),
    read: (text) => readNumber(text, range),
  };
};

// Something that Python does at a press; it is done anew each time, and nothing keeps what came out.
controlKinds.action = (spec, values, onchange, widget) => {
  let value = null;
  let running = false;
  const button = element("button", { type: "button", textContent: spec.label });
  const status = element("span", { className: "kd-doing", role: "status" });
  button.addEventListener("click", async () => {
    if (running) return widget.runtimes.widgets.stop();
    running = true;
    button.textContent = "Cancel";
    status.textContent = "Python is at it …";
    try {
      value = await widget.act(spec.name, spec.seconds);
      status.textContent = "";
      onchange();
    } catch (error) {
      status.textContent = error.message;
    }
    running = false;
    button.textContent = spec.label;
  });
  return {
    element: element("div", { className: "kd-control" }, [button, status]),
    get: () => value,
    set: () => (value = null),
    write: () => "",
    read: () => null,
    words: () => (value === null ? "not yet" : "done"),
  };
};

// The reader's own answers, from the diary of this browser: of each question the first, since the verdict has told the rest.
controlKinds.diary = (spec, values, onchange, widget) => {
  const shown = element("output");
  const answers = () => {
    const first = new Map();
    for (const { widget, question, confidence, right } of diary.of("prediction")) {
      const place = JSON.stringify([widget, question]);
      if (confidence >= 0 && confidence <= 1 && typeof right === "boolean" && !first.has(place)) first.set(place, [confidence, right]);
    }
    return [...first.values()];
  };
  const wanted = () => {
    if (!spec.only_at) return true;
    const [name, option] = spec.only_at;
    return widget.controls[widget.spec.controls.findIndex((control) => control.name === name)].get() === option;
  };
  const get = () => (wanted() ? answers() : []);
  const show = () => (shown.textContent = String(answers().length));
  document.addEventListener("kd-answered", () => {
    show();
    onchange();
  });
  show();
  return { element: controlRow(labelled(spec.label, shown), [shown]), get, set: () => {}, write: () => "", read: () => [], words: () => shown.textContent };
};
