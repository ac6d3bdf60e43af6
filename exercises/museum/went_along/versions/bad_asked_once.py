"""The student's own answers are those of before the first step. They change with every step."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    first = softmax(inputs @ student, temperature)
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        student = student - learning_rate * temperature * inputs.T @ (first - p) / len(inputs)
    return student, teacher
