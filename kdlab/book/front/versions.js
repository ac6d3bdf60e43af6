// What a draft was before, to be brought back, and the word that an exercise is another one than when it was written.

const WHY = {
  reset: "before Reset",
  lines: "before the lines were copied",
  version: "before an earlier version was brought back",
  window: "as another window had it",
  file: "before a file was brought back",
};

class Versions {
  // bring(text, why): put this text into the editor.
  constructor(draft, bring) {
    this.draft = draft;
    this.bring = bring;
    this.latest = button("Bring my draft back", () => bring(draft.earlier[0].text, "version"), "kd-quiet");
    this.list = element("ol");
    this.more = element("details", { className: "kd-versions" }, [element("summary"), this.list]);
    this.news = element("div", { className: "kd-news", role: "status" });
    this.element = element("div", {}, [this.news, this.more]);
    this.show();
  }

  show() {
    const { earlier, outdated } = this.draft;
    this.latest.hidden = earlier.length === 0;
    this.more.hidden = earlier.length < 2;
    this.more.firstElementChild.textContent = `Earlier versions (${earlier.length})`;
    this.list.replaceChildren(...earlier.map((version) => this.row(version)));
    if (outdated !== this.news.hasChildNodes()) this.news.replaceChildren(...(outdated ? this.changed() : []));
  }

  row({ text, time, why }) {
    const when = time ? `${new Date(time).toLocaleString()}, ` : "";
    const words = `${when}${WHY[why] ?? why} (${text.split("\n").length} lines)`;
    const code = element("pre", { className: "kd-output", textContent: text, tabIndex: 0 });
    return element("li", {}, [element("p", { textContent: words }), code, button("Bring this one back", () => this.bring(text, "version"), "kd-quiet")]);
  }

  changed() {
    const words =
      "The exercise has changed since you wrote this. Your draft is in the editor; this is what the exercise now starts from:";
    const starter = element("pre", { className: "kd-output", textContent: this.draft.starter, tabIndex: 0 });
    const keep = button("Go on with mine", () => {
      this.draft.accept();
      this.show();
    });
    const fresh = button("Begin with the new one", () => this.bring(this.draft.starter, "reset"), "kd-quiet");
    return [element("p", { textContent: words }), starter, element("p", { className: "kd-buttons" }, [keep, fresh])];
  }
}

// What is left of cells that the exercise has no longer, such as a function that was renamed.
function leftovers(exercise, cells) {
  return Draft.leftover(exercise, cells).map(({ cell, text }) => {
    const summary = element("summary", { textContent: `Your draft of ${cell}, which this edition has no longer` });
    return element("details", { className: "kd-versions" }, [summary, element("pre", { className: "kd-output", textContent: text, tabIndex: 0 })]);
  });
}
