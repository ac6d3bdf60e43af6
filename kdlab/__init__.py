"""kdlab: knowledge distillation and model compression, one NumPy module for each mechanism."""

__version__ = "0.1.0"
