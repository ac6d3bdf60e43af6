// A measured number opens: a dot for each seed, what was compared, the command, and its rows of the ledger.

function openMeasured(base) {
  const data = document.querySelector("script.kd-measured-values");
  if (!data) return;
  const { ledger, numbers } = JSON.parse(data.textContent);
  const note = element("div", { className: "kd-measured-note", popover: "auto" });
  document.body.append(note);
  for (const place of document.querySelectorAll(".measured[data-effect]")) {
    const button = element("button", { type: "button", className: "kd-measured" }, [...place.childNodes]);
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-description", "Opens what was measured, seed by seed. The arrow keys go to the next word or number.");
    place.append(button);
    button.popoverTargetElement = note;
    button.addEventListener("click", () => {
      note.setAttribute("aria-label", numbers[place.dataset.effect].words);
      note.replaceChildren(...measuredNote(numbers[place.dataset.effect], button.textContent, base, ledger));
      placeBeside(note, button);
    });
  }
}

function measuredNote(number, text, base, ledger) {
  const rows = number.rows.map(([row, statement]) => {
    const link = element("a", { href: `${ledger}#claim-${row}` }, [`Ledger, ${row}`]);
    return element("li", {}, [link, ` “${statement.replaceAll("$", "")}”`]);
  });
  const seeds = `Each dot is a seed${number.wanted.includes(" - ") ? ", and a difference on that seed" : ""}`;
  const interval = number.values.length > 1 ? ", the mean with its 95 % interval." : ".";
  const record = element("a", { href: base + number.record }, ["the record"]);
  const [command, wanted] = [number.command, number.wanted].map((text) => element("code", {}, [text]));
  return [
    element("p", { className: "kd-measured-words" }, [number.words]),
    dots(number),
    element("p", {}, [`${seeds}; ${number.values.length} of them: ${text}${interval}`]),
    element("p", {}, [command, " makes ", record, ", where it is ", wanted, "."]),
    ...(rows.length ? [element("ul", {}, rows)] : []),
  ];
}

// The values on one line with their mean, stacked where they would cover one another.
function dots({ values, unit }) {
  const [width, height, margin, radius] = [280, 96, 14, 4];
  const low = Math.min(...values, ...(Math.min(...values) < 0 || unit === "points" ? [0] : []));
  const high = Math.max(...values, ...(unit === "points" ? [0] : []));
  const at = (value) => (high > low ? margin + ((value - low) / (high - low)) * (width - 2 * margin) : width / 2);
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "kd-dots" });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const said = (value) => `${+value.toPrecision(3)} ${unit}`.trim();
  svg.setAttribute("aria-label", `From ${said(Math.min(...values))} to ${said(Math.max(...values))}, mean ${said(mean)}.`);
  const base = height - 26;
  svg.append(drawn("line", { x1: 0, x2: width, y1: base + 8, y2: base + 8, class: "kd-dots-axis" }));
  if (low <= 0 && high >= 0) svg.append(drawn("line", { x1: at(0), x2: at(0), y1: 4, y2: base + 8, class: "kd-dots-zero" }));
  svg.append(drawn("line", { x1: at(mean), x2: at(mean), y1: 10, y2: base + 8, class: "kd-dots-mean" }));
  const rows = [];
  for (const value of [...values].sort((a, b) => a - b)) {
    let row = rows.findIndex((last) => at(value) - last >= 2 * radius);
    if (row < 0) row = rows.length;
    rows[row] = at(value);
    svg.append(drawn("circle", { cx: at(value), cy: Math.max(base - 2 * radius * row, radius), r: radius, class: "kd-dot" }));
  }
  for (const [value, anchor] of high > low ? [[low, "start"], [high, "end"]] : [[low, "middle"]]) {
    const label = drawn("text", { x: { start: 0, middle: width / 2, end: width }[anchor], y: height - 2, "text-anchor": anchor });
    label.textContent = said(value).replace("-", "−");
    svg.append(label);
  }
  return svg;
}

function drawn(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// Below the number if there is room, else above; never beyond the sides of the window.
function placeBeside(note, button) {
  requestAnimationFrame(() => {
    const at = button.getBoundingClientRect();
    const size = note.getBoundingClientRect();
    const below = at.bottom + 8 + size.height <= window.innerHeight;
    const left = Math.min(Math.max(8, at.left), document.documentElement.clientWidth - size.width - 8);
    note.style.left = `${Math.max(8, left)}px`;
    note.style.top = `${below ? at.bottom + 8 : Math.max(8, at.top - size.height - 8)}px`;
  });
}
