"""Weights of one bit and of several."""

import numpy as np

from kdlab.quantization import (
    compensated_rounding,
    dequantize,
    one_bit,
    one_bit_gaussian,
    one_bit_mse,
    one_bit_scale,
    quadratic_error,
    quantize,
    range_to_grid,
    weight_range,
)


def onebit(W):
    return {
        "m": one_bit_scale(W),
        "mse": one_bit_mse(W),
        "sign_zero_plus_one": one_bit(W),
        "m_if_sign0_is_0": one_bit_scale(W, sign_of_zero=0),
        "mse_if_sign0_is_0": one_bit_mse(W, sign_of_zero=0),
        "m_rows": one_bit_scale(W, axis=0),
        "mse_rows": one_bit_mse(W, axis=0),
    }


def onebit_gauss(s):
    m, relative_squared_error = one_bit_gaussian(s)
    return {"m": m, "rel_sq_err": relative_squared_error}


def affine(x, bits):
    scale, zero_point = range_to_grid(*weight_range(x), bits)
    codes = quantize(x, scale, zero_point, bits)
    return {
        "scale": scale,
        "zero_point": zero_point,
        "codes": codes,
        "dequantised": dequantize(codes, scale, zero_point),
    }


def compensate(W, H, order):
    q = compensated_rounding(W, H, order=order)
    return {"q": q, "error": quadratic_error(W, q, H), "plain_error": quadratic_error(W, np.round(W), H)}
