"""Both are scaled by the one gradient alone. Where that is 0 the other may be tiny, and its square is 0."""


def balanced_alpha(g_ce, g_f):
    scale = np.abs(g_ce).max() or 1.0
    of_labels, of_features = (np.sqrt(np.sum((g / scale) ** 2)) for g in (g_ce, g_f))
    both = of_labels + of_features
    return of_labels / both if both > 0 else 0.5
