"""The two factors stand as two layers here. They are one in the answer."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs) : len(convs) + 1] = [rank * features, rank * dense[0]]
    return macs
