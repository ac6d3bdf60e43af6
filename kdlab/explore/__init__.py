"""The widgets: what a reader can move, computed by the mechanisms and drawn in the page and in notebooks."""

from kdlab.explore.widget import find

__all__ = ["explore", "find"]


def explore(name: str):
    """Show a widget in a notebook: sliders, the picture, and its sentence.

    Parameters
    ----------
    name : str
        The widget's name, as in the book: "temperature.logits".

    Returns
    -------
    ipywidgets.VBox
        The controls with the Matplotlib picture below them.

    Raises
    ------
    ValueError
        If there is no such widget.
    ImportError
        If ipywidgets or Matplotlib is missing: they come with `pip install kdlab[book]`.
    """
    from kdlab.explore.notebook import show

    return show(find(name))
