// Loaded before any other script: where the browser refuses to keep anything (storage that is
// blocked, forbidden or full), the page itself remembers until it is closed, so that no script needs to look out for it.
for (const name of ["localStorage", "sessionStorage"]) {
  const memory = new Map();
  let real = null;
  const attempt = (action) => {
    try {
      return action();
    } catch {
      guarded.refused = true;
      return null;
    }
  };
  const guarded = {
    refused: false,
    getItem: (key) => (memory.has(key) ? memory.get(key) : attempt(() => real.getItem(key))),
    setItem(key, value) {
      memory.set(key, String(value));
      attempt(() => {
        real.setItem(key, value);
        memory.delete(key);
      });
    },
    removeItem(key) {
      memory.delete(key);
      attempt(() => real.removeItem(key));
    },
    keys: () => [...new Set([...memory.keys(), ...(attempt(() => Object.keys(real)) ?? [])])],
  };
  attempt(() => (real = window[name]));
  Object.defineProperty(window, name, { value: guarded });
}
