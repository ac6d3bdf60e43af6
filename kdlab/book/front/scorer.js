// The scores of the search, which reads them by this name: those that it has by itself, but that a chapter comes before
// an appendix that names the same, and the pages of the library last.
var Scorer = {
  score: ([page, , , , score]) => {
    if (page.startsWith("chapters/appendix/api")) return score - 100;
    return page.startsWith("chapters/appendix/") ? score : score + 100;
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
