"""Laws: whole steps stay, in any unit; halves are even, but where the end is clipped."""


def test_fake_quantize(f):
    whole = np.arange(-3.0, 5.0)
    for x in (whole, -whole, whole + 3, -whole - 3, whole.reshape(2, 4), 0 * whole.reshape(2, 4)):
        for unit in (1.0, 0.3, 7.0):
            found = f(unit * x, 3)
            assert found.shape == x.shape
            assert np.allclose(found, unit * x)
    halves = np.array([[-3.0, 4.0], [-2.5, -1.5], [-0.5, 0.5], [1.5, 2.5]])
    assert np.allclose(f(halves, 3), [[-3.0, 4.0], [-2.0, -2.0], [0.0, 0.0], [2.0, 2.0]])
    assert np.allclose(f(np.full(3, 7.0), 3), 7.0)
    assert np.allclose(f(np.array([-1.5, 0.5, 0.9, 1.5]), 2), [-2.0, 0.0, 1.0, 1.0])
