// From disk no page can be fetched for a summary, and each attempt would be a complaint in the console.

function searchFromDisk() {
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined")
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
