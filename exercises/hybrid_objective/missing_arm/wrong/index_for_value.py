"""This is the place of the constant in the list. The constant itself is asked for."""


def nearest_constant(alpha, constants):
    with np.errstate(divide="ignore"):
        return int(np.argmin(np.abs(np.log(constants / alpha))))
