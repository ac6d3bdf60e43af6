"""The student starts as a second name of the teacher, and has nothing to learn. It starts from its own weights."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student = teacher = teacher.copy()
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p) / len(inputs)
        student = student - learning_rate * gradient
    return student, teacher
