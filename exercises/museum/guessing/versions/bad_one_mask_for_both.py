"""Teacher and student see the same half of the features. The teacher sees all."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        seen = dropout(features)
        p = softmax(seen @ teacher)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        tests.append(divergence(softmax(features @ teacher), softmax(features @ W)))
    return np.array(losses), np.array(tests)
