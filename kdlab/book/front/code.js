// The few lines behind a picture, editable and run again in place, in a Python of their own.

function loadScript(url) {
  return new Promise((resolve, reject) => {
    const script = element("script", { src: url });
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("The editor could not be loaded; reload the page to try again.")));
    document.head.append(script);
  });
}

let editorLoaded = null;

function loadEditor(base) {
  editorLoaded ??= loadScript(base + release.editor).catch((error) => {
    editorLoaded = null;
    throw error;
  });
  return editorLoaded;
}

function makeEditor(place, options) {
  const editor = kdlabEditor.create(place, options);
  place.querySelector(".cm-content").tabIndex = 0; // it takes the focus anyhow, but not every checker knows
  return editor;
}

// What a widget computes: first the lines of the core, which cannot be edited, then the function that draws, in an editor
// made when it is opened. `run(source)`, `stop()` and `restore()` are the widget's.
function codePanel(spec, base, { run, stop, restore, opened }) {
  const draft = new Draft("code", spec.name, spec.source, () => {});
  const place = element("div", { className: "kd-editor" });
  const status = element("p", { className: "kd-complaint", role: "alert" });
  const output = element("pre", { className: "kd-output", hidden: true, tabIndex: 0 });
  output.setAttribute("aria-label", "what the code printed");
  const runButton = element("button", { type: "button", textContent: "Run (Ctrl+Enter)" });
  const stopButton = element("button", { type: "button", textContent: "Stop", className: "kd-quiet", disabled: true });
  const restoreButton = element("button", { type: "button", textContent: "Restore the original", className: "kd-quiet" });
  const buttons = element("p", { className: "kd-buttons" }, [runButton, stopButton, restoreButton]);
  const core = spec.core.map(({ name, html }) =>
    element("div", { className: "kd-core" }, [
      element("p", {}, ["The mathematics, ", element("code", { textContent: name })]),
      element("div", { className: "highlight", innerHTML: `<pre tabindex="0">${html}</pre>` }),
    ]),
  );
  const drawn = core.length ? [element("p", { textContent: "The picture" })] : [];
  const panel = element("div", {}, [...core, ...drawn, place, buttons, status, output]);
  let editor = null;

  const start = () => {
    status.textContent = "";
    run(editor.get());
  };
  const keep = (text) => draft.put(text);
  const edit = async () => {
    opened();
    try {
      await loadEditor(base);
    } catch (error) {
      place.replaceChildren(element("pre", { textContent: spec.source, tabIndex: 0 }));
      status.textContent = error.message;
      return;
    }
    if (editor) return;
    const label = `Python code of the picture ${spec.name}`;
    editor = makeEditor(place, { doc: draft.text ?? spec.source, label, onRun: start, onChange: keep });
    if (draft.text !== null) status.textContent = "Your own version is kept here; run it, or restore the original.";
  };
  runButton.addEventListener("click", () => editor && start());
  stopButton.addEventListener("click", stop);
  restoreButton.addEventListener("click", () => {
    draft.put(spec.source, "reset");
    editor?.set(spec.source);
    editor?.markLine(null);
    status.textContent = "";
    output.hidden = true;
    restore();
  });
  return {
    open: () => {
      if (!editor) edit();
      return panel;
    },
    running: (now) => (stopButton.disabled = !now),
    printed: ({ stdout, stderr }) => {
      output.textContent = stdout + stderr;
      output.hidden = !output.textContent;
    },
    failed: (error) => {
      editor?.markLine(error?.line ?? null, error?.message);
      status.textContent = error ? (error.line ? `Line ${error.line}: ` : "") + error.message : "";
    },
  };
}
