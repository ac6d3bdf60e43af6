"""The bias is added before U. It belongs after it: it has a number for each output."""


def layer_output(x, U, V, b):
    return (x @ V.T + b[: len(V)]) @ U.T
