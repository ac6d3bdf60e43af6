"""The evidence: records of experiments, intervals, and the hash of the code; NumPy and the standard library alone.

Book and widgets read records here; what makes them is in kdlab.experiments, which needs PyTorch.
"""
