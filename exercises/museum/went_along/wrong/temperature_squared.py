"""The gradient has a factor T too many: it is T times (q - p), with T squared in the loss."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature**2 * inputs.T @ (q - p) / len(inputs)
        student = student - learning_rate * gradient
    return student, teacher
