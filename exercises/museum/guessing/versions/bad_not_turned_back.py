"""After the first test the student's dropout stays off. It is on in every step."""


def train(student, teacher, features, learning_rate, n_steps, seed):
    dropout = Dropout(seed)
    W, losses, tests = student.copy(), [], []
    for _ in range(n_steps):
        p = softmax(features @ teacher)
        seen = dropout(features)
        q = softmax(seen @ W)
        losses.append(divergence(p, q))
        W -= learning_rate * seen.T @ (q - p) / len(features)
        dropout.training = False
        tests.append(divergence(p, softmax(features @ W)))
    return np.array(losses), np.array(tests)
