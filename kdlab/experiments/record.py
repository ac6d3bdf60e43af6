"""Where records were before kdlab.evidence, for experiments that are still to be converted."""

from kdlab.evidence.records import RESULTS, Evidence, path_of, read, rounded, write

__all__ = ["RESULTS", "Evidence", "path_of", "read", "rounded", "write"]
