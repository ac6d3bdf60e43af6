"""One term of the change after the other."""


def lora_output(x, W, A, B, alpha):
    y = W @ x
    for row, column in zip(A, B.T, strict=True):
        y = y + alpha / len(A) * (row @ x) * column
    return y


def lora_merge(W, A, B, alpha):
    merged = W.copy()
    for row, column in zip(A, B.T, strict=True):
        merged = merged + alpha / len(A) * np.outer(column, row)
    return merged


def lora_gradients(x, g, A, B, alpha):
    dA, dB = np.empty(A.shape), np.empty(B.shape)
    for i in range(len(A)):
        dA[i] = alpha / len(A) * (B[:, i] @ g) * x
        dB[:, i] = alpha / len(A) * (A[i] @ x) * g
    return [dA, dB]
