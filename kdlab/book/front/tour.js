// A tour: a few stops, each of which sets the controls and says one sentence (kdlab/explore/tour.py).

class Tour {
  constructor(widget) {
    this.widget = widget;
    this.stops = widget.spec.stops;
    this.at = -1; // not begun
    const button = (text, go) => {
      const made = element("button", { type: "button", textContent: text });
      made.addEventListener("click", go);
      return made;
    };
    this.begin = button("Take the tour", () => this.go(0));
    this.back = button("Back", () => this.go(this.at - 1));
    this.next = button("Next", () => this.go(this.at + 1));
    this.leave = button("Leave the tour", () => this.end());
    this.leave.className = "kd-quiet";
    this.where = element("span", { className: "kd-tour-where" });
    this.words = element("p", { className: "kd-tour-words", role: "status" });
    const buttons = element("p", { className: "kd-buttons" }, [this.begin, this.back, this.next, this.leave, this.where]);
    this.element = element("div", { className: "kd-tour", role: "group", ariaLabel: "Tour" }, [this.words, buttons]);
    this.show();
  }

  // Go to a stop; a question that comes before it is asked first.
  go(at) {
    if (at >= this.stops.length) return this.end();
    const stop = this.stops[at];
    const question = this.widget.questions.beforeWord(stop.name);
    if (question) return this.widget.questions.ask(question, () => this.go(at));
    this.at = at;
    this.show();
    glide(this.widget, stop.settings);
  }

  end() {
    this.at = -1;
    this.show();
    this.begin.focus({ preventScroll: true });
  }

  show() {
    const on = this.at >= 0;
    this.begin.hidden = on;
    for (const part of [this.back, this.next, this.leave, this.where]) part.hidden = !on;
    this.back.disabled = this.at === 0;
    this.next.textContent = this.at === this.stops.length - 1 ? "Done" : "Next";
    this.where.textContent = on ? `${this.at + 1} of ${this.stops.length}` : "";
    this.words.textContent = on ? this.stops[this.at].sentence : "";
    this.element.dataset.on = on;
  }
}
