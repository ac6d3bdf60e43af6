"""Of equal ones the last is first here. The one with the lower index is."""


def is_kept(probs, labels, k):
    first = np.argsort(probs, axis=1, kind="stable")[:, ::-1][:, :k]
    return (first == labels[:, np.newaxis]).any(axis=1)
