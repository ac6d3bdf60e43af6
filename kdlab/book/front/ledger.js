// The ledger: which rows are shown, by verdict, chapter and words; a row that an address names is open.

function fillLedger() {
  const rows = [...document.querySelectorAll("details.kd-claim")];
  if (!rows.length) return;
  const groups = [...new Set(rows.map((row) => row.closest("section")))];
  const verdicts = [...new Set(rows.map((row) => row.dataset.verdict))];
  const chapters = [...new Set(rows.map((row) => row.dataset.chapter).filter(Boolean))];
  const form = element("form", { className: "kd-ledger-filter" });
  form.setAttribute("role", "search");
  const boxes = verdicts.map((verdict) => {
    const box = element("input", { type: "checkbox", value: verdict, checked: true });
    const count = rows.filter((row) => row.dataset.verdict === verdict).length;
    form.append(element("label", { className: "kd-ledger-verdict" }, [box, ` ${verdict} (${count})`]));
    return box;
  });
  const chapter = element("select", {}, [element("option", { value: "" }, ["every chapter"])]);
  for (const name of chapters) chapter.append(element("option", { value: name }, [name.replaceAll("_", " ")]));
  const words = element("input", { type: "search", placeholder: "words" });
  const status = element("p", { className: "kd-ledger-status" });
  status.setAttribute("role", "status");
  form.append(element("label", {}, ["Chapter ", chapter]), element("label", {}, ["Holding the words ", words]), status);
  groups[0].before(form);

  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  function show() {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const sought = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const { verdict, chapter: its } = row.dataset;
      const fits = wanted.has(verdict) && (!chapter.value || its === chapter.value);
      row.hidden = !(fits && sought.every((word) => texts.get(row).includes(word)));
    }
    for (const group of groups) group.hidden = rows.every((row) => row.hidden || row.closest("section") !== group);
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = `${shown} of ${rows.length} statements are shown.`;
  }
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());

  function openNamed() {
    const row = rows.find((row) => `#${row.id}` === location.hash);
    if (!row) return;
    boxes.forEach((box) => (box.checked = true));
    chapter.value = words.value = "";
    show();
    row.open = true;
    row.scrollIntoView();
  }
  window.addEventListener("hashchange", openNamed);
  show();
  openNamed();
}
