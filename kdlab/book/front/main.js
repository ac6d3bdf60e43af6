// Bring the page to life: every widget on it, the diary, and one Python for all widgets, started when idle.

const { src, dataset: release } = document.currentScript;
const base = new URL(".", src).href;
// Where the book stands on its host: another one beside it keeps its own things. From disk it may stand in any folder.
const place = location.protocol === "file:" ? "file:" : new URL("../../", base).pathname;

function makeRuntimes(base) {
  const fromDisk = location.protocol === "file:";
  const widgets = [];
  const { archive, python, bytes } = release;
  const files = { base, archive, python, bytes: Number(bytes) };
  const onstate = (state) => state === "ready" && widgets.forEach((widget) => widget.refine());
  return {
    all: widgets,
    possible: !fromDisk,
    why:
      "Python in the page needs a server. In the book's folder run “python -m http.server” and open the address it prints; " +
      "until then the sliders answer from their grid.",
    widgets: new Runtime({ ...files, modules: ["kdlab.explore.page"], onstate }),
    reader: new Runtime({ ...files, modules: ["kdlab.practice.public_checks"] }),
    // Python costs seconds: it starts after the first touch, when the browser has nothing else to do. Who has used it here
    // before has its files, and needs not touch anything.
    touched() {
      if (!this.possible) return;
      storage.set("python", true);
      startWhenIdle(this.possible, this.widgets);
    },
    returned() {
      if (storage.get("python") && !navigator.connection?.saveData) startWhenIdle(this.possible, this.widgets);
    },
    // An editor was opened: a check will follow.
    wanted() {
      startWhenIdle(this.possible, this.reader);
    },
  };
}

function startWhenIdle(possible, runtime) {
  if (!possible || runtime.state !== "off") return;
  const idle = window.requestIdleCallback ?? ((start) => setTimeout(start, 200));
  idle(() => runtime.state === "off" && runtime.start().catch(() => {}));
}

// A link to the state of a widget: its grid is brought at once.
function followLink(widgets) {
  const state = stateInAddress();
  const widget = widgets.find(({ spec }) => spec.name === state?.name);
  if (!widget) return;
  if (widget.controls) widget.takeLink(state.fields);
  else widget.bringNow?.();
}

function main() {
  frame();
  storage.open(`${release.book} ${place}`);
  const figures = document.querySelectorAll("figure.kd-widget");
  const runtimes = makeRuntimes(base);
  for (const figure of figures) runtimes.all.push(new Widget(figure, base, runtimes));
  for (const section of document.querySelectorAll(".kd-exercise")) new Exercise(section, base, runtimes);
  if (figures.length) runtimes.returned();
  document.querySelectorAll(".kd-diary-place").forEach(fillDiary);
  document.querySelectorAll(".kd-today").forEach(fillToday);
  askCards(new URL("../../chapters/appendix/today.html", base));
  noteReading();
  showProgress();
  lightCases();
  fillGlossary();
  openMeasured(base);
  stopAtNotes();
  fillLedger();
  document.querySelectorAll(".kd-map").forEach(liveMap);
  mendSearch();
  const cells = [...document.querySelectorAll("div.cell:has(> .cell_input):not(.pytorch)")];
  new Cells(cells, base, runtimes);
  copyShown(document.querySelectorAll(".admonition.pytorch .highlight"));
  window.addEventListener("hashchange", () => followLink(runtimes.all));
  followLink(runtimes.all);
}

main();
