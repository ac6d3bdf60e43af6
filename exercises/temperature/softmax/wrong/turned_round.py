"""The class with the smallest logit gets the largest probability here. Is there a minus too many?"""


def softmax_at(logits, temperature):
    u = -logits / temperature
    weights = np.exp(u - u.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)
