"""The student starts at 0. It starts from the weights that are given."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = np.zeros(student.shape), teacher.copy()
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p) / len(inputs)
        student = student - learning_rate * gradient
    return student, teacher
