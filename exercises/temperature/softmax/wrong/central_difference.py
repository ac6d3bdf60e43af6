"""A difference of two probabilities, even of both sides, keeps only some of the digits. Use the formula."""


def softmax_slope(logits, temperature):
    step = 1e-5 * temperature
    ahead, behind = softmax_at(logits, temperature + step), softmax_at(logits, temperature - step)
    return (ahead - behind) / (2 * step)
