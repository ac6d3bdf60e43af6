"""The test is on the features that dropout left. It is on all of them."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(p, softmax(seen @ W)))
    return np.array(losses), np.array(tests)
