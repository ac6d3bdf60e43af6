"""With each step the teacher takes the student's weights, and from the second step on nothing is left to learn."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p) / len(inputs)
        student = teacher = student - learning_rate * gradient
    return student, teacher
