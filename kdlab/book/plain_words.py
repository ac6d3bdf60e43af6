"""What was compared, and what was measured of it, in words that need no record: of arms the experiments' own."""

from __future__ import annotations

import re

from kdlab.evidence.records import Evidence

# of each measure that a page shows; what stands in brackets in the pattern comes back in the words
MEASURES = {
    "accuracy": "accuracy",
    "agreement": "agreement with the teacher",
    "kl": "distance from the teacher (KL)",
    "alpha_first": "weight of the features in the first step",
    "alpha_last": "weight of the features in the last step",
    r"batch_(\d+)_seconds": r"time for a batch of \1",
    r"batch_(\d+)_share_seconds": r"share of the time for a batch of \1",
    "below": "intervals that lie below the true mean",
    "beyond_1": "share of the weights beyond 1",
    "bias_a_start": "bias of the estimator against full precision, before training",
    "brier": "Brier score",
    "bytes_share": "share of the bytes",
    "ce_share": "share of the labels in the gradient",
    r"classwise_rare_(\w+)": r"classwise calibration error of the rare classes, \1 test rows",
    "cosine_start": "cosine of the estimator with the gradient of full precision, before training",
    "cosine_end": "cosine of the estimator with the gradient of full precision, after training",
    "cost": "accuracy lost by quantizing",
    "coverage": "intervals that hold the true mean",
    "ece": "calibration error",
    r"ece_(\w+)": r"calibration error, \1 test rows",
    "excess_at_0": "excess error by the logits alone",
    "excess_at_optimum": "least excess error",
    "excess_ece": "calibration error beyond that of chance",
    "false_alarm": "rows of other classes taken for the one left out",
    "first_direction": "share of the first layer's squared size in one direction",
    "gain": "accuracy gained by training on",
    "imbalanced_accuracy": "accuracy on imbalanced test rows",
    "incorrect_entropy": "entropy of the incorrect classes",
    "l1_norm": "l1 norm of the weights",
    "length_end": "log10 of the estimator's length over that of the gradient of full precision, after training",
    "linear_a": "bias against full precision",
    "linear_b_fixed": "bias against the true derivative, the scale fixed",
    "linear_b_moving": "bias against the true derivative, the scale moving",
    "linear_c": "bias against a loss smoothed by noise",
    "logit_error": "squared distance from the teacher's logits",
    r"logits_T(\w+)": r"power of T in the noise at T = \1, by the logits",
    "macs_share": "share of the operations",
    "majority_accuracy": "accuracy on the common classes",
    "minority_accuracy": "accuracy on the rare classes",
    "median_radius": "median critical radius",
    "megabytes": "megabytes sent",
    "nll": "negative log-likelihood",
    r"(nll|brier)_covers": r"paired intervals of the \1 that hold the true difference",
    r"(nll|brier)_excludes_0": r"paired intervals of the \1 that exclude 0",
    r"(nll|brier)_overlap": r"how often the two intervals of the \1 overlap",
    r"(nll|brier)_paired_ratio": r"width of the paired interval of the \1 over that of two separate ones",
    r"(nll|brier)_width_ratio": r"width of the interval of the \1 over the teacher's",
    "null_ece": "calibration error that chance alone gives",
    "one_shot_accuracy": "accuracy before fine-tuning",
    "one_shot_kl": "distance from the teacher (KL) before fine-tuning",
    "optimal_pull": "best weight of the features",
    "output_error": "relative error of the outputs",
    "parameter_bias": "bias of the parameters",
    "permuted_entropy": "entropy of the incorrect classes, permuted",
    "predicted_rare_null": "calibration error of rows predicted as a rare class that chance alone gives",
    r"predicted_rare_(\w+)": r"calibration error of rows predicted as a rare class, \1 test rows",
    "recall": "recall of the omitted class",
    "relative": "bias over the gradient of full precision",
    "relative_excess": "least excess error over that of the logits alone",
    "retention": "label kept among the first",
    r"robust_0_(\d+)": r"accuracy under attack at 0.\1",
    "set_size": "size of the conformal sets",
    r"snr_T(\w+)": r"signal over noise of a batch's gradient at T = \1",
    "step_variance": "variance of a step",
    "tau": "rank correlation of the incorrect classes with the teacher",
    "temperature": "fitted temperature",
    "weight_error": "relative error of the weights",
    "worst_standard_errors": "largest distance of simulation and formula, in standard errors",
}


def of_measure(measure: str) -> str:
    r"""Return a measure in plain words, or its name with spaces where it has none.

    Examples
    --------
    >>> of_measure("kl"), of_measure("robust_0_05"), of_measure("half_life")
    ('distance from the teacher (KL)', 'accuracy under attack at 0.05', 'half life')
    """
    for pattern, plain in MEASURES.items():
        if found := re.fullmatch(pattern, measure):
            return found.expand(plain).replace("_", ".")
    return measure.replace("_", " ")


def of_arms(arms: str, record: Evidence) -> str:
    """Return an arm, or two that are compared, in plain words; what both have in common is said once.

    Parameters
    ----------
    arms : str
        "<arm>" or "<arm> - <baseline>".
    record : Evidence
        The record that has them.
    """
    arm, _, baseline = (record.words.get(name, name) for name in arms.partition(" - "))
    if not baseline:
        return arm
    common = ""
    while (ends := re.match(r".+?(?:, |: )", arm)) and baseline.startswith(ends[0]) and arm != baseline:
        common, arm, baseline = common + ends[0], arm.removeprefix(ends[0]), baseline.removeprefix(ends[0])
    head = re.sub(r"[,:] $", ": ", common)
    return f"{head}{arm}, against {baseline}"


def of_number(wanted: str, record: Evidence) -> str:
    """Return what a measured number is: what was compared, then what was measured of it.

    Parameters
    ----------
    wanted : str
        "<arm> <measure>" or "<arm> - <baseline> <measure>".
    record : Evidence
        The record that has it.
    """
    arms, _, measure = wanted.rpartition(" ")
    return f"{of_arms(arms, record)}: {of_measure(measure)}"
