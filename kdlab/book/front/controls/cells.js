// A table of cells that one draws on, with the pointer or with a cursor that the arrow keys move: Cells are on or off, Paint
// is dark or light. The cells are the pixels of a small canvas; a style sheet makes them large and gives them their colour.

function cellTable(spec, { most, stroke, onchange }) {
  const { rows, columns } = spec;
  let value = spec.value.map((row) => row.map(Number));
  let at = [0, 0];
  const canvas = element("canvas", { width: columns, height: rows });
  const cursor = element("div", { className: "kd-cell-cursor" });
  const spoken = element("p", { className: "kd-spoken", ariaLive: "polite" });
  const table = element("div", { className: "kd-cells", tabIndex: 0, role: "application" }, [canvas, cursor]);
  table.setAttribute("aria-label", `${spec.label}: ${rows} rows of ${columns} cells. The arrow keys move, space ${most > 1 ? "paints" : "switches"}.`);
  table.style.setProperty("--kd-rows", rows);
  table.style.setProperty("--kd-columns", columns);
  const context = canvas.getContext("2d");

  const show = () => {
    const image = context.createImageData(columns, rows);
    value.flat().forEach((dark, i) => (image.data[4 * i + 3] = (255 * dark) / most));
    context.putImageData(image, 0, 0);
    cursor.style.left = `${(100 * at[1]) / columns}%`;
    cursor.style.top = `${(100 * at[0]) / rows}%`;
  };
  const set = (given) => {
    value = given.map((row) => row.map(Number));
    show();
  };
  const draw = (row, column, first) => {
    at = [row, column];
    value = stroke(value, row, column, first);
    show();
    onchange();
  };
  const cellAt = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const cell = (part, count) => Math.min(count - 1, Math.max(0, Math.floor(part * count)));
    return [cell((clientY - box.top) / box.height, rows), cell((clientX - box.left) / box.width, columns)];
  };
  table.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    table.focus({ preventScroll: true });
    table.setPointerCapture(event.pointerId);
    draw(...cellAt(event), true);
  });
  table.addEventListener("pointermove", (event) => {
    if (!table.hasPointerCapture(event.pointerId)) return;
    const [row, column] = cellAt(event);
    // a quick pointer skips cells: they are drawn as well
    const [fromRow, fromColumn] = at;
    const steps = Math.max(Math.abs(row - fromRow), Math.abs(column - fromColumn));
    for (let k = 1; k <= steps; k++) draw(Math.round(fromRow + ((row - fromRow) * k) / steps), Math.round(fromColumn + ((column - fromColumn) * k) / steps), false);
  });
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  table.addEventListener("keydown", (event) => {
    if (event.key === " " || event.key === "Enter") draw(...at, true);
    else if (event.key in moves) {
      const [down, right] = moves[event.key];
      at = [Math.min(rows - 1, Math.max(0, at[0] + down)), Math.min(columns - 1, Math.max(0, at[1] + right))];
      show();
    } else return;
    event.preventDefault();
    const dark = value[at[0]][at[1]];
    spoken.textContent = `Row ${at[0] + 1}, column ${at[1] + 1}: ${most > 1 ? `${Math.round((100 * dark) / most)} %` : dark ? "on" : "off"}`;
  });
  show();
  return { elements: [table, spoken], get: () => value, set };
}

// What both kinds have: ready drawings, clearing, and an address.
function cellsControl(spec, table, onchange, { tools = [], digits, most, value }) {
  const put = (given) => {
    table.set(given);
    onchange();
  };
  const press = (name, given) => {
    const button = element("button", { type: "button", textContent: name });
    button.addEventListener("click", () => put(given));
    return button;
  };
  const empty = Array.from({ length: spec.rows }, () => Array(spec.columns).fill(0));
  const buttons = [...Object.entries(spec.presets).map(([name, given]) => press(name, given)), press("Clear", empty)];
  const hex = (dark) => dark.toString(16).padStart(digits, "0");
  return {
    element: controlGroup(spec.label, [...table.elements, element("div", { className: "kd-buttons" }, [...tools, ...buttons])], "kd-drawing"),
    get: () => table.get().map((row) => row.map(value)),
    set: table.set,
    write: () => table.get().flat().map(hex).join(""),
    read: (text) => {
      const { rows, columns } = spec;
      if (text.length !== digits * rows * columns || !/^[0-9a-f]*$/.test(text)) return undefined;
      const cells = text.match(new RegExp(`.{${digits}}`, "g")).map((each) => parseInt(each, 16));
      if (cells.some((cell) => cell > most)) return undefined;
      return Array.from({ length: rows }, (_, i) => cells.slice(i * columns, (i + 1) * columns).map(value));
    },
    words: () => `${table.get().flat().filter(Boolean).length} of ${spec.rows * spec.columns} cells`,
  };
}

// The first cell of a stroke decides whether it switches on or off.
controlKinds.cells = (spec, values, onchange) => {
  let on = 1;
  const stroke = (value, row, column, first) => {
    if (first) on = 1 - value[row][column];
    return value.map((cells, i) => (i === row ? cells.map((cell, j) => (j === column ? on : cell)) : cells));
  };
  const table = cellTable(spec, { most: 1, stroke, onchange });
  return cellsControl(spec, table, onchange, { digits: 1, most: 1, value: Boolean });
};

// A brush of 1 to 3 cells, and an eraser as wide.
controlKinds.paint = (spec, values, onchange) => {
  const size = element("select", {}, [1, 2, 3].map((cells) => element("option", { value: cells, textContent: cells, selected: cells === 2 })));
  const erase = element("input", { type: "checkbox" });
  const stroke = (value, row, column) => {
    const width = Number(size.value);
    const near = (i, centre) => i > centre - width / 2 - 0.5 && i <= centre + width / 2 - 0.5;
    const cover = width === 1 ? (i, j) => i === row && j === column : (i, j) => near(i, row) && near(j, column);
    return value.map((cells, i) => cells.map((cell, j) => (cover(i, j) ? (erase.checked ? 0 : 255) : cell)));
  };
  const table = cellTable(spec, { most: 255, stroke, onchange });
  const tools = [labelled("brush", size), size, element("label", { className: "kd-tick" }, [erase, element("span", { textContent: "erase" })])];
  return cellsControl(spec, table, onchange, { tools, digits: 2, most: 255, value: Number });
};
