"""Here U acts first. V does: it reads the inputs."""


def layer_output(x, U, V, b):
    return (x @ U) @ V + b
