"""The next layer reads fewer channels too. Here only a layer's own filters are fewer."""


def macs_after(input_shape, convs, dense, sparsities, rank):
    macs = layer_macs(input_shape, convs, dense)
    for i, (conv, sparsity) in enumerate(zip(convs, sparsities, strict=True)):
        macs[i] = macs[i] // conv[0] * (conv[0] - number_removed(conv[0], sparsity))
    if rank is not None:
        features = macs[len(convs)] // dense[0]
        macs[len(convs)] = rank * (features + dense[0])
    return macs
