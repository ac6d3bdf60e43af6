"""The equations, one module for each mechanism: pure NumPy, arrays in and out, classes last, nothing checked.

The doors, kdlab/<mechanism>.py, check what they are given once and call these.
"""
