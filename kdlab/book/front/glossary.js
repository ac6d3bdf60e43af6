// What a word of the glossary means, shown where it is used: while one points at it or has the focus on it, or at a tap.
// Escape takes it away, and one can point at the meaning itself. A second tap follows the link.

function showMeanings(links, meanings) {
  const box = element("div", { className: "kd-meaning", role: "tooltip", id: "kd-meaning", hidden: true });
  let shown = null;
  let leaving = 0;

  const show = (link, byKey = false) => {
    clearTimeout(leaving);
    if (shown === link) return;
    hide();
    const word = decodeURIComponent(link.hash).replace("#term-", "");
    box.textContent = meanings[word] ?? "";
    if (!box.textContent) return;
    if (byKey) box.append(element("span", { className: "kd-keys", textContent: "← → to the next word or number" }));
    shown = link;
    link.setAttribute("aria-describedby", box.id);
    box.hidden = false;
    const at = link.getClientRects()[0];
    const { width, height } = box.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8));
    const below = at.bottom + height + 8 < innerHeight;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${scrollY + (below ? at.bottom + 4 : at.top - height - 4)}px`;
  };
  const hide = () => {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  };
  const leave = () => (leaving = setTimeout(hide, 200));

  document.body.append(box);
  box.addEventListener("pointerenter", () => clearTimeout(leaving));
  box.addEventListener("pointerleave", leave);
  for (const link of links) {
    link.addEventListener("pointerenter", ({ pointerType }) => pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && leave());
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link, true));
    link.addEventListener("blur", leave);
    link.addEventListener("click", (event) => {
      if (event.pointerType === "mouse" || event.pointerType === "" || shown === link) return;
      event.preventDefault();
      show(link);
    });
  }
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  document.addEventListener("pointerdown", ({ target }) => !box.contains(target) && target !== shown && hide());
}

function fillGlossary() {
  const data = document.querySelector(".kd-meanings");
  if (data) showMeanings(document.querySelectorAll("a.kd-term"), byAnchor(JSON.parse(data.textContent)));
}

// Sphinx makes its anchors of the words: "soft targets" is #term-soft-targets.
function byAnchor(meanings) {
  return Object.fromEntries(Object.entries(meanings).map(([word, meaning]) => [word.replace(/[^A-Za-z0-9]+/g, "-"), meaning]));
}
