"""Of several largest probabilities the last one is taken. The answer is the lowest class."""


def top_label(probs, labels):
    last = probs.shape[1] - 1 - probs[:, ::-1].argmax(axis=1)
    return [probs.max(axis=1), last == labels]
