// The diary: every answer a reader gave, in order, each with its time. Nothing is overwritten; all else is computed from it.
//
// An entry is {kind, time, ...}:
//   prediction  {widget, question, options, choice, answer, confidence, right}  at a question of a widget. `choice` and
//               `answer` are what was chosen and what is so, by content, never by place: an option's text, a number, a list.
//   card        {card, knew}           at a card for recall
//   opened      {chapter}, finished {chapter}, passed {exercise}
//   checked     {exercise, cell, passed}   at a check that ran on an answer of one's own

const diary = {
  all() {
    const kept = storage.get("diary");
    return Array.isArray(kept) ? kept.filter((entry) => typeof entry?.kind === "string") : [];
  },

  of(kind) {
    return this.all().filter((entry) => entry.kind === kind);
  },

  add(entry) {
    const added = { kind: "prediction", time: new Date().toISOString(), ...entry };
    storage.set("diary", [...this.all(), added]);
    return added;
  },

  // Add what is told of once only.
  once(entry) {
    const known = Object.entries(entry);
    if (!this.all().some((before) => known.every(([name, value]) => before[name] === value))) this.add(entry);
  },

  // The newest prediction that answers this question, or null: another edition of the book may ask another one, or offer
  // other options, in another order.
  latest({ widget, question, options = null }) {
    const possible = ({ choice }) => !options || [choice].flat().every((each) => options.includes(each));
    const answers = (entry) => entry.widget === widget && entry.question === question && possible(entry);
    return this.of("prediction").findLast(answers) ?? null;
  },
};

// Two diaries as one, in the order of time.
function mergedDiaries(ours, theirs) {
  const entries = new Map([...ours, ...theirs].map((entry) => [JSON.stringify(entry), entry]));
  return [...entries.values()].sort((a, b) => (a.time ?? "").localeCompare(b.time ?? ""));
}
