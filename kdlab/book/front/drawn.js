// A picture to draw into, in the place of an editor, where an answer is a curve. What is drawn is a function that returns
// a list of its y, as in the notebook, so that all else goes the way of any answer.
function drawForm(place, { function: name, starter, ask }, { doc, onRun, onChange }) {
  const pencil = new Pencil(null); // the rules of a widget's picture are not asked for here
  const tool = {
    kind: ask.kind,
    question: ask,
    y: null,
    get value() {
      return this.y;
    },
    set value(y) {
      this.y = y;
      onChange();
    },
  };
  const canvas = element("div", { className: "kd-canvas" }, [pencil.layer]);
  const how = element("p", { className: "kd-how", textContent: "Drag the points, or draw one stroke across. The arrow keys move them too." });
  const form = element("fieldset", {}, [element("legend", { textContent: ask.question }), how, canvas]);
  let width = 0;
  const draw = () => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    const drawing = drawPicture(ask.picture, { width, label: ask.question });
    canvas.querySelector(".kd-picture")?.remove();
    canvas.prepend(drawing);
    pencil.update(ask.picture, drawing);
  };
  const get = () => (tool.y ? `def ${name}():\n    return [${tool.y.join(", ")}]\n` : starter);
  const set = (source) => {
    const y = (source.match(/return \[(.+)\]/)?.[1] ?? "").split(",").map(Number);
    tool.y = y.length === ask.x.length && y.every(Number.isFinite) ? y : null;
    tool.draft = tool.y && [...tool.y];
    tool.told = false;
    pencil.edit(tool);
  };
  // With the rule of a curve that is right, draw what was expected beside it.
  const tell = (rule) => {
    tool.told = Boolean(rule?.low.length);
    if (tool.told) tool.question = { ...ask, answer: [rule.low, rule.high] };
    pencil.render();
  };
  form.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && onRun());
  place.append(element("div", { className: "kd-ask" }, [form]));
  set(doc);
  new ResizeObserver(draw).observe(canvas);
  return { get, set, tell, focus: () => canvas.querySelector("[tabindex='0']")?.focus(), markLine: () => {} };
}
