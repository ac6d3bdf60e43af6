"""The logarithm of a sum of exponentials, less the label's logit."""


def training_loss(logits, labels):
    largest = logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(logits - largest).sum(axis=1)) + largest[:, 0]
    return (log_sum - logits[np.arange(len(logits)), labels]).mean()
