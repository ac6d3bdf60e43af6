// Python for the page: one worker, started at the first need, replaced when it hangs or dies.
//
// runtime.call("kdlab.explore.page.answer", [name, values, source], {seconds: 10}) imports the module, calls the function
// with these arguments, data that JSON can hold, and resolves to {value, stdout, stderr}: what it returned, such data too,
// and what it printed. It rejects with an Error that also has {line, traceback, stdout, stderr}: `name` is Python's ("ValueError"), or one of
//   TimeLimit    it ran longer than `seconds`
//   Stopped      stop() was called
//   Unavailable  Python could not start
//   Crash        Python itself died
// `message` is one sentence, `line` the line in the code compiled with the filename "<reader>", or null.
// Calls run one at a time, in order. stop() ends the running one and those that wait.
class Runtime {
  static GRACE_SECONDS = 2;
  static PATIENCE_SECONDS = 30; // without a byte while it starts
  static #compiled = null; // WebAssembly, shared by all

  #files;
  #onstate;
  #state = "off"; // then starting, ready, failed, stopped
  #worker = null;
  #started = null;
  #waiting = [];
  #running = null;
  #loaded = 0;
  #bytes;

  // base: the folder that holds the others; python: the one of Pyodide, and archive: the kdlab zip, relative to it; bytes:
  // what they are together; modules: what is imported at the start. onstate(state, sentence) is told of every new state,
  // "starting", "ready", "failed" (with the reason as the sentence) or "stopped".
  constructor({ base, archive, python = "pyodide/", bytes = 0, modules = [], onstate = () => {} }) {
    const folder = new URL(base, document.baseURI);
    this.#files = {
      pyodide: new URL(python, folder).href,
      archive: new URL(archive, folder).href,
      packages: ["numpy"],
      modules,
    };
    this.#bytes = bytes;
    this.#onstate = onstate;
  }

  get state() {
    return this.#state;
  }

  // Resolves once Python answers. While it starts or runs, the same start is meant; after a failure it tries again.
  start() {
    if (this.#started) return this.#started.promise;
    const started = {};
    started.promise = new Promise((resolve, reject) => Object.assign(started, { resolve, reject }));
    started.promise.catch(() => {}); // who does not wait for the start learns of its failure by the state
    this.#started = started;
    this.#worker = this.#newWorker();
    this.#worker.postMessage({ ...this.#files, patience: Runtime.PATIENCE_SECONDS, compiled: Runtime.#compiled });
    this.#loaded = Runtime.#compiled ? this.#bytes : 0;
    this.#become("starting");
    return started.promise;
  }

  // packages: what this call needs besides NumPy; loaded before its time begins to count. progress(words): told how far
  // the start is that the call waits for.
  call(path, args, { seconds = 10, packages = [], progress = () => {} } = {}) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ path, args, seconds, packages, progress, resolve, reject });
      this.#next();
    });
  }

  stop() {
    if (!this.#started) return;
    const stopped = runtimeError({ name: "Stopped", message: "It was stopped." });
    const ended = [this.#running, ...this.#waiting].filter(Boolean);
    this.#waiting = [];
    this.#discard("stopped", stopped);
    ended.forEach((job) => job.reject(stopped));
  }

  // A worker that was ended may still report what broke while it died: that is nobody's error any more.
  #newWorker() {
    const url = URL.createObjectURL(new Blob([`(${workerMain})()`], { type: "text/javascript" }));
    const worker = new Worker(url);
    URL.revokeObjectURL(url);
    worker.onmessage = ({ data }) => worker === this.#worker && this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker !== this.#worker || this.#state !== "starting") return;
      this.#receive({ kind: "failed", message: `Python could not start: ${event.message || "no worker could be made"}.` });
    };
    return worker;
  }

  async #next() {
    if (this.#running || this.#waiting.length === 0) return;
    const job = this.#waiting.shift();
    this.#running = job;
    try {
      await this.start();
    } catch {
      return; // what ended the start has told the job
    }
    if (this.#running !== job) return;
    if (job.packages.length) this.#worker.postMessage({ packages: job.packages });
    else this.#run(job);
  }

  #run(job) {
    job.timer = setTimeout(() => this.#overdue(job), 1000 * (job.seconds + Runtime.GRACE_SECONDS));
    this.#worker.postMessage({ path: job.path, args: job.args, seconds: job.seconds });
  }

  #receive({ kind, bytes, compiled, message, value, error, stdout, stderr, late, broken }) {
    const job = this.#running;
    if (kind === "progress") {
      this.#loaded += bytes;
      [job, ...this.#waiting].forEach((each) => each?.progress(this.#progress()));
    } else if (kind === "compiled") {
      Runtime.#compiled = compiled;
    } else if (kind === "ready") {
        this.#started.resolve();
      this.#become("ready");
    } else if (kind === "failed") {
      const failure = runtimeError({ name: "Unavailable", message });
      this.#discard("failed", failure);
      job?.reject(failure);
      this.#next();
    } else if (kind === "loaded") {
      this.#run(job);
    } else {
      clearTimeout(job.timer);
      this.#running = null;
      // Memory that Python once took is never given back: after a MemoryError only a new worker is as good as new.
      if (broken || error?.name === "MemoryError") this.#discard("stopped");
      if (late) job.reject(runtimeError({ ...error, ...timeLimit(job), stdout, stderr }));
      else if (error) job.reject(runtimeError({ ...error, stdout, stderr }));
      else job.resolve({ value, stdout, stderr });
      this.#next();
    }
  }

  #progress() {
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    const whole = this.#bytes && this.#loaded < this.#bytes;
    return whole ? `Starting Python: ${megabytes(this.#loaded)} of ${megabytes(this.#bytes)} MB …` : "Starting Python …";
  }

  // Not even the interrupt ended it: it hangs inside compiled code, or swallows every interrupt.
  #overdue(job) {
    this.#discard("stopped");
    job.reject(runtimeError(timeLimit(job)));
    this.#next();
  }

  // End the worker and every timer of its run. A start still under way is rejected with `error`.
  #discard(state, error) {
    clearTimeout(this.#running?.timer);
    this.#worker.terminate();
    this.#started.reject(error);
    this.#worker = this.#started = this.#running = null;
    this.#become(state, error?.message);
  }

  #become(state, sentence = "") {
    this.#state = state;
    this.#onstate(state, sentence);
  }
}

function timeLimit({ seconds }) {
  return { name: "TimeLimit", message: `It ran longer than ${seconds} s, the limit, and was stopped.` };
}

function runtimeError({ name, message, line = null, traceback = "", stdout = "", stderr = "" }) {
  return Object.assign(new Error(message), { name, line, traceback, stdout, stderr });
}
