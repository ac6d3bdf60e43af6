// The map: a chapter's question is read where one points, what it needs and what needs it stands out, its box fills as it
// is read, and a way through greys the rest.

function liveMap(map) {
  const asks = map.querySelector(".kd-map-asks");
  const rest = asks.textContent;
  const ideas = [...map.querySelectorAll("[data-idea]")];
  const arrows = [...map.querySelectorAll(".kd-map-arrow")];

  function pointAt(idea) {
    asks.textContent = idea ? idea.getAttribute("aria-label") : rest;
    for (const arrow of arrows) {
      const near = idea && (arrow.dataset.from === idea.dataset.idea || arrow.dataset.to === idea.dataset.idea);
      arrow.classList.toggle("kd-near", Boolean(near));
    }
  }
  for (const idea of map.querySelectorAll(".kd-map-idea")) {
    for (const type of ["pointerenter", "focus"]) idea.addEventListener(type, () => pointAt(idea));
    for (const type of ["pointerleave", "blur"]) idea.addEventListener(type, () => pointAt(null));
  }

  function choose({ dataset, value }) {
    const way = dataset.ideas.split(" ").filter(Boolean);
    map.querySelector(".kd-map-says").textContent = dataset.says;
    map.classList.toggle("kd-chosen", Boolean(value));
    for (const idea of ideas) {
      const stop = way.indexOf(idea.dataset.idea);
      idea.classList.toggle("kd-on-the-way", stop >= 0);
      if (stop >= 0) idea.dataset.stop = stop + 1;
      else delete idea.dataset.stop;
    }
    for (const arrow of arrows)
      arrow.classList.toggle("kd-on-the-way", way.includes(arrow.dataset.from) && way.includes(arrow.dataset.to));
  }
  map.addEventListener("change", (event) => event.target.name === "kd-way" && choose(event.target));
}
