"""Masks that persist while networks train, and movement scores recorded on the way: `kdlab.pruning` in PyTorch.

Both are hooks of `networks.train`: `after_step=partial(apply_masks, masks=masks)` and
`before_step=partial(record_movement, scores=scores)`. Weights alone have scores and masks; biases are not pruned.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from kdlab.experiments.networks import Layers
from kdlab.pruning import prune_masks


def masks_of_each(scores: Sequence[Tensor], sparsity: float, *, scope: str) -> list[Tensor]:
    """Return which weights are kept, every network pruned by itself, as `kdlab.pruning.prune_masks` does.

    Parameters
    ----------
    scores : sequence of Tensor, shapes (S, ...)
        Of the weights of each layer.
    sparsity, scope
        As for `prune_masks`.

    Returns
    -------
    list of Tensor of bool
        True where a weight is kept; the shapes of `scores`.

    Raises
    ------
    TypeError, ValueError
        As `prune_masks` does.

    Warns
    -----
    UserWarning
        If no weight of a layer of a network is kept.
    """
    networks = zip(*(layer.detach().numpy() for layer in scores), strict=True)
    each = [prune_masks(of_network, sparsity, scope=scope) for of_network in networks]
    return [torch.from_numpy(np.stack(of_layer)) for of_layer in zip(*each, strict=True)]


def apply_masks(parameters: Layers, masks: Sequence[Tensor], initial: Layers | None = None) -> None:
    """Set pruned weights to zero, or back to `initial`, in place.

    Before training, and again after every step: momentum and weight decay move pruned weights too.

    Parameters
    ----------
    parameters : Layers
        Its weights are written to.
    masks : sequence of Tensor of bool
        One for each layer, of the shape of its weight; True where a weight is kept.
    initial : Layers or None
        Where pruned weights are put; None is zero.

    Raises
    ------
    ValueError
        If there are not as many masks (or initial layers) as layers, or a shape differs.
    """
    weights = [weight for weight, _ in parameters]
    pruned_to = [torch.zeros_like(weight) for weight in weights] if initial is None else [w for w, _ in initial]
    _check_shapes("masks", masks, weights)
    _check_shapes("initial", pruned_to, weights)
    with torch.no_grad():
        for weight, mask, value in zip(weights, masks, pruned_to, strict=True):
            weight.copy_(torch.where(mask, weight, value))


def record_movement(parameters: Layers, scores: Sequence[Tensor]) -> None:
    """Add -w dL/dw to the movement scores, in place: `kdlab.pruning.movement`, step by step.

    Before a step, when the parameters hold the raw gradients of the loss: what the optimiser makes of them is no
    gradient.

    Parameters
    ----------
    parameters : Layers
        With gradients.
    scores : sequence of Tensor
        One for each layer, of the shape of its weight; written to. Zeros at the start of training.

    Raises
    ------
    ValueError
        If there are not as many scores as layers, or a shape differs, or a weight holds no gradient.
    """
    weights = [weight for weight, _ in parameters]
    _check_shapes("scores", scores, weights)
    for weight, score in zip(weights, scores, strict=True):
        if weight.grad is None:
            raise ValueError("parameters must hold the gradients of the loss; none were found.")
        score.addcmul_(weight.detach(), weight.grad, value=-1)


def _check_shapes(name: str, tensors: Sequence[Tensor], weights: Sequence[Tensor]) -> None:
    shapes, expected = ([tuple(tensor.shape) for tensor in group] for group in (tensors, weights))
    if shapes != expected:
        raise ValueError(f"{name} must have the shapes of the weights, {expected}; {shapes} were given.")
