// A Parsons problem: the lines of the common solution among a few tempting others, to be put in order.
// By mouse and touch: drag a line. By keyboard: arrows up and down move it, right takes it into the program, left out.

class Parsons {
  constructor(block) {
    this.block = block;
    const { head, lines } = block.spec.parsons;
    this.head = head;
    this.pool = element("ol", { className: "kd-lines" });
    this.program = element("ol", { className: "kd-lines kd-program" });
    this.pool.setAttribute("aria-label", "lines to choose from");
    this.program.setAttribute("aria-label", "your program");
    this.said = element("p", { className: "kd-spoken", role: "status" });
    this.result = element("div", { className: "kd-result", role: "status" });
    this.pool.append(...lines.map((line) => this.line(line)));
    const check = button("Check this order", () => block.check(this.source(), this.result));
    const take = button("Copy it into the editor", () => this.copy(), "kd-quiet");
    const how = "Some of these lines make the function, others are wrong. Drag them below its head, in order; or focus a line and use the arrow keys: right takes it into the program, left takes it out, up and down move it.";
    this.element = element("div", { className: "kd-parsons" }, [
      element("p", { textContent: how }),
      this.pool,
      element("pre", { className: "kd-head", textContent: head, tabIndex: 0 }),
      this.program,
      element("p", { className: "kd-buttons" }, [check, take]),
      this.said,
      this.result,
    ]);
    this.dropHere();
  }

  focus() {
    this.pool.querySelector("button")?.focus();
  }

  line(text) {
    const handle = element("button", { type: "button", className: "kd-line" }, [element("code", { textContent: text })]);
    const item = element("li", {}, [handle]);
    item.line = text;
    handle.addEventListener("keydown", (event) => this.key(event, item));
    handle.addEventListener("pointerdown", (event) => this.drag(event, item));
    handle.addEventListener("click", (event) => {
      // Enter, Space, or a tap: into the program, or out of it.
      if (!item.dragged) this.move(item, item.parentElement === this.pool ? this.program : this.pool, null);
      item.dragged = false;
      event.currentTarget.focus();
    });
    return item;
  }

  key(event, item) {
    const { parentElement: list, previousElementSibling: above, nextElementSibling: below } = item;
    if (event.key === "ArrowRight" && list === this.pool) this.move(item, this.program, null);
    else if (event.key === "ArrowLeft" && list === this.program) this.move(item, this.pool, null);
    else if (event.key === "ArrowUp" && above) this.move(item, list, above);
    else if (event.key === "ArrowDown" && below) this.move(item, list, below.nextElementSibling);
    else return;
    event.preventDefault();
    item.firstElementChild.focus();
  }

  move(item, list, before) {
    list.insertBefore(item, before);
    const at = [...list.children].indexOf(item) + 1;
    this.said.textContent = `${list === this.program ? "In your program" : "Among the lines to choose from"}, line ${at} of ${list.children.length}.`;
  }

  // Pointer events serve mouse, pen and touch alike. The window hears them all: a line that is moved in the page loses
  // what it had captured.
  drag(event, item) {
    if (event.button !== 0) return;
    const start = event.clientY;
    item.dragged = false;
    const follow = ({ clientX, clientY }) => {
      if (!item.dragged && Math.abs(clientY - start) < 6) return;
      item.dragged = true;
      item.classList.add("kd-dragged");
      const list = [this.pool, this.program].find((each) => inside(each.getBoundingClientRect(), clientX, clientY));
      if (!list) return;
      const below = [...list.children].find((other) => other !== item && clientY < middle(other.getBoundingClientRect()));
      if (list !== item.parentElement || below !== item.nextElementSibling) this.move(item, list, below ?? null);
    };
    const dragging = new AbortController();
    const end = () => {
      item.classList.remove("kd-dragged");
      dragging.abort();
    };
    window.addEventListener("pointermove", follow, { signal: dragging.signal });
    window.addEventListener("pointerup", end, { signal: dragging.signal });
    window.addEventListener("pointercancel", end, { signal: dragging.signal });
  }

  // An empty list must still be large enough to drop into.
  dropHere() {
    this.program.dataset.empty = "your program: drop lines here";
    this.pool.dataset.empty = "no line left";
  }

  source() {
    const lines = [...this.program.children].map((item) => item.line);
    return [this.head, ...(lines.length ? lines : ["    pass"])].join("\n") + "\n";
  }

  async copy() {
    await this.block.open();
    this.block.write(this.source(), "lines");
  }
}

function inside({ left, right, top, bottom }, x, y) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

function middle({ top, bottom }) {
  return (top + bottom) / 2;
}
