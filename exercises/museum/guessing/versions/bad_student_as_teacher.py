"""The student learns from its own answer without dropout. It learns from the teacher."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ W)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(softmax(features @ teacher), softmax(features @ W)))
    return np.array(losses), np.array(tests)
