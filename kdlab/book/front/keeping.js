// What the reader can do with all that the book keeps here: see how much it is, take it along, bring it back, erase it.

function fillDiary(place) {
  const status = element("p", { role: "status" });
  const answer = element("p", { className: "kd-complaint", role: "alert" });
  const file = element("input", { type: "file", accept: ".json,application/json", hidden: true });
  const take = button("Take it along (a file)", () => download(takenAlong()));
  const bring = button("Bring it back", () => file.click(), "kd-quiet");
  const erase = button("Erase it", () => ask(true), "kd-quiet");
  const surely = button("Erase it for good", () => {
    storage.clear();
    eraseFirstEdition();
    storage.set("schema", SCHEMA);
    ask(false);
    show("Erased.");
  });
  const spare = button("Keep it", () => ask(false), "kd-quiet");
  const asked = element("p", { textContent: "This cannot be undone. Your answers, drafts and progress are nowhere else." });
  const question = element("div", { className: "kd-erase", role: "group", hidden: true }, [asked, element("p", { className: "kd-buttons" }, [surely, spare])]);
  question.setAttribute("aria-label", "Erase it?");

  const show = (words = "") => {
    status.textContent = whatIsKept();
    answer.textContent = words;
    take.disabled = erase.disabled = isEmpty();
  };
  const ask = (now) => {
    question.hidden = !now;
    (now ? spare : erase).focus();
  };
  file.addEventListener("change", async () => {
    show(await broughtBack(file.files[0]));
    file.value = "";
  });
  show();
  window.addEventListener("storage", () => show());
  const buttons = element("p", { className: "kd-buttons" }, [take, bring, erase]);
  place.replaceChildren(element("div", { className: "kd-diary" }, [status, buttons, file, question, answer]));
}

function isEmpty() {
  return storage.keys().every((key) => key === "schema");
}

function whatIsKept() {
  const guesses = diary.of("prediction");
  const right = guesses.filter((guess) => guess.right === true).length;
  const sure = Math.round((100 * guesses.reduce((sum, { confidence }) => sum + confidence, 0)) / guesses.length);
  const drafts = storage.keys("draft/").length;
  const sentences = [
    guesses.length
      ? `${count(guesses.length, "prediction is", "predictions are")} kept in this browser: ${right} right, and on average you were ${sure} % sure.`
      : "No prediction is kept in this browser yet.",
    drafts ? `${count(drafts, "draft of an exercise is", "drafts of exercises are")} kept as well.` : "",
  ];
  return sentences.filter(Boolean).join(" ");
}

function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

// The file: {kdlab: schema, kept: every key with its value}.
function takenAlong() {
  return JSON.stringify({ kdlab: SCHEMA, kept: storage.all() }, null, 1);
}

// Bring a file back, also an older edition's, and lose nothing of what is here. Returns what to say.
async function broughtBack(file) {
  let kept;
  try {
    kept = keptInFile(JSON.parse(await file.text()));
  } catch {
    return `${file.name} is not a file that this book gave out.`;
  }
  if (kept === null) return `${file.name} comes from a newer edition of the book; open that one to bring it back.`;
  const { schema: _, ...rest } = kept;
  for (const [key, value] of Object.entries(rest)) storage.set(key, merged(key, storage.get(key), value));
  return `${file.name} is back, beside what was here.`;
}

// The first edition gave out its predictions alone.
function keptInFile(data) {
  if (data.kdlab === undefined) {
    const kept = migrate({ predictions: data }, 1);
    if (kept.diary.length === 0) throw new Error("no prediction");
    return kept;
  }
  return data.kdlab > SCHEMA ? null : migrate(data.kept, data.kdlab);
}

function merged(key, ours, theirs) {
  if (ours === null) return theirs;
  if (key === "diary") return mergedDiaries(ours, theirs);
  return key.startsWith("draft/") ? mergedDrafts(ours, theirs) : ours;
}

function download(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href: url, download: `kdlab-${new Date().toISOString().slice(0, 10)}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
