"""With no step there is a step all the same. Nothing moves if n_steps is 0."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(max(n_steps, 1)):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        student = student - learning_rate * temperature * inputs.T @ (q - p) / len(inputs)
    return student, teacher
