"""The test stands before the step. It comes after it."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        tested = W.copy()
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(p, softmax(features @ tested)))
    return np.array(losses), np.array(tests)
