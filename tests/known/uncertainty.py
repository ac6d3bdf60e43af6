"""The bootstrap of mean losses, and the losses."""

import numpy as np

from kdlab.uncertainty import (
    bootstrap_interval,
    bootstrap_variance,
    brier_score,
    difference_interval,
    ideal_bootstrap_means,
    negative_log_likelihood_of_probs,
)

TAILS = [0.025, 0.975]


def boot_exact(x):
    means = ideal_bootstrap_means(x)
    ideal = np.quantile(means, TAILS, method="inverted_cdf")
    linear = np.quantile(means, TAILS)
    return {
        "boot_mean": means.mean(),
        "boot_var": bootstrap_variance(x),
        "boot_se": bootstrap_variance(x) ** 0.5,
        "ideal_2_5": ideal[0],
        "ideal_97_5": ideal[1],
        "linear_enum_2_5": linear[0],
        "linear_enum_97_5": linear[1],
    }


def boot_paired(teacher_loss, student_loss, indices):
    difference = difference_interval(student_loss, teacher_loss, indices=indices)
    return {
        "ci_teacher": bootstrap_interval(teacher_loss, indices=indices)[1:],
        "ci_student": bootstrap_interval(student_loss, indices=indices)[1:],
        "ci_diff": difference[1:],
        "diff": difference.estimate,
    }


def nll_brier(prob, labels):
    nll, brier = negative_log_likelihood_of_probs(prob, labels), brier_score(prob, labels)
    return {"nll": nll.mean(), "brier": brier.mean(), "nll_each": nll, "brier_each": brier}
