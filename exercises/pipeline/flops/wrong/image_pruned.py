"""The image loses no channels. Only what a convolution puts out is fewer."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    macs[0] = macs[0] * left[0][0] // convs[0][0]
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs)] = rank * (features + dense[0])
    return macs
