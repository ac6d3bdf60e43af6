"""The classroom: its widgets are those of `kdlab.explore.classroom`, of which the book has the emblem alone so far."""
