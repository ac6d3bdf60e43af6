"""Draws for the teacher come from the student's dropout and are thrown away: the student gets others than its own."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        dropout(features)
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(p, softmax(features @ W)))
    return np.array(losses), np.array(tests)
