"""It is half of what it should be: what is the derivative of a square?"""


def feature_gradient(features, teacher_features):
    return (features - teacher_features) / len(features)
