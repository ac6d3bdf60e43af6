"""Plots in a sandbox, drawn to nothing: a cell that imports Matplotlib, or shows something, runs on as elsewhere."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from typing import Any

MODULES = ("matplotlib", "IPython")


class Nothing(types.ModuleType):
    """Has whatever is asked for, can be called, indexed and entered, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return subplots if name == "subplots" else self

    def __call__(self, *args: Any, **kwargs: Any) -> Nothing:
        """Do nothing, and return what has whatever is asked of a plot."""
        return self

    def __getitem__(self, key: Any) -> Nothing:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def subplots(nrows: int = 1, ncols: int = 1, **kwargs: Any) -> tuple[Nothing, Any]:
    """Return a figure, and axes in an array of the shape that Matplotlib's would have."""
    import numpy as np

    axes = np.full((nrows, ncols), None, dtype=object)
    for place in np.ndindex(axes.shape):
        axes[place] = Nothing("axes")
    squeezed = axes.squeeze() if kwargs.get("squeeze", True) else axes
    return Nothing("figure"), squeezed.item() if squeezed.ndim == 0 else squeezed


class _Finder:
    """Finds `MODULES`, and whatever is in them."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in MODULES else None

    def create_module(self, spec: ModuleSpec) -> Nothing:
        return Nothing(spec.name)

    def exec_module(self, module: Nothing) -> None:
        pass


def install() -> None:
    """Let the modules be imported where they are not there."""
    sys.meta_path.append(_Finder())
