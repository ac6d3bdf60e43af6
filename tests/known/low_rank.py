"""Low rank: the best approximation, its errors, and what it saves."""

import numpy as np

from kdlab.low_rank import (
    layer_cost,
    lora_merge,
    lora_output,
    low_rank_approximation,
    low_rank_errors,
    max_saving_rank,
    spectrum,
)


def svd(W, r):
    singular_values = spectrum(W)
    frobenius, spectral, energy_kept = low_rank_errors(singular_values, r)
    return {
        "singular_values": singular_values,
        "approx": low_rank_approximation(W, r),
        "fro_err": frobenius,
        "spec_err": spectral,
        "energy_kept": energy_kept,
        "params_dense": layer_cost(*np.shape(W)).parameters,
        "params_lowrank": layer_cost(*np.shape(W), r).parameters,
        "max_rank_saving": max_saving_rank(*np.shape(W)),
    }


def svd_breakeven(shapes):
    return {"max_rank": [max_saving_rank(*shape) for shape in shapes]}


def lora(x, W, A, B, alpha):
    return {"output": lora_output(x, W, A, B, alpha), "merged": lora_merge(W, A, B, alpha)}
