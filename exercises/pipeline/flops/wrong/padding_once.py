"""Padding is added at both ends."""


def layer_macs(input_shape, convs, dense):
    channels, height, width = input_shape
    macs = []
    for filters, kernel, stride, padding in convs:
        height = (height + padding - kernel) // stride + 1
        width = (width + padding - kernel) // stride + 1
        macs.append(height * width * kernel * kernel * channels * filters)
        channels = filters
    features = channels * height * width
    for units in dense:
        macs.append(features * units)
        features = units
    return macs
