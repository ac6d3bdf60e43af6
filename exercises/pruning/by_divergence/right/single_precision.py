"""In float32."""


def divergence(V, Z, T):
    V, Z = np.asarray(V, dtype=np.float32), np.asarray(Z, dtype=np.float32)
    u, w = (V - V.max(axis=1)[:, None]) / np.float32(T), (Z - Z.max(axis=1)[:, None]) / np.float32(T)
    log_p = u - np.log(np.exp(u).sum(axis=1))[:, None]
    log_q = w - np.log(np.exp(w).sum(axis=1))[:, None]
    return np.float32(np.mean((np.exp(log_p) * (log_p - log_q)).sum(axis=1)))
