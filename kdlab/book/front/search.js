// Sphinx's search, where it needs mending. From disk no page can be fetched for a summary, and each attempt would be a
// complaint in the console. And it looks up an anchor such as #kdlab.temperature.softmax as if its dots were classes, finds
// nothing, and complains.

function mendSearch() {
  if (typeof DOCUMENTATION_OPTIONS !== "undefined" && location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  if (typeof Search === "undefined") return;
  const htmlToText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => htmlToText(html, anchor && "#" + CSS.escape(anchor.slice(1)));
}
