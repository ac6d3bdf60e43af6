"""This divides by the sizes of the inputs. It is the weights that an attack multiplies."""


def critical_radii(w, X, y):
    return y * (X @ w) / np.abs(X).sum(axis=1)
