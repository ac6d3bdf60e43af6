"""A switch that is put back by whoever turned it."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout, W = Dropout(seed), student.copy()
    losses, tests = np.empty(n_steps), np.empty(n_steps)

    def answers(weights, training):
        before, dropout.training = dropout.training, training
        seen = dropout(features)
        dropout.training = before
        return seen, softmax(seen @ weights)

    for k in range(n_steps):
        p = answers(teacher, False)[1]
        seen, q = answers(W, True)
        losses[k] = divergence(p, q)
        W = W - np.einsum("nd,nc->dc", seen, q - p) * (learning_rate / len(features))
        tests[k] = divergence(p, answers(W, False)[1])
    return losses, tests
