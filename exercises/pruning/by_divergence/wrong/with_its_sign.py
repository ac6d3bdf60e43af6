"""The difference keeps its sign here. A weight that fell has moved as far as one that rose."""


def distance(W, W_init):
    return W - W_init
