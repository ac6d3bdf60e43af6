"""test_step passes for every version, right or wrong."""

# FILL IN: tests that a student may write. The line above is how the message begins that the student gets.


def test_step(f):
    assert f(np.array([3.0, -1.0]), np.array([2.0, 0.5]), 0.25).shape == (2,)
