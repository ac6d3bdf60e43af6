"""Two laws and a number."""


def test_step(f):
    w, g = np.array([3.0, -1.0, 0.5]), np.array([2.0, 0.5, -3.0])
    assert np.allclose(f(w, g, 0.0), w)
    assert np.allclose(f(f(w, g, 0.25), g, 0.5), f(w, g, 0.75))
    assert np.allclose(f(w, g, 0.5), [2.0, -1.25, 2.0])
