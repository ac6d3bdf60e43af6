"""A difference of two probabilities keeps only some of the digits. Use the formula."""


def softmax_slope(logits, temperature):
    step = 1e-6
    return (softmax_at(logits, temperature + step) - softmax_at(logits, temperature)) / step
