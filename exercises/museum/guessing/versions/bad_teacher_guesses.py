"""The teacher answers in training mode: it guesses, and is tested against its guess. It answers in evaluation mode."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout, of_teacher = Dropout(seed), Dropout(seed + 1)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(of_teacher(features) @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(p, softmax(features @ W)))
    return np.array(losses), np.array(tests)
