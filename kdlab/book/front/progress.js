// How far the reader is, computed from the diary. progress.of("temperature") is
//   {opened, finished, answered, asked, passed, exercises, share}
// `finished`: its end was seen; answered of asked widgets; passed of exercises; share: from 0 to 1, what a box of the map is
// filled by: a part each for opening it, for its end, for each widget answered and each exercise passed.
// progress.track and progress.path are settings of the whole book ("sensor", ...): read them, or set them.

const progress = {
  // What the chapters have, in order: on pages that show progress.
  chapters: [],

  of(name) {
    const { widgets = [], exercises = [] } = this.chapters.find((chapter) => chapter.name === name) ?? {};
    const has = (entry) => this.has(entry);
    const opened = has({ kind: "opened", chapter: name });
    const finished = has({ kind: "finished", chapter: name });
    const answered = widgets.filter((widget) => has({ kind: "prediction", widget })).length;
    const passed = exercises.filter((exercise) => has({ kind: "passed", exercise })).length;
    const asked = widgets.length;
    const share = (opened + finished + answered + passed) / (2 + asked + exercises.length);
    return { opened, finished, answered, asked, passed, exercises: exercises.length, share };
  },

  has(entry) {
    return diary.all().some((kept) => Object.entries(entry).every(([name, value]) => kept[name] === value));
  },

  // "4 of 19 chapters, 11 predictions, 7 right, 2 exercises passed"
  inWords() {
    const finished = this.chapters.filter(({ name }) => this.of(name).finished).length;
    const guesses = diary.of("prediction");
    const right = guesses.filter((guess) => guess.right === true).length;
    const passed = new Set(diary.of("passed").map(({ exercise }) => exercise)).size;
    return `${finished} of ${count(this.chapters.length, "chapter", "chapters")}, ${count(guesses.length, "prediction", "predictions")}, ${right} right, ${count(passed, "exercise", "exercises")} passed`;
  },

  get track() {
    return storage.get("track");
  },

  set track(name) {
    storage.set("track", name);
  },

  get path() {
    return storage.get("path");
  },

  set path(name) {
    storage.set("path", name);
  },
};

// A chapter is opened when its page is, and finished when its end has been seen.
function noteReading() {
  const chapter = location.pathname.match(/[/]chapters[/](?:principles|compression|interplay|applications)[/](\w+)[.]html$/)?.[1];
  if (!chapter) return;
  diary.once({ kind: "opened", chapter });
  const end = document.querySelector(".kd-next") ?? document.querySelector("article")?.lastElementChild;
  if (!end) return;
  const watch = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting) return;
    diary.once({ kind: "finished", chapter });
    watch.disconnect();
  });
  watch.observe(end);
}

function showProgress() {
  const data = document.querySelector(".kd-chapters");
  progress.chapters = data ? JSON.parse(data.textContent) : [];
  for (const place of document.querySelectorAll(".kd-progress-place"))
    place.replaceChildren(element("p", { className: "kd-progress", textContent: `${progress.inWords()}.` }));
  for (const box of document.querySelectorAll(".kd-map-idea")) {
    const { share } = progress.of(box.dataset.idea);
    box.querySelector(".kd-map-read").setAttribute("width", share * box.querySelector(".kd-map-box").getAttribute("width"));
    if (share) box.setAttribute("aria-label", `${box.getAttribute("aria-label")} Read: ${Math.round(100 * share)} %.`);
  }
}

// A case of the museum is lit where its exercise was solved, and says so.
function lightCases() {
  for (const hall of document.querySelectorAll(".kd-hall")) {
    const cases = [...hall.querySelectorAll(".kd-glass")];
    const lit = cases.filter(({ dataset: { exercise } }) => exercise && progress.has({ kind: "passed", exercise }));
    for (const one of lit) {
      one.classList.add("kd-lit");
      one.querySelector("a").append(element("span", { className: "kd-glass-says", textContent: "solved" }));
    }
    hall.nextElementSibling.firstElementChild.textContent = `${lit.length} of ${cases.length} cases are lit.`;
  }
}
