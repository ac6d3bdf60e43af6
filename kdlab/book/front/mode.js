// Before anything is painted: light or dark, as it was chosen here, else as the reader's system has it.
{
  const mode = localStorage.getItem("mode");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = ["light", "dark"].includes(mode) ? mode : dark ? "dark" : "light";
}
// The script draws each picture anew: what stands in its place without one is not asked for, unless the script fails.
document.documentElement.dataset.scripted = "true";
addEventListener("error", () => delete document.documentElement.dataset.scripted, { capture: true, once: true });
