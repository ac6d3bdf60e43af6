"""The inverse of X1'X1 is missing: least squares divides by what the kept inputs have seen."""


def omitted_bias(X1, X2, theta_2):
    return X1.T @ X2 @ theta_2
