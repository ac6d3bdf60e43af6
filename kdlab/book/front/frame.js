// The frame of every page: light and dark, the list of contents, and where in the page one is.

function switchMode(button) {
  const root = document.documentElement;
  const show = () => button.setAttribute("aria-pressed", root.dataset.theme === "dark");
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("mode", root.dataset.theme);
    show();
  });
  show();
}

// A menu closes when one leaves it, by key or by pointer.
function closeWhenLeft(menu) {
  document.addEventListener("pointerdown", ({ target }) => menu.contains(target) || (menu.open = false));
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget)) menu.open = false;
  });
}

// The section whose heading was the last to pass the upper third of the screen is the one that is read.
function followReading(links) {
  const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const mark = () => {
    const passed = targets.findLastIndex((target) => target && target.getBoundingClientRect().top < innerHeight / 3);
    links.forEach((link, i) => link.toggleAttribute("aria-current", i === passed));
  };
  document.addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
}

// What is wider than its place scrolls, by keyboard too: it is a tab stop, but only then.
function reachByKeyboard(boxes) {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  boxes.forEach((box) => watch.observe(box));
}

// After the way to the text, a way to each figure: one stop, from one to the next by the arrow keys.
function skipToFigures(skip, figures) {
  const more = figures.length > 1 ? ", ← → to another" : "";
  const links = figures.map((figure, i) => {
    figure.tabIndex = -1;
    return element("a", { className: "kd-skip", href: `#${figure.id}`, textContent: `Skip to figure ${i + 1}${more}` });
  });
  skip.after(...links);
  if (links.length) oneStop(links);
}

function frame() {
  skipToFigures(document.querySelector(".kd-skip"), [...document.querySelectorAll("figure.kd-widget")]);
  switchMode(document.querySelector(".kd-mode"));
  closeWhenLeft(document.querySelector(".kd-contents"));
  const sections = [...document.querySelectorAll(".kd-rail > ul > li > ul > li > a")];
  followReading(sections);
  if (sections.length) oneStop(sections, true);
  reachByKeyboard(document.querySelectorAll(".kd-parts > div, article pre, .pst-scrollable-table-container"));
}
