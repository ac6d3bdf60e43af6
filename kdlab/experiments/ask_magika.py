"""How Magika was asked for the experiment on language: `python -m kdlab.experiments.ask_magika`.

It asks the network of file types that is installed about each text of files, and writes collections/magika.jsonl anew.
The network computes in single precision, so its last digits differ between kinds of processor, and 300 steps of a
student make more of them. So it was asked once, and its students learn from what is written.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kdlab.experiments.texts import FOLDER, files
from kdlab.files import write_text

DIGITS = 6  # as many as a record has


def probs_of(contents: list[str]) -> NDArray[np.float64]:
    """Return the probabilities (N, 8) that Magika gives to the eight types; what it gives to others is left out."""
    import magika
    import onnxruntime

    folder = Path(magika.__file__).parent / "models" / "standard_v3_3"
    types = json.loads((folder / "config.min.json").read_text(encoding="utf-8"))["target_labels_space"]
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    # one at a time: a batch takes longer
    probs = [session.run(None, {"bytes": input_of(text)[np.newaxis]})[0][0] for text in contents]
    return np.array(probs, dtype=np.float64)[:, [types.index(name) for name in files().classes]]


def input_of(text: str) -> NDArray[np.int32]:
    """Return the first and the last 1,024 bytes as Magika reads them, each filled up with 256."""
    content = text.encode()
    first, last = content.lstrip()[:1024], content.rstrip()[-1024:]
    values = np.full(2048, 256, dtype=np.int32)
    values[: len(first)] = list(first)
    values[2048 - len(last) :] = list(last)
    return values


def main() -> None:
    """Write what Magika says of each text, a line each."""
    rows = [[float(f"{prob:.{DIGITS}g}") for prob in row] for row in probs_of(files().texts)]
    content = "".join(json.dumps(row) + "\n" for row in rows)
    write_text(FOLDER / "magika.jsonl", content)
    print("magika", hashlib.sha256(content.encode()).hexdigest())


if __name__ == "__main__":
    main()
