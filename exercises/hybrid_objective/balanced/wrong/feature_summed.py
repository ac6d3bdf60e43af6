"""The feature loss is a mean over the N samples, so its gradient is divided by N. This one is not."""


def feature_gradient(features, teacher_features):
    return 2 * (features - teacher_features)
