"""This counts the places of the input. A filter is applied once for each place of the output."""


def layer_macs(input_shape, convs, dense):
    channels, height, width = input_shape
    macs = []
    for filters, kernel, stride, padding in convs:
        places = height * width
        height = (height + 2 * padding - kernel) // stride + 1
        width = (width + 2 * padding - kernel) // stride + 1
        macs.append(places * kernel * kernel * channels * filters)
        channels = filters
    features = channels * height * width
    for units in dense:
        macs.append(features * units)
        features = units
    return macs
