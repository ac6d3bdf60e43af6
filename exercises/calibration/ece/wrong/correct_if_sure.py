"""An answer counts as correct here if its probability is above one half. Correct is one that is the label."""


def top_label(probs, labels):
    return [probs.max(axis=1), probs.max(axis=1) > 0.5]
