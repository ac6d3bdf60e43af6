// An order of things: buttons in a row, each dragged to its place, or moved by the arrow keys.

controlKinds.order = (spec, values, onchange) => {
  let value = [...spec.value];
  const buttons = spec.items.map((item) => element("button", { type: "button", className: "kd-order", textContent: item }));
  const row = element("div", { className: "kd-order-row" });
  const show = () => {
    const focused = document.activeElement;
    row.replaceChildren(...value.map((item) => buttons[item]));
    if (buttons.includes(focused)) focused.focus({ preventScroll: true });
    value.forEach((item, place) =>
      buttons[item].setAttribute("aria-label", `${spec.items[item]}, place ${place + 1} of ${value.length}; the arrow keys move it`),
    );
  };
  const move = (item, place) => {
    const from = value.indexOf(item);
    if (place === from || place < 0 || place >= value.length) return;
    value.splice(from, 1);
    value.splice(place, 0, item);
    show();
    onchange();
  };
  // The place whose button lies under the pointer, or nearest to it.
  const placeAt = (x, y) => {
    const distance = (item) => {
      const { left, right, top, bottom } = buttons[item].getBoundingClientRect();
      return Math.hypot(x - (left + right) / 2, y - (top + bottom) / 2);
    };
    const nearest = value.reduce((best, item) => (distance(item) < distance(best) ? item : best));
    return value.indexOf(nearest);
  };
  const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
  buttons.forEach((button, item) => {
    button.addEventListener("keydown", (event) => {
      if (!(event.key in steps)) return;
      event.preventDefault();
      move(item, value.indexOf(item) + steps[event.key]);
    });
    let held = false;
    button.addEventListener("pointerdown", (event) => {
      held = event.button === 0;
      if (held) event.preventDefault();
      button.focus({ preventScroll: true });
    });
    // heard by the page: a button that is put to another place would lose a pointer it has captured
    document.addEventListener("pointermove", (event) => held && move(item, placeAt(event.clientX, event.clientY)));
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (held = false));
  });
  show();
  return {
    element: controlGroup(spec.label, [row]),
    get: () => [...value],
    set: (given) => {
      value = [...given];
      show();
    },
    write: () => value.join(","),
    read: (text) => {
      const places = readNumbers(text);
      return places.length === value.length && value.every((_, item) => places.includes(item)) ? places : undefined;
    },
    words: () => value.map((item) => spec.items[item]).join(", "),
  };
};
