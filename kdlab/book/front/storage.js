// What the book keeps in this browser, and nowhere else: one place, of this book alone. Two courses on one host do not share.
// A key is one of
//   schema                       the number of the form that all this has
//   diary                        every answer, with its time: diary.js
//   draft/<exercise>/<cell>      what was written there, and its earlier versions: drafts.js; draft/code/<widget> is that
//                                of a widget's own lines
//   python                       whether Python was used here
//   track, path                  one setting each for the whole book
// Values are what JSON can hold. A change of form needs a migration: migrations.js.

const storage = {
  prefix: "",

  // `book` names the book and where it stands; what an older edition kept here is brought into today's form.
  open(book) {
    this.prefix = `kdlab ${book} `;
    const schema = this.get("schema");
    if (schema >= SCHEMA) return;
    const kept = migrate(schema === null ? keptByFirstEdition() : this.all(), schema ?? 1);
    if (schema !== null) this.clear();
    this.fill(kept);
  },

  get(key) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + key));
    } catch {
      return null;
    }
  },

  set(key, value) {
    localStorage.setItem(this.prefix + key, JSON.stringify(value));
    sayWhatIsRefused();
  },

  remove(key) {
    localStorage.removeItem(this.prefix + key);
  },

  // The keys that begin with these words.
  keys(start = "") {
    const whole = this.prefix + start;
    return localStorage.keys().filter((key) => key.startsWith(whole)).map((key) => key.slice(this.prefix.length));
  },

  all() {
    return Object.fromEntries(this.keys().map((key) => [key, this.get(key)]));
  },

  fill(kept) {
    for (const [key, value] of Object.entries(kept)) this.set(key, value);
    this.set("schema", SCHEMA);
  },

  clear() {
    this.keys().forEach((key) => this.remove(key));
  },

  // Call told() whenever another window has changed this key.
  watch(key, told) {
    window.addEventListener("storage", (event) => event.key === this.prefix + key && told());
  },
};

// Said once a page, and above it: nothing that the reader does here depends on it.
function sayWhatIsRefused() {
  if (!localStorage.refused || document.querySelector(".kd-refused")) return;
  const words = "This browser keeps nothing for this page (storage is full or blocked): what you enter lasts until you close it.";
  const note = element("div", { className: "kd-refused", role: "status" }, [element("p", { textContent: words })]);
  note.append(button("Close", () => (note.hidden = true), "kd-quiet"));
  document.body.append(note);
}
