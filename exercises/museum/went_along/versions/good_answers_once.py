"""The teacher answers once, before the loop."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    p, X = softmax(inputs @ teacher, temperature), inputs
    W = student.copy()
    for _ in range(n_steps):
        W -= learning_rate * temperature * (X.T @ (softmax(X @ W, temperature) - p)) / X.shape[0]
    return W, teacher.copy()
