"""The student is told the mean of the teacher's answer and its own. It is told the teacher's."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(n_steps):
        p = (softmax(inputs @ teacher, temperature) + softmax(inputs @ student, temperature)) / 2
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p) / len(inputs)
        student = student - learning_rate * gradient
    return student, teacher
