"""The controls of a widget, set as a reader sets them."""

from __future__ import annotations

import numpy as np
from reading import controls

from kdlab.explore.controls import (
    Action,
    Cells,
    Choice,
    Cuts,
    Diary,
    Numbers,
    Order,
    Paint,
    Places,
    Shares,
    Switch,
    Ticks,
)

PASTE = """(box, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", text);
    box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def put(row, control, value):
    """Set a control as a reader does; a value of a slider that the grid does not hold is typed.

    Where a question comes before that, the reader declines it, begins again at the start and sets the control: return
    whether that was so.
    """
    operate(row, control, value)
    declines = row.locator("xpath=ancestor::figure").get_by_role("button", name="Show me without a guess")
    asked = declines.count() > 0
    if asked:
        while declines.count():
            declines.first.click()
        reset(row.locator("xpath=ancestor::figure"))
        operate(row, control, value)
    return asked


def put_all(widget, explorable, values):
    """Set several controls from the start on; where a question on the way took them back, all once more."""
    rows = controls(widget)
    for _ in range(2):
        reset(widget)
        asked = [put(rows[name], explorable.controls[name], value) for name, value in values.items()]
        if not any(asked):
            return


def operate(row, control, value):
    if isinstance(control, Diary | Action):  # its answers are given elsewhere; what it does is in no grid
        return
    if isinstance(control, Switch):
        switch = row.get_by_role("switch")
        if (switch.get_attribute("aria-checked") == "true") != value:
            switch.click()
    elif isinstance(control, Choice):
        if row.get_by_role("radio").count():
            row.get_by_role("radio", name=value, exact=True).click()  # it stays as it was where a question comes before
        else:
            row.get_by_role("combobox").select_option(value)
    elif isinstance(control, Ticks):
        for option in control.options:
            box = row.get_by_role("checkbox", name=option, exact=True)
            if box.is_checked() != (option in value):
                box.click()
    elif isinstance(control, Numbers | Cuts):
        for box, number in zip(row.get_by_role("spinbutton").all(), value, strict=True):
            box.fill(str(number))
    elif isinstance(control, Shares):  # all at once: one by one, each would change the others
        row.get_by_role("spinbutton").first.evaluate(PASTE, " ".join(map(str, value)))
    elif isinstance(control, Order):
        for place, item in enumerate(value):  # from the first place on, each item comes from further right
            now = row.get_by_role("button").all_inner_texts().index(control.items[item])
            for _ in range(now - place):
                row.get_by_text(control.items[item], exact=True).press("ArrowLeft")
    elif isinstance(control, Places):
        for i, point in enumerate(value):
            row.get_by_role("combobox").first.select_option(index=i)
            for box, number in zip(row.get_by_role("spinbutton").all(), point, strict=True):
                box.fill(str(number))
    elif isinstance(control, Cells | Paint):
        ready = [name for name, table in control.presets.items() if np.array_equal(table, value)]
        row.get_by_role("button", name=(*ready, "Clear")[0], exact=True).click()
        if not ready:
            if isinstance(control, Paint):  # a brush of one cell
                row.get_by_role("combobox").select_option("1")
            draw_cells(row.locator(".kd-cells"), control, value)
    elif value in control.grid():
        row.get_by_role("slider").fill(str(control.grid().index(value)))
    else:
        row.get_by_role("spinbutton").fill(repr(value))


def draw_cells(table, control, value):
    """Switch on cells of an empty table, row by row, with the keys."""
    for way, steps in (("ArrowUp", control.rows), ("ArrowLeft", control.columns)):
        for _ in range(steps):
            table.press(way)
    row = column = 0
    for i, j in np.argwhere(value).tolist():
        for way, steps in (("ArrowDown", i - row), ("ArrowRight", j - column), ("ArrowLeft", column - j)):
            for _ in range(steps):
                table.press(way)
        table.press("Space")
        row, column = i, j


def reset(widget):
    widget.get_by_role("button", name="Reset").click()
