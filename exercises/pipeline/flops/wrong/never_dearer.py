"""Where the factors cost more than the layer, this returns the layer. Return what they cost."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs)] = min(macs[len(convs)], rank * (features + dense[0]))
    return macs
