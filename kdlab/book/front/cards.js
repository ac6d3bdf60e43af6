// A card asks: think, open it, say whether you knew it. What was missed comes back at the end of the chapter, in the next
// one, and on the page of today, until it is known; what was known comes back after some days.

function makeCard(details, answered = () => {}) {
  const name = details.dataset.card;
  const said = element("p", { className: "kd-card-said", role: "status" });
  const answer = (knew) => {
    diary.add({ kind: "card", card: name, knew });
    said.textContent = knew ? `Good. It comes back ${inDays(cardStates(diary.of("card"))[name].due)}.` : "It comes back.";
    buttons.hidden = true;
    answered(knew);
  };
  const buttons = element("p", { className: "kd-buttons" }, [
    button("I knew it", () => answer(true)),
    button("Not yet", () => answer(false), "kd-quiet"),
  ]);
  details.append(buttons, said);
}

function inDays(due) {
  const days = Math.max(1, Math.round((due - Date.now()) / A_DAY));
  return days === 1 ? "tomorrow" : `in ${days} days`;
}

// A card to be asked again stands in a place of its own, closed, and goes from there once it was known.
function askAgain(details, place, known) {
  const again = details.cloneNode(true);
  again.open = false;
  again.querySelectorAll(".kd-buttons, .kd-card-said").forEach((part) => part.remove());
  makeCard(again, (knew) => {
    if (!knew) askAgain(again, place, known);
    again.replaceWith(element("p", { className: "kd-card-said", textContent: again.querySelector(".kd-card-said").textContent, role: "status" }));
    known();
  });
  place.append(again);
}

// The cards of a chapter: below them those that were missed, here or in a chapter before.
async function askCards(page) {
  const cards = [...document.querySelectorAll(".kd-card")].filter((card) => !card.closest(".kd-today"));
  if (!cards.length) return;
  const place = element("div", { className: "kd-again", hidden: true });
  place.append(element("p", { className: "kd-again-title", textContent: "Once more" }));
  cards.at(-1).after(place);
  const once = (card) => {
    place.hidden = false;
    askAgain(card, place, () => {});
  };
  for (const card of cards) makeCard(card, (knew) => !knew && once(card));
  oneStop(cards.map((card) => card.querySelector("summary")), true);
  const here = cards.map((card) => card.dataset.card);
  const states = cardStates(diary.of("card"));
  const missed = Object.keys(states).filter((name) => states[name].missed && !here.includes(name));
  if (!missed.length) return;
  for (const card of await cardsOfTheBook(page)) if (missed.includes(card.dataset.card)) once(card);
}

// All cards stand on the page of today. From disk no page can read another one.
async function cardsOfTheBook(page) {
  if (location.protocol === "file:") return [];
  const response = await fetch(page).catch(() => null);
  if (!response?.ok) return [];
  const book = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const link of book.querySelectorAll(".kd-card a[href]")) link.href = new URL(link.getAttribute("href"), response.url);
  return [...book.querySelectorAll(".kd-today .kd-card")].map((card) => document.importNode(card, true));
}

// The page of today: of all cards those that are due, one under the other, and when the next one comes.
function fillToday(place) {
  const cards = new Map([...place.querySelectorAll(".kd-card")].map((card) => [card.dataset.card, card]));
  const due = element("div", { className: "kd-due" });
  const all = element("div", { hidden: true }, [...cards.values()]);
  const status = element("p", { role: "status" });
  const say = () => {
    const states = Object.entries(cardStates(diary.of("card"))).filter(([name]) => cards.has(name));
    const waiting = states.filter(([, state]) => state.due <= Date.now()).length;
    const next = Math.min(...states.map(([, state]) => state.due).filter((time) => time > Date.now()));
    const then = next < Infinity ? ` The next one comes back ${inDays(next)}.` : "";
    const unseen = cards.size - states.length;
    const first = states.length ? "" : " A card comes here once you have answered it in its chapter.";
    status.textContent =
      (waiting ? `${count(waiting, "card is", "cards are")} due.` : "Nothing is due today.") +
      then + first + (unseen && states.length ? ` ${count(unseen, "card has", "cards have")} not been asked yet.` : "");
  };
  const states = cardStates(diary.of("card"));
  place.replaceChildren(status, due, all);
  for (const [name, card] of cards) if (states[name]?.due <= Date.now()) askAgain(card, due, say);
  say();
}
