"""This is one minus the probability, and not minus its logarithm."""


def nll(log_probs, labels):
    return 1 - np.exp(log_probs[np.arange(len(labels)), labels])
