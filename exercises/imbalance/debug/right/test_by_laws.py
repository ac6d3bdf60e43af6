"""Laws that need no number: cuts, scales, copies, rows that weigh nothing, and a mean between the losses."""


def test_epoch_loss(f):
    loss, y = np.array([1.0, 2.0, 3.0, 5.0, 1.5, 0.5]), np.array([0, 0, 1, 2, 0, 0])
    weights = np.array([0.5, 4.0, 2.0, 0.0])

    def cut(*ends):
        return np.split(loss, ends), np.split(y, ends)

    whole = f([loss], [y], weights)
    assert np.allclose(f([np.full(6, 3.0)], [y], weights), 3.0)
    for ends in ((4,), (1, 3), (2, 3, 5), (1, 2, 3, 4, 5)):
        losses, labels = cut(*ends)
        assert np.allclose(f(losses, labels, weights), whole)
        assert np.allclose(f(losses, labels, 10 * weights), whole)
        assert np.allclose(f([*losses, np.array([9.0])], [*labels, np.array([3])], weights), whole)
        assert np.allclose(f([np.array([9.0]), *losses], [np.array([3]), *labels], weights), whole)
        assert np.allclose(f(2 * losses, 2 * labels, weights), whole)
    # a class of weight k counts as k copies of its rows
    copies, of_copies = np.repeat(loss, [1, 1, 8, 4, 1, 1]), np.repeat(y, [1, 1, 8, 4, 1, 1])
    assert np.allclose(f([copies], [of_copies], np.ones(4)), whole)
    assert np.allclose(f([loss], [y], np.ones(4)), loss.mean())
    more = np.append(loss, [4.0, 0.25]), np.append(y, [1, 2])
    assert np.allclose(f([more[0]], [more[1]], weights), (whole * 8 + 4 * 4.0 + 2 * 0.25) / 14)
