// Before anything is painted: light or dark, as it was chosen here, else as the reader's system has it.
{
  const mode = localStorage.getItem("mode");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = ["light", "dark"].includes(mode) ? mode : dark ? "dark" : "light";
}
