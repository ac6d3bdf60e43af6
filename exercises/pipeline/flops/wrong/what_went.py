"""This is what went, not what is left."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs)] = rank * (features + dense[0])
    return [n - m for n, m in zip(layer_macs(input_shape, convs, dense), macs, strict=True)]
