// A draft: what a reader wrote into one cell of an exercise. It is kept by exercise and cell, so it survives a new edition;
// whatever is put in its place (Reset, another window, lines that were copied) leaves it among the earlier versions.

const THIS_WINDOW = crypto.getRandomValues(new Uint32Array(2)).join("-");
const MOST_VERSIONS = 20;

class Draft {
  #key;
  #seen;

  // adopted(): another window has written here, and `text` is now what it wrote.
  constructor(exercise, cell, starter, adopted) {
    this.starter = starter;
    this.#key = `draft/${exercise}/${cell}`;
    this.#look();
    storage.watch(this.#key, () => {
      this.#look();
      adopted();
    });
  }

  // What was written, or null.
  get text() {
    return this.kept.text;
  }

  // Earlier versions, the newest first: [{text, time, why}].
  get earlier() {
    return this.kept.earlier;
  }

  // Whether the exercise is another one than when this was written. The first edition did not keep the starter: there the
  // line of the definition has to tell.
  get outdated() {
    const { text, starter } = this.kept;
    if (text === null) return false;
    return starter === null ? definition(text) !== definition(this.starter) : starter !== this.starter;
  }

  // The reader knows, and goes on with what was written.
  accept() {
    this.#write({ ...this.kept, starter: this.starter });
  }

  // Put this text here. `why` says what puts it, where that is not the reader's typing ("reset", "lines", "version"): what
  // it takes the place of is then kept, and so is what another window wrote unseen.
  put(written, why = "window") {
    const text = written === this.starter ? null : written;
    const stored = storedDraft(this.#key);
    if (text === stored.text) return;
    const typed = why === "window" && mark(stored) === this.#seen;
    const earlier = typed ? stored.earlier : withVersion(stored.earlier, { text: stored.text, time: stored.time, why, by: stored.by });
    const starter = stored.text === null ? this.starter : stored.starter;
    this.#write({ text, starter, time: new Date().toISOString(), by: THIS_WINDOW, earlier });
  }

  #look() {
    this.kept = storedDraft(this.#key);
    this.#seen = mark(this.kept);
  }

  #write(draft) {
    storage.set(this.#key, draft);
    this.#look();
  }

  // Drafts of this exercise whose cells are in it no longer, such as those of a function that was renamed: [{cell, text}].
  static leftover(exercise, cells) {
    const start = `draft/${exercise}/`;
    const names = storage.keys(start).map((key) => key.slice(start.length)).filter((name) => !cells.includes(name));
    return names.map((cell) => ({ cell, text: storedDraft(start + cell).text })).filter(({ text }) => text !== null);
  }
}

function storedDraft(key) {
  const { text = null, starter = null, time = null, by = "", earlier = [] } = storage.get(key) ?? {};
  return { text, starter, time, by, earlier };
}

function mark({ time, by }) {
  return `${time} ${by}`;
}

// Two windows that write by turns without seeing each other leave one version of each, not one at every key.
function withVersion(earlier, version) {
  if (version.text === null) return earlier;
  const sameTurn = ({ why, by }) => why === "window" && version.why === "window" && by === version.by;
  const others = earlier.filter((before) => before.text !== version.text && !sameTurn(before));
  return [version, ...others].slice(0, MOST_VERSIONS);
}

// Two drafts of one cell as one: the newer one, and the other among its earlier versions.
function mergedDrafts(ours, theirs) {
  const [older, newer] = [ours, theirs].sort((a, b) => (a.time ?? "").localeCompare(b.time ?? ""));
  const before = { text: older.text, time: older.time, why: "file", by: older.by };
  const versions = [...newer.earlier, ...older.earlier];
  const earlier = older.text === newer.text ? versions : withVersion(versions, before);
  const texts = earlier.map(({ text }) => text);
  return { ...newer, earlier: earlier.filter(({ text }, i) => texts.indexOf(text) === i).slice(0, MOST_VERSIONS) };
}

// The line of the definition, with its arguments: what an exercise asks for.
function definition(source) {
  return source.match(/^def [^]*?:$/m)?.[0].replace(/\s+/g, "") ?? "";
}
