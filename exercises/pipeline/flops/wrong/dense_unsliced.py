"""The first linear layer reads what is left of the convolutions. Here it reads what there was."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    macs[len(convs)] = layer_macs(input_shape, convs, dense)[len(convs)]
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs)] = rank * (features + dense[0])
    return macs
