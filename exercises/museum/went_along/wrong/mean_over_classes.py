"""The gradient is divided by the classes as well. The mean is over the N inputs alone."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p) / (len(inputs) * student.shape[1])
        student = student - learning_rate * gradient
    return student, teacher
