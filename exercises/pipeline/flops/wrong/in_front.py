"""The rank is compared with the inputs here: at a rank above them the layer stays. Count it as asked."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    left = [
        (filters - number_removed(filters, sparsity), *rest)
        for (filters, *rest), sparsity in zip(convs, sparsities, strict=True)
    ]
    macs = layer_macs(input_shape, left, dense)
    features = macs[len(convs)] // dense[0]
    if rank is not None and rank <= min(features, dense[0]):
        macs[len(convs)] = rank * (features + dense[0])
    return macs
