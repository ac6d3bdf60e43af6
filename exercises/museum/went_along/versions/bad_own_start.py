"""The student is compared with what it was at the start. It should be compared with the teacher."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    start = student
    for _ in range(n_steps):
        p = softmax(inputs @ start, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p) / len(inputs)
        student = student - learning_rate * gradient
    return student, teacher
