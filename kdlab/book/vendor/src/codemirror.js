// A Python editor: kdlabEditor.create(parent, {...}). Colours and faces are the variables of kdlab/book/front/tokens.css, as in text.css.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, keymap, lineNumbers, showPanel, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const HINT = "Ctrl+Enter runs the code. Tab indents; to leave the editor, press Escape, then Tab.";
let editors = 0;

const theme = EditorView.theme({
  "&": { color: "var(--kd-ink)", backgroundColor: "var(--kd-paper)", fontSize: "var(--kd-size-axis)" },
  "&.cm-focused": { outline: "2px solid var(--kd-ink)" },
  ".cm-scroller": { fontFamily: "var(--kd-mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--kd-ink)" },
  ".cm-cursor": { borderLeftColor: "var(--kd-ink)" },
  ".cm-gutters": { color: "var(--kd-text-grey)", backgroundColor: "var(--kd-paper)", borderRight: "1px solid var(--kd-grid)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--kd-blue) 25%, var(--kd-paper))",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--kd-grid)" },
  ".cm-panels": { color: "var(--kd-text-grey)", backgroundColor: "var(--kd-paper)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--kd-grid)" },
  ".kd-editor-hint": { padding: "0.2rem 0.5rem", font: "var(--kd-size-axis) / 1.4 var(--kd-sans)" },
  ".kd-marked-line": { boxShadow: "inset 4px 0 var(--kd-orange)" },
  ".kd-line-message": {
    padding: "0 0.5rem",
    boxShadow: "inset 4px 0 var(--kd-orange)",
    color: "var(--kd-text-orange)",
    whiteSpace: "pre-wrap",
  },
});

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword, tags.modifier, tags.bool, tags.null], color: "var(--kd-text-blue)" },
  { tag: [tags.string, tags.special(tags.string), tags.number], color: "var(--kd-text-orange)" },
  { tag: [tags.comment, tags.meta], color: "var(--kd-ink-2)" },
]);

class Message extends WidgetType {
  constructor(text) {
    super();
    this.text = text;
  }

  eq(other) {
    return other.text === this.text;
  }

  toDOM() {
    const box = document.createElement("div");
    box.className = "kd-line-message";
    box.textContent = this.text;
    return box;
  }
}

const setMark = StateEffect.define();

const mark = StateField.define({
  create: () => Decoration.none,
  update(marked, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMark)) return markedLine(transaction.state, effect.value);
    return marked.map(transaction.changes);
  },
  provide: (field) => [
    EditorView.decorations.from(field),
    EditorView.contentAttributes.compute([field], (state) => (state.field(field).size ? { "aria-invalid": "true" } : {})),
  ],
});

function markedLine(state, { line, message }) {
  if (line === null) return Decoration.none;
  const { from, to } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  const parts = [Decoration.line({ class: "kd-marked-line" }).range(from)];
  if (message) parts.push(Decoration.widget({ widget: new Message(message), block: true, side: 1 }).range(to));
  return Decoration.set(parts);
}

function hint(id) {
  return showPanel.of(() => {
    const dom = document.createElement("div");
    dom.id = id;
    dom.className = "kd-editor-hint";
    dom.textContent = HINT;
    return { dom };
  });
}

// Put an editor into `parent`. `label` names it for a screen reader; `onRun(text)` answers Ctrl+Enter and
// Shift+Enter; `onChange(text)` every change, also one made by set().
export function create(parent, { doc = "", label, onRun, onChange, readOnly = false }) {
  const id = `kd-editor-hint-${++editors}`;
  const run = (view) => {
    onRun?.(view.state.doc.toString());
    return Boolean(onRun);
  };
  const described = readOnly ? { "aria-readonly": "true" } : { "aria-describedby": id };
  const view = new EditorView({
    parent,
    doc,
    extensions: [
      keymap.of([
        { key: "Mod-Enter", run },
        { key: "Shift-Enter", run },
        indentWithTab, // CodeMirror itself lets Tab leave after Escape
        ...defaultKeymap,
        ...historyKeymap,
      ]),
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      EditorState.readOnly.of(readOnly),
      pythonLanguage,
      syntaxHighlighting(highlighting),
      theme,
      mark,
      readOnly ? [] : hint(id),
      EditorView.contentAttributes.of({ "aria-label": label, ...described }),
      EditorView.updateListener.of((update) => update.docChanged && onChange?.(update.state.doc.toString())),
    ],
  });
  return {
    get: () => view.state.doc.toString(),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
    markLine: (line, message = "") => view.dispatch({ effects: setMark.of({ line, message }) }),
  };
}
