"""This is the bias at a very high temperature: the digits are lost in it. Take the limit on paper."""


def high_t_bias(W, X):
    T = 1e6
    return T * X.T @ (softmax(X @ one_bit(W), T) - softmax(X @ W, T)) / len(X)
