"""A second version in plain Python."""


def test_decoupled(f):
    import math

    rng = np.random.default_rng(2)
    z, v, y = rng.normal(scale=2, size=(6, 5)), rng.normal(scale=2, size=(6, 5)), np.array([0, 1, 2, 3, 4, 0])
    v[5, 0] += 42.0
    found = f(z, v, y)
    for n in range(6):
        wrong = [i for i in range(5) if i != y[n]]
        P, Q = [math.exp(x - v[n].max()) for x in v[n]], [math.exp(x - z[n].max()) for x in z[n]]
        p_rest, q_rest = sum(P[i] for i in wrong), sum(Q[i] for i in wrong)
        weight, q_weight = p_rest / sum(P), q_rest / sum(Q)
        rest = sum(P[i] / p_rest * math.log(P[i] / p_rest * q_rest / Q[i]) for i in wrong)
        p_y, q_y = P[y[n]] / sum(P), Q[y[n]] / sum(Q)
        sure = p_y * math.log(p_y / q_y) + weight * math.log(weight / q_weight)
        assert np.allclose([part[n] for part in found], [sure + weight * rest, sure, weight, rest], rtol=1e-6, atol=0)
