"""The step is taken with all features. The gradient knows only those that the student has seen."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * features.T @ (q - p) / len(features)
        tests.append(divergence(p, softmax(features @ W)))
    return np.array(losses), np.array(tests)
