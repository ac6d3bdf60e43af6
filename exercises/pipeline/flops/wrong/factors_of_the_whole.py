"""The factors are those of the whole layer here. They read what is left of the convolutions."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    if rank is not None:
        features = layer_macs(input_shape, convs, dense)[len(convs)] // dense[0]
        macs[len(convs)] = rank * (features + dense[0])
    return macs
