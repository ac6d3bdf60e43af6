"""The second number counts every error on the other rows. Only those called the omitted class are a false alarm."""


def naming(logits, labels, omitted):
    guess = logits.argmax(axis=1)
    return (guess == omitted)[labels == omitted].mean(), (guess != labels)[labels != omitted].mean()
