// Points in the plane, dragged in the picture. The boxes here hold the one that is chosen, for those who type.

controlKinds.places = (spec, values, onchange) => {
  const { low, high, names, most } = spec;
  const step = Number(((high - low) / 100).toPrecision(1));
  const fixed = most <= spec.value.length;
  let value = spec.value.map((row) => [...row]);
  let chosen = 0;
  const menu = element("select");
  const show = () => {
    chosen = Math.min(chosen, Math.max(0, value.length - 1));
    if (menu.options.length !== value.length) menu.replaceChildren(...value.map((_, i) => element("option", { value: i, textContent: i + 1 })));
    menu.value = chosen;
    boxes.forEach((box, axis) => box.show(value[chosen]?.[axis]));
    for (const part of [menu, ...boxes.map(({ box }) => box), kind, remove]) part.disabled = value.length === 0;
    add.disabled = value.length >= most;
    if (names.length && value.length) kind.value = value[chosen][2];
  };
  const change = (given) => {
    value = given;
    show();
    onchange();
  };
  const place = (i, point) => change(value.map((old, j) => (j === i ? point : old)));
  const within = (number) => Math.min(high, Math.max(low, Number((step * Math.round(number / step)).toPrecision(12))));
  const move = (i, [x, y]) => {
    chosen = i;
    place(i, [within(x), within(y), ...value[i].slice(2)]);
  };
  const boxes = ["x", "y"].map((label, axis) =>
    numberBox({ label, low, high, step, shown: () => value[chosen]?.[axis], put: (number) => place(chosen, value[chosen].map((old, k) => (k === axis ? number : old))) }),
  );
  const kind = element("select", {}, names.map((name, i) => element("option", { value: i, textContent: name })));
  const add = element("button", { type: "button", textContent: "Add" });
  const remove = element("button", { type: "button", textContent: "Delete" });
  menu.addEventListener("change", () => {
    chosen = Number(menu.value);
    show();
  });
  kind.addEventListener("change", () => place(chosen, [...value[chosen].slice(0, 2), Number(kind.value)]));
  add.addEventListener("click", () => {
    chosen = value.length;
    // beside the one that was chosen, in its class, so that both are seen
    const near = value.at(-1) ?? [(low + high) / 2, (low + high) / 2, ...(names.length ? [0] : [])];
    change([...value, [within(near[0] + 5 * step), within(near[1] + 5 * step), ...near.slice(2)]]);
  });
  remove.addEventListener("click", () => change(value.filter((_, i) => i !== chosen)));
  const field = (label, input) => element("div", { className: "kd-number" }, [labelled(label, input), input]);
  const fields = [field("point", menu), ...boxes.map(({ box }, axis) => field("xy"[axis], box)), ...(names.length ? [field("class", kind)] : [])];
  boxes.forEach(({ box }) => box.removeAttribute("aria-label"));
  show();
  return {
    element: controlGroup(spec.label, [...fields, ...(fixed ? [] : [add, remove]), ...boxes.map(({ complaint }) => complaint)], "kd-numbers"),
    get: () => value.map((row) => [...row]),
    set: (given) => {
      value = given.map((row) => [...row]);
      show();
    },
    write: () => value.flat().join(","),
    read: (text) => {
      const width = names.length ? 3 : 2;
      const numbers = text.trim() ? readNumbers(text) : [];
      const points = Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));
      const inside = ([x, y, k = 0]) => [x, y].every((number) => number >= low && number <= high) && Number.isInteger(k) && k >= 0 && k < Math.max(1, names.length);
      const enough = fixed ? points.length === spec.value.length : points.length <= most;
      return numbers.length % width === 0 && enough && points.every(inside) ? points : undefined;
    },
    words: () => value.map(([x, y, k]) => `(${x}, ${y}${names.length ? `, ${names[k]}` : ""})`).join(" "),
    items: () =>
      value.map((point, i) => ({
        label: `${spec.label}, point ${i + 1} of ${value.length}`,
        low,
        high,
        plane: true,
        get: () => value[i],
        put: (to) => move(i, to),
        byKeys: (number, direction, coarse) => number + direction * step * (coarse ? 10 : 1),
      })),
  };
};
