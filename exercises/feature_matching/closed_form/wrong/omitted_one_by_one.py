"""Each kept input is asked by itself. They share what is left out: solve for all of them together."""


def omitted_bias(X1, X2, theta_2):
    return X1.T @ X2 @ theta_2 / np.sum(X1**2, axis=0)
