// The numbers of a picture as a table: one row for each item of each mark.

function numbersTable(picture) {
  const panels = picturePanels(picture);
  return element(
    "div",
    { className: "kd-table", tabIndex: 0, role: "region", ariaLabel: "the numbers of the picture" },
    panels.flatMap(({ picture: panel }) => panelTables(panel, panels.length > 1 ? panel.sentence : "")),
  );
}

function panelTables({ x, y, marks }, title) {
  // what stands a little aside of a category is of that category
  const name = (axis, value) => axis.categories[Math.round(value)] ?? tableNumber(value);
  const rows = marks.map((mark) => ({ ...mark, label: mark.label || seriesName(mark, marks) })).flatMap((mark) => markRows(mark, (value) => name(x, value), (value) => name(y, value)));
  const ranged = rows.some(({ low }) => low !== undefined);
  const head = ["what", x.label || "x", y.label || "y", ...(ranged ? ["from", "to"] : [])];
  const body = rows.map(({ what, x, y, low, high }) => [what, x, y, ...(ranged ? [low ?? "", high ?? ""] : [])]);
  const tables = body.length ? [tableOf(title, head, body)] : [];
  return [...tables, ...marks.filter(({ table }) => table).flatMap(cellsTable)];
}

// What has no name of its own is of the series of its colour.
function seriesName({ kind, color }, marks) {
  const series = ["line", "points", "band"];
  return series.includes(kind) ? marks.find((mark) => series.includes(mark.kind) && mark.color === color && mark.label)?.label : undefined;
}

function tableNumber(value, digits = 5) {
  return typeof value === "number" ? String(Number(value.toPrecision(digits))).replace("-", "−") : String(value ?? "");
}

// {what, x, y, low, high} of each item that has a place; words and pictures have none.
function markRows(mark, nameX, nameY) {
  const at = (name, i) => [mark[name]].flat()[i];
  const from = (name, i, say, word) => `${say(at(`${name}0`, i))} ${word} ${say(at(`${name}1`, i))}`;
  const ends = (word) => (i) => ({ x: from("x", i, nameX, word), y: from("y", i, nameY, word) });
  const one = (nameOfX, nameOfY) => (i) => at(nameOfX, i) !== null && at(nameOfY, i) !== null && { x: nameX(at(nameOfX, i)), y: nameY(at(nameOfY, i)) };
  const kinds = {
    bars: ["bar", mark.horizontal ? one("height", "x") : one("x", "height")],
    line: ["line", one("x", "y")],
    points: ["point", one("x", "y")],
    band: ["band", (i) => ({ x: nameX(at("x", i)), y: "" })],
    rule: ["line", one("x", "y")],
    arrow: ["arrow", ends("→")],
    segments: ["line", ends("→")],
    rects: ["area", ends("to")],
  };
  const [what, row] = kinds[mark.kind] ?? ["", () => false];
  const count = [mark.x ?? mark.x0 ?? mark.y ?? []].flat().length;
  const range = (i) => (mark.low && mark.kind !== "heatmap" ? { low: nameY(at("low", i)), high: nameY(at("high", i)) } : {});
  const rows = Array.from({ length: mark.raster ? 0 : count }, (_, i) => ({ what: mark.label || what, placed: row(i), ...range(i) }));
  return rows.filter(({ placed }) => placed).map(({ placed, ...rest }) => ({ ...rest, ...placed }));
}

// A table of bytes, one table for each of its tiles: what each byte stands for is said in kdlab/explore/marks.py.
function cellsTable({ table, scheme, low, high, captions, label }) {
  const [tiles, rows, columns, shares = 1] = table.shape;
  const bytes = pictureBytes(table);
  const scaled = (byte) => (byte === 0 ? "" : tableNumber(low + ((byte - 1) / 254) * (high - low), 3));
  const says = {
    classes: (byte) => (byte === 0 ? "" : String(byte - 1)),
    mix: (byte) => tableNumber(byte / 255, 2),
    image: (byte) => tableNumber(byte / 255, 2),
  }[scheme ?? "image"] ?? scaled;
  const cell = (at) => Array.from({ length: shares }, (_, share) => says(bytes[at * shares + share])).join(" ");
  return Array.from({ length: tiles }, (_, tile) => {
    const body = Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => cell((tile * rows + row) * columns + column)));
    return tableOf(captions?.[tile] ?? label ?? "", [], body);
  });
}

function tableOf(title, head, rows) {
  const cells = (tag, row) => row.map((text) => element(tag, { textContent: text, ...(tag === "th" ? { scope: "col" } : {}) }));
  const body = element("tbody", {}, rows.map((row) => element("tr", {}, cells("td", row))));
  const parts = head.length ? [element("thead", {}, [element("tr", {}, cells("th", head))]), body] : [body];
  return element("table", {}, title ? [element("caption", { textContent: title }), ...parts] : parts);
}
