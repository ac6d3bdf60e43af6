"""Where intervals were before kdlab.evidence, for experiments that are still to be converted."""

from kdlab.evidence.intervals import Record, by_seed, mean_interval, measures_of, paired_difference, summarise

__all__ = ["Record", "by_seed", "mean_interval", "measures_of", "paired_difference", "summarise"]
