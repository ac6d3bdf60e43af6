"""The exponentials are computed in half precision: right to three digits only."""


def training_loss(logits, labels):
    centred = (logits - logits.max(axis=1, keepdims=True)).astype(np.float16)
    log_sum = np.log(np.exp(centred).astype(np.float64).sum(axis=1))
    return (log_sum - centred[np.arange(len(logits)), labels].astype(np.float64)).mean()
