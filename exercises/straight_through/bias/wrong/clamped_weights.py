"""The weights are put back to clip before they are quantized here. The cut is one of the gradient."""


def ste_gradient(W, X, V, T, clip):
    return kd_gradient(one_bit(np.clip(W, -clip, clip)), X, V, T)
