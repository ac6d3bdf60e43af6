"""All convolutions get the first sparsity here. Each has its own."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [(filters - number_removed(filters, sparsities[0]), *rest) for filters, *rest in convs]
    macs = layer_macs(input_shape, left, dense)
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs)] = rank * (features + dense[0])
    return macs
