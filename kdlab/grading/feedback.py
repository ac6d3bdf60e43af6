"""One page a student: what was found, in words. No script, no link, no file beside it; everything shown is escaped."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from kdlab.files import safe_name, write_text

# the browser loads and runs nothing, whatever a student may have got into the text
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_STYLE = """
:root { color-scheme: light dark; --text: #1a1a1a; --ground: #ffffff; --soft: #595959; --line: #c4c4c4;
  --box: #f4f4f4; --good: #0b6b2e; --bad: #9b1c1c; }
@media (prefers-color-scheme: dark) { :root { --text: #ececec; --ground: #161616; --soft: #b4b4b4; --line: #4d4d4d;
  --box: #242424; --good: #7fd69a; --bad: #ff9f97; } }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 46rem;
  margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem; border-top: 1px solid var(--line);
  padding-top: 1rem; }
.points { font-weight: 600; } .soft { color: var(--soft); }
ul { padding-left: 1.25rem; } li { margin: .35rem 0; }
.good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
pre { background: var(--box); border: 1px solid var(--line); padding: .75rem; white-space: pre-wrap;
  max-height: 24rem; overflow-y: auto; }
summary { cursor: pointer; padding: .5rem 0; }
:focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
@media print { pre { max-height: none; } }
"""

_STATUS = {
    "graded": "Your notebook was run and graded.",
    "not_attempted": "The notebook was handed in as it was given out.",
    "nothing_handed_in": "Nothing was handed in.",
    "system_files_only": "No notebook was handed in, so nothing was graded.",
    "wrong_suffix": "The file's name does not end in .ipynb, so nothing was graded.",
    "archive": "A packed file was handed in and not a notebook, so nothing was graded.",
    "nested_folder": "A folder was handed in and not a notebook, so nothing was graded.",
    "python_file": "A Python file was handed in and not a notebook, so nothing was graded.",
    "no_notebook": "No notebook was handed in, so nothing was graded.",
    "wrong_exercise": "The notebook is for another exercise, so nothing was graded.",
    "several_notebooks": "Several notebooks were handed in and none is the newest, so nothing was graded.",
    "invalid_notebook": "The file could not be read as a notebook, so nothing was graded. Open it in Jupyter, save it "
    "again and hand it in, or ask your instructor.",
    "too_large": "The file is too large, so nothing was graded.",
    "refused": "The submission was not opened, so nothing was graded.",
    "grader_error": "The grader itself failed. This is not your fault, and there are no points yet: your instructor "
    "will have it graded again.",
}


def write_feedback(results: list[dict[str, Any]], folder: Path) -> list[Path]:
    """Write a page for each result into a folder, and return the paths.

    Parameters
    ----------
    results : list of dict
        As `decisions.decide` gives them.
    folder : Path
        Is made if it is not there. The pages of an exercise lie in a folder of its name.

    Returns
    -------
    list of Path
        One for each result, in order.
    """
    paths = []
    for result in results:
        path = Path(folder) / result["exercise"] / f"{safe_name(result['student'])}.html"
        write_text(path, page(result))
        paths.append(path)
    return paths


def page(result: dict[str, Any]) -> str:
    """Return the page of one result, as HTML that stands alone."""
    heading = result.get("title", result["exercise"])  # older results have none
    title = f"{heading}: {result['student']}"
    failed = result["status"] == "grader_error"
    points = "no points yet" if result["points"] is None else f"{result['points']:g} of {result['max_points']:g} points"
    notes = [] if failed else result["notes"]  # a fault of the grader is the instructor's to read
    body = [
        f"<h1>{_text(heading)}</h1>",
        f"<p>For <strong>{_text(result['student'])}</strong>: <span class=points>{points}</span>.</p>",
        f"<p>{_STATUS[result['status']]}</p>",
    ]
    if result.get("file"):
        file = result["file"]
        body.append(f"<p class=soft>The file was {_text(file['name'])}, with the SHA-256 {file['sha256']}.</p>")
    if result.get("decision"):  # a result may be shown before anything is decided
        final = "these points do not count" if result["final"] is None else f"{result['final']:g} points count"
        body.append(f"<p>{_text(result['decision'])} <span class=points>So {final}.</span></p>")
    if result["status"] == "graded":
        body += [_question(question) for question in result["questions"]]
    if notes:
        about = "Notes on your cells" if result["status"] == "graded" else "What happened"
        items = "".join(f"<li>{_text(note)}</li>" for note in notes)
        body.append(f"<section><h2>{about}</h2><ul>{items}</ul></section>")
    if result["log"]:
        body.append(
            "<section><h2 id=log>What your cells printed</h2>"
            "<p class=soft>While they ran, and while public checks ran; at most the first 64 kB.</p>"
            f"<pre tabindex=0 role=region aria-labelledby=log>{_text(result['log'])}</pre></section>"
        )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def comment(result: dict[str, Any]) -> str:
    """Return a result in a few sentences, as HTML that a platform takes for a comment."""
    lines = [_STATUS[result["status"]]] if result["status"] != "graded" else []
    for question in result["questions"] if result["status"] == "graded" else []:
        earned = f"{question['function']}: {question['points']:g} of {question['max_points']:g} points."
        lines.append(f"{earned} {question['message']}".strip())
    return "".join(f"<p>{_text(line)}</p>" for line in [*lines, *filter(None, [result.get("decision")])])


def _question(question: dict[str, Any]) -> str:
    name = _text(question["function"])
    points = f"{question['points']:g} of {question['max_points']:g} points"
    passed = sum(finding["passed"] for finding in question["findings"])
    checks = len(question["findings"])
    uncalled = sum(finding["kind"] == "not_asked" for finding in question["findings"])
    if question["points"] == question["max_points"] and question["message"]:  # right, but for what it calls
        summary = f"<p>{_text(question['message'])}</p>"
    elif passed == checks:
        summary = f"<p><span class=good>Right</span> in all {checks} checks.</p>"
    else:
        summary = (
            f"<p><span class=bad>Not yet right</span>: {passed} of {checks} checks passed"
            f"{f', {uncalled} were not made any more' if uncalled else ''}. Points are given only where all of them "
            f"pass.</p><p>{_text(question['message'])}</p>"
        )
    items = "".join(_finding(finding) for finding in question["findings"])
    return (
        f"<section><h2><code>{name}</code> <span class=points>{points}</span></h2>{summary}"
        f"<details><summary>All {checks} checks of {name}</summary><ul>{items}</ul></details></section>"
    )


def _finding(finding: dict[str, Any]) -> str:
    verdict = "<span class=good>passed</span>" if finding["passed"] else "<span class=bad>failed</span>"
    if finding["kind"] == "not_asked":
        verdict = "<span class=soft>not made</span>"
    return f"<li>{verdict}: {_text(finding['sentence'])}</li>"


def _text(text: str) -> str:
    """Return a text as it may stand in a page: escaped, and without characters HTML does not allow."""
    return html.escape("".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text))
