// The code cells of the text: each can be run and edited in its place, in order, in one namespace. A cell that was not changed,
// after cells that were not, answers from what the build printed; else Python runs all cells up to it.

class Cells {
  constructor(nodes, base, runtimes) {
    this.base = base;
    this.runtimes = runtimes;
    this.cells = nodes.map((node, number) => new Cell(this, node, number));
    this.stale();
  }

  async run(cell) {
    const upTo = this.cells.slice(0, cell.number + 1);
    const first = upTo.findIndex((each) => each.changed);
    if (first < 0) return upTo.forEach((each) => each.showBuilt());
    if (!this.runtimes.possible) return cell.say(this.runtimes.why);
    cell.running(true);
    cell.say(this.runtimes.reader.state === "ready" ? "" : "Starting Python …");
    try {
      const { value } = await this.runtimes.reader.call("kdlab.explore.cells.run", [upTo.map((each) => each.source)], { seconds: 10 });
      value.outputs.forEach((text, i) => i >= first && upTo[i].show(text));
      upTo.forEach((each) => each.failed(null));
      cell.say("");
      if (value.error) upTo[value.outputs.length - 1].failed(value.error);
    } catch (error) {
      cell.failed(error);
    }
    cell.running(false);
  }

  // From the first changed cell on, an output that Python has not made since is that of other code.
  stale() {
    const first = this.cells.findIndex((cell) => cell.changed);
    this.cells.forEach((cell, i) => cell.outdated(first >= 0 && i >= first));
  }
}

class Cell {
  constructor(cells, node, number) {
    this.cells = cells;
    this.number = number;
    this.input = node.querySelector(".cell_input");
    this.built = node.querySelector(".cell_output");
    this.original = this.input.querySelector("pre").textContent.trimEnd();
    this.draft = new Draft("cell", `${location.pathname.split("/").pop()} ${number + 1}`, this.original, () => {});
    if (this.draft.outdated) this.draft.put(this.original, "edition");
    this.output = element("pre", { className: "kd-output", hidden: true, tabIndex: 0, ariaLabel: `output of cell ${number + 1}` });
    this.status = element("p", { className: "kd-complaint", role: "alert" });
    const button = (text, act) => {
      const made = element("button", { type: "button", textContent: text });
      made.setAttribute("aria-label", `${text} cell ${number + 1}`);
      made.addEventListener("click", act);
      return made;
    };
    this.runButton = button("Run", () => (this.busy ? cells.runtimes.reader.stop() : cells.run(this)));
    this.editButton = button("Edit", () => this.edit());
    this.restoreButton = button("Restore", () => this.restore());
    this.restoreButton.hidden = this.draft.text === null;
    const copy = copyButton(() => this.source, `cell ${number + 1}`);
    const bar = toolbar("p", { className: "kd-cell-bar", ariaLabel: `cell ${number + 1}` }, [this.runButton, this.editButton, this.restoreButton, copy]);
    this.input.after(bar, this.status, this.output);
    if (this.draft.text !== null) this.edit();
  }

  get source() {
    return this.editor?.get() ?? this.draft.text ?? this.original;
  }

  get changed() {
    return this.source.trimEnd() !== this.original;
  }

  async edit() {
    this.cells.runtimes?.wanted();
    this.editButton.hidden = true;
    try {
      await loadEditor(this.cells.base);
    } catch (error) {
      this.editButton.hidden = false;
      return this.say(error.message);
    }
    const place = element("div", { className: "kd-editor" });
    this.input.hidden = true;
    this.input.after(place);
    const label = `Python code of cell ${this.number + 1}`;
    this.editor = makeEditor(place, { doc: this.source, label, onRun: () => this.cells.run(this), onChange: (text) => this.keep(text) });
  }

  keep(text) {
    this.draft.put(text.trimEnd());
    this.restoreButton.hidden = !this.changed;
    this.cells.stale();
  }

  restore() {
    this.draft.put(this.original, "reset");
    this.editor?.set(this.original);
    this.failed(null);
    this.showBuilt();
    this.restoreButton.hidden = true;
    this.cells.stale();
  }

  showBuilt() {
    this.output.hidden = true;
    if (this.built) this.built.hidden = false;
    this.outdated(false);
  }

  show(text) {
    this.output.textContent = text;
    this.output.hidden = !text;
    if (this.built) this.built.hidden = true;
    this.outdated(false);
  }

  outdated(now) {
    for (const part of [this.output, this.built]) part?.toggleAttribute("data-outdated", now);
  }

  running(now) {
    this.busy = now;
    this.runButton.textContent = now ? "Stop" : "Run";
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  failed(error) {
    this.editor?.markLine(error?.line ?? null, error?.message);
    this.say(error ? (error.line ? `Line ${error.line}: ` : "") + error.message : "");
  }
}
