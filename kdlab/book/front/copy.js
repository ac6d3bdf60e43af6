// What is copied by a button: also from disk, where a page may not write to the clipboard but by a selection.

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea", { value: text });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

function copyButton(text, label) {
  const button = element("button", { type: "button", textContent: "Copy" });
  button.setAttribute("aria-label", `Copy ${label}`);
  button.addEventListener("click", async () => {
    button.textContent = (await copyText(text())) ? "Copied" : "Not allowed here";
    button.addEventListener("blur", () => (button.textContent = "Copy"), { once: true });
    button.focus();
  });
  return button;
}

// Code that is not run in the page has no other button.
function copyShown(blocks) {
  for (const block of blocks) {
    const code = () => block.querySelector("pre").textContent.trimEnd();
    block.after(element("p", { className: "kd-cell-bar" }, [copyButton(code, "these lines")]));
  }
}
