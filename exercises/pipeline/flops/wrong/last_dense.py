"""The last linear layer is factorised here. It is the first."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    if rank is not None:
        features = macs[-1] // dense[-1]
        macs[-1] = rank * (features + dense[-1])
    return macs
