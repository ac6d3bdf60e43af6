"""The first linear layer reads the image here, not what the last convolution puts out."""


def layer_macs(input_shape, convs, dense):
    channels, height, width = input_shape
    macs = []
    for filters, kernel, stride, padding in convs:
        height = (height + 2 * padding - kernel) // stride + 1
        width = (width + 2 * padding - kernel) // stride + 1
        macs.append(height * width * kernel * kernel * channels * filters)
        channels = filters
    features = input_shape[0] * input_shape[1] * input_shape[2]
    for units in dense:
        macs.append(features * units)
        features = units
    return macs
