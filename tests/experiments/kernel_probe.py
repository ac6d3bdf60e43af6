"""Print a hash of what the kernels of this process make of some numbers: another one, if a kernel changed a bit.

The settings of KERNELS are read by PyTorch, MKL, oneDNN and OpenBLAS when they start, and some are silently idle.
"""

import hashlib

import numpy as np
import torch
from torch.nn import functional

KERNELS = {
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "default": {"ATEN_CPU_CAPABILITY": "default"},
    "compatible": {"MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41"},
    "nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
}


def computed():
    """Yield the results of what experiments compute most, on numbers that no rounding leaves exact."""
    rng = np.random.default_rng(0)
    A, B, images, filters = (rng.normal(size=n) for n in ((3, 97, 131), (3, 131, 61), (7, 5, 8, 8), (11, 5, 3, 3)))
    a, b, x, w = (torch.from_numpy(array) for array in (A, B, images, filters))
    yield from (torch.bmm(a, b), torch.exp(a), torch.tanh(a), torch.log_softmax(a, -1), a.sum(-1), a.square().mean())
    yield functional.conv2d(x, w, padding="same")
    yield from (A @ B, np.linalg.svd(A[0])[1], np.exp(A))


def main():
    torch.set_num_threads(1)
    digest = hashlib.sha256()
    for array in computed():
        digest.update(np.ascontiguousarray(array).tobytes())
    print(torch.backends.cpu.get_cpu_capability(), digest.hexdigest())


if __name__ == "__main__":
    main()
