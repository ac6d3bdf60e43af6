"""The teacher guesses in training, and answers with all its features in the test alone."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout, of_teacher = Dropout(seed), Dropout(seed + 1)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(of_teacher(features) @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(softmax(features @ teacher), softmax(features @ W)))
    return np.array(losses), np.array(tests)
