// Things of one kind that stand together are one stop of the tab key, the first of them; the arrow keys go from one to the next,
// those up and down too where the things stand below each other.

function oneStop(items, upright = false) {
  const stopAt = (stop) => items.forEach((item) => (item.tabIndex = item === stop ? 0 : -1));
  const step = (item, by) => {
    const open = items.filter((each) => !each.disabled && each.checkVisibility());
    open[(open.indexOf(item) + by + open.length) % open.length].focus();
  };
  for (const item of items) {
    item.addEventListener("focus", () => stopAt(item));
    item.addEventListener("blur", () => stopAt(items[0]));
    item.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1, ...(upright ? { ArrowUp: -1, ArrowDown: 1 } : {}) }[event.key];
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      step(item, by);
    });
  }
  stopAt(items[0]);
}

// Some buttons in a row.
function toolbar(tag, properties, buttons, rest = []) {
  oneStop(buttons);
  return element(tag, { role: "toolbar", ...properties }, [...buttons, ...rest]);
}

// Words of the glossary, measured numbers, sources and, in a chapter, other links stand many to a paragraph. Those of a
// section, of what opens, or of a figure are one stop.
function stopAtNotes() {
  const links = document.querySelector(".kd-exercise") ? ", article p a[href]:not([download])" : "";
  const notes = document.querySelectorAll(`a.kd-term, button.kd-measured, article a[href*='references.html#']${links}`);
  for (const together of Map.groupBy(notes, (note) => note.closest("details, figure, article > section > section, article > section")).values()) oneStop(together);
}
