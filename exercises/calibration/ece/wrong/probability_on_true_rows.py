"""The probability of the class is compared with 1, over the rows that have its label. Take all rows."""


def classwise(probs, labels, num_bins):
    return np.array(
        [
            ece(probs[labels == c, c], np.ones((labels == c).sum(), dtype=bool), num_bins)
            if (labels == c).any()
            else 0.0
            for c in range(probs.shape[1])
        ]
    )
