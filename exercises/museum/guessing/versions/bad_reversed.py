"""The divergence is KL(q || p). The teacher comes first."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(q, p))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(softmax(features @ W), p))
    return np.array(losses), np.array(tests)
