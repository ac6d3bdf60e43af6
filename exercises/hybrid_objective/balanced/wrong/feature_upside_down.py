"""The sign is turned round. Where the student has more than its teacher, the loss grows if it gets still more."""


def feature_gradient(features, teacher_features):
    return 2 * (teacher_features - features) / len(features)
