"""Only the rows that are answered as the class are counted. Take its probability, over all rows."""


def classwise(probs, labels, num_bins):
    confidence, correct = top_label(probs, labels)
    answer = probs.argmax(axis=1)
    return np.array(
        [
            ece(confidence[answer == c], correct[answer == c], num_bins) if (answer == c).any() else 0.0
            for c in range(probs.shape[1])
        ]
    )
