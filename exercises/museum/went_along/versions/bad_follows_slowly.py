"""The teacher follows the student, a tenth of the way at each step. It stays what it was."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p) / len(inputs)
        student = student - learning_rate * gradient
        teacher = 0.9 * teacher + 0.1 * student
    return student, teacher
