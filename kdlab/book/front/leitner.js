// When a card comes back: after Leitner. A card that was known climbs one step, and comes back after that step's days; one
// that was missed falls to the first, and is due at once. Knowing it before it is due changes nothing: that is no recall.

const DAYS = [0, 1, 3, 7, 16, 35];
const A_DAY = 24 * 60 * 60 * 1000;

// The state of each card that was ever answered, from the diary: {step, due (a time), missed}.
function cardStates(entries) {
  const states = {};
  for (const { card, knew, time } of entries) {
    const at = Date.parse(time);
    const { step = 0, due = at } = states[card] ?? {};
    if (!knew) states[card] = { step: 0, due: at, missed: true };
    else if (at < due) continue;
    else {
      const next = Math.min(step + 1, DAYS.length - 1);
      states[card] = { step: next, due: at + DAYS[next] * A_DAY, missed: false };
    }
  }
  return states;
}
