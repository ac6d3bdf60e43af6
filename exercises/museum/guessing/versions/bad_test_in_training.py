"""The student is tested in training mode."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout, in_test = Dropout(seed), Dropout(seed + 1)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(p, softmax(in_test(features) @ W)))
    return np.array(losses), np.array(tests)
