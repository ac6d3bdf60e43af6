"""The loss of the step is computed after it. It is that of the answers before."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        W -= learning_rate * seen.T @ (q - p) / len(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        tests.append(divergence(p, softmax(features @ W)))
    return np.array(losses), np.array(tests)
