"""So many filters are left as were to go."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (max(number_removed(filters, sparsity), 1), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs)] = rank * (features + dense[0])
    return macs
