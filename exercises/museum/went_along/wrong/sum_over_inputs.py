"""The gradient is a sum over the inputs. The loss is a mean: divide by N."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for _ in range(n_steps):
        p = softmax(inputs @ teacher, temperature)
        q = softmax(inputs @ student, temperature)
        gradient = temperature * inputs.T @ (q - p)
        student = student - learning_rate * gradient
    return student, teacher
