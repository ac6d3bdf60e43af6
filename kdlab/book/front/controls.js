// What a reader can set: sliders, choices, freely edited numbers. Each control is {element, get(), set(value)}.

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

function makeControl(spec, values, onchange) {
  const make = { slider: makeSlider, choice: makeChoice, numbers: makeNumbers }[spec.kind];
  return make(spec, values, onchange);
}

function labelled(text, input) {
  input.id = `kd-control-${++controlCount}`;
  return element("label", { htmlFor: input.id, textContent: text });
}

// The slider steps through the grid's values; once Python runs it also stands between them.
function makeSlider(spec, values, onchange) {
  const last = values.length - 1;
  const slider = element("input", { type: "range", min: 0, max: last, step: 1 });
  const exact = element("input", { type: "number", min: spec.low, max: spec.high, step: "any" });
  exact.setAttribute("aria-label", `${spec.label}, exact value`);
  let value = spec.value;

  const position = (number) => {
    const above = values.findIndex((v) => v >= number);
    if (above <= 0) return above < 0 ? last : 0;
    const [low, high] = [values[above - 1], values[above]];
    return above - 1 + (along(number) - along(low)) / (along(high) - along(low));
  };
  const along = (number) => (spec.scale === "log" ? Math.log(number) : number);
  const valueAt = (at) => {
    const below = Math.min(Math.floor(at), last - 1);
    if (at === Math.round(at)) return values[at];
    const mixed = along(values[below]) + (at - below) * (along(values[below + 1]) - along(values[below]));
    return Number((spec.scale === "log" ? Math.exp(mixed) : mixed).toPrecision(4));
  };
  const show = () => {
    slider.value = position(value);
    slider.setAttribute("aria-valuetext", `${spec.label} = ${value}`);
    if (document.activeElement !== exact) exact.value = value;
  };
  slider.addEventListener("input", () => {
    value = valueAt(Number(slider.value));
    show();
    onchange();
  });
  exact.addEventListener("input", () => {
    const given = exact.valueAsNumber;
    const allowed = given >= spec.low && given <= spec.high;
    exact.setAttribute("aria-invalid", String(!allowed));
    exact.title = allowed ? "" : `a number from ${spec.low} to ${spec.high}`;
    if (!allowed) return;
    value = given;
    show();
    onchange();
  });
  exact.addEventListener("blur", () => {
    exact.removeAttribute("aria-invalid");
    show();
  });
  const row = element("div", { className: "kd-control" }, [labelled(spec.label, slider), slider, exact]);
  show();
  return {
    element: row,
    get: () => value,
    set: (given) => {
      value = given;
      show();
    },
    // With measured pictures there is nothing between the grid's values.
    refine: () => (slider.step = "any"),
    gridOnly: () => (exact.disabled = true),
  };
}

function makeChoice(spec, values, onchange) {
  const select = element(
    "select",
    {},
    spec.options.map((option) => element("option", { value: option, textContent: option })),
  );
  select.value = spec.value;
  select.addEventListener("change", onchange);
  return {
    element: element("div", { className: "kd-control" }, [labelled(spec.label, select), select]),
    get: () => select.value,
    set: (given) => (select.value = given),
    refine: () => {},
    gridOnly: () => {},
  };
}

function makeNumbers(spec, values, onchange) {
  const sliders = spec.names.map((name, i) => {
    const slider = element("input", { type: "range", min: spec.low, max: spec.high, step: spec.step });
    const output = element("output");
    const show = () => {
      output.textContent = slider.value;
      slider.setAttribute("aria-valuetext", `${name} = ${slider.value}`);
    };
    slider.value = spec.value[i];
    slider.addEventListener("input", () => {
      show();
      onchange();
    });
    show();
    return { slider, show, row: element("div", { className: "kd-number" }, [labelled(name, slider), slider, output]) };
  });
  const rows = element(
    "div",
    { className: "kd-number-rows" },
    sliders.map(({ row }) => row),
  );
  return {
    element: element("fieldset", { className: "kd-numbers" }, [element("legend", { textContent: spec.label }), rows]),
    get: () => sliders.map(({ slider }) => slider.valueAsNumber),
    set: (given) =>
      sliders.forEach(({ slider, show }, i) => {
        slider.value = given[i];
        show();
      }),
    refine: () => {},
    gridOnly: () => {},
  };
}
