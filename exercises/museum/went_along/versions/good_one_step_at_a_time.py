"""Steps that know of no other step."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    def step(weights):
        total = np.zeros(weights.shape)
        for x in inputs:
            q, p = softmax(x @ weights, temperature), softmax(x @ teacher, temperature)
            total += np.outer(x, q - p)
        return weights - learning_rate * temperature / len(inputs) * total

    student = student.copy()
    for _ in range(n_steps):
        student = step(student)
    return student, teacher.copy()
