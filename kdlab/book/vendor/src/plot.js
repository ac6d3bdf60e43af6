// The parts of Observable Plot that kdlab/book/front/picture.js uses.
export { areaY, arrow, dot, line, plot, rect, ruleX, ruleY, text } from "@observablehq/plot";
