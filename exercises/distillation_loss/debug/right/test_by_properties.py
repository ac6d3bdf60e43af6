"""Laws that need no number worked out by hand."""


def test_training_loss(f):
    rng = np.random.default_rng(3)
    logits, labels = rng.normal(size=(5, 4)), np.array([0, 3, 1, 1, 2])
    each = [f(logits[i : i + 1], labels[i : i + 1]) for i in range(5)]
    # a batch is the mean of its samples
    assert np.allclose(f(logits, labels), np.mean(each))
    # the losses of one sample under all labels are log-probabilities: their exponentials sum to 1
    under_all = [f(logits[:1], np.array([c])) for c in range(4)]
    assert np.allclose(np.sum(np.exp(-np.array(under_all))), 1)
    # a logit that grows by 1 lowers the loss of its own label by 1, against any other label's
    assert np.allclose(under_all[2] - under_all[0], logits[0, 0] - logits[0, 2])
    # sure and wrong
    assert np.allclose(f(np.array([[0.0, 300.0]]), np.array([0])), 300.0)
