"""Each step sees one input only, the next one in turn. All inputs count in each step."""


def distil(student, teacher, inputs, temperature, learning_rate, n_steps):
    student, teacher = student.copy(), teacher.copy()
    for k in range(n_steps):
        x = inputs[k % len(inputs)][np.newaxis]
        p, q = softmax(x @ teacher, temperature), softmax(x @ student, temperature)
        student = student - learning_rate * temperature * x.T @ (q - p)
    return student, teacher
