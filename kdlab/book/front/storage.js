// What the book keeps in this browser, and nowhere else: predictions and edited code.

const storage = {
  // Where the browser refuses (blocked or full), the page itself remembers until it is closed.
  memory: {},
  refused: false,

  get(key) {
    if (key in this.memory) return this.memory[key];
    try {
      return JSON.parse(localStorage.getItem("kdlab." + key));
    } catch {
      return null;
    }
  },

  set(key, value) {
    try {
      localStorage.setItem("kdlab." + key, JSON.stringify(value));
      delete this.memory[key];
    } catch {
      this.memory[key] = value;
      this.refused = true;
    }
  },

  remove(key) {
    delete this.memory[key];
    try {
      localStorage.removeItem("kdlab." + key);
    } catch {
      this.refused = true;
    }
  },

  note() {
    return this.refused
      ? "This browser keeps nothing for this page (storage is full or blocked): what you enter lasts until you close it."
      : "";
  },
};
