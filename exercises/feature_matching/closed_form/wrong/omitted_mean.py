"""1/n stands in place of the inverse of X1'X1. They agree if the kept inputs are uncorrelated, of mean square 1."""


def omitted_bias(X1, X2, theta_2):
    return X1.T @ X2 @ theta_2 / len(X1)
