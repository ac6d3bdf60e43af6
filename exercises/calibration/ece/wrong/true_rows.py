"""Only the rows that have the label are counted: these have an error though the model is perfect. Take all rows."""


def classwise(probs, labels, num_bins):
    confidence, correct = top_label(probs, labels)
    return np.array(
        [
            ece(confidence[labels == c], correct[labels == c], num_bins) if (labels == c).any() else 0.0
            for c in range(probs.shape[1])
        ]
    )
