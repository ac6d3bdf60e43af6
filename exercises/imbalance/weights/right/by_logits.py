"""In logits: the tilt is a sum, and the long way by T and back is the same."""


def tilted(teacher_probs, weights, temperature):
    with np.errstate(divide="ignore"):
        return softmax(np.log(teacher_probs) + temperature * np.log(weights), 1)
