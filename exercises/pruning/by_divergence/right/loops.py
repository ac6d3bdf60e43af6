"""Plain Python, one number at a time."""


def magnitude(W):
    return np.array([[abs(float(w)) for w in row] for row in W])


def distance(W, W_init):
    moved = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        moved[place] = abs(W[place] - W_init[place])
    return moved


def prune(W, W_init, scores, sparsity, back):
    places = sorted(np.ndindex(scores.shape), key=lambda place: -float(scores[place]))
    left = W.astype(float)
    for place in places[len(places) - int(sparsity * len(places) + 1e-9) :]:
        left[place] = W_init[place] if back else 0
    return left


def divergence(V, Z, T):
    total = 0.0
    for v, z in zip(V, Z, strict=True):
        log_p = [(a - max(v)) / T - math.log(sum(math.exp((b - max(v)) / T) for b in v)) for a in v]
        log_q = [(a - max(z)) / T - math.log(sum(math.exp((b - max(z)) / T) for b in z)) for a in z]
        total += sum(math.exp(a) * (a - b) for a, b in zip(log_p, log_q, strict=True))
    return total / len(V)


def compare(W, W_init, X, V, sparsity, T, back):
    found = []
    for by_distance in (False, True):
        scores = distance(W, W_init) if by_distance else magnitude(W)
        logits = X.dot(prune(W, W_init, scores, sparsity, back))
        found.append(divergence(V, logits, T))
    return found


def when_distance_wins():
    return [2, 1]
