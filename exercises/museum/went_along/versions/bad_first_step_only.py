"""Only the first step is against the teacher. Every step is."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(min(n_steps, 1)):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        student = student - learning_rate * temperature * inputs.T @ (q - p) / len(inputs)
    return student, teacher
