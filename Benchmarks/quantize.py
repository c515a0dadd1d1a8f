#!/usr/bin/env python3
"""Quantizes the weights of a safetensors file as `convnext quantize` does, with numpy or torch; prints the median time in milliseconds.

    python Benchmarks/quantize.py numpy|torch int8|float16 FILE

The file is loaded and the result saved each time; a matrix or kernel gets codes and a scale for each output channel, the rest stays.
"""
import os
import statistics
import sys
import tempfile
import time


def with_numpy(path, recipe, out):
    import numpy as np
    from safetensors.numpy import load_file, save_file
    result = {}
    for name, values in load_file(path).items():
        if recipe == "float16":
            result[name] = values.astype(np.float16)
        elif values.ndim > 1:
            rows = values.reshape(len(values), -1)
            scales = np.abs(rows).max(1, keepdims=True) / np.float32(127)
            scales[scales < np.finfo(np.float32).tiny] = 1
            result[name] = np.clip(np.rint(rows / scales), -127, 127).astype(np.int8).reshape(values.shape)
            result[name + "_scale"] = scales
        else:
            result[name] = values
    save_file(result, out)


def with_torch(path, recipe, out):
    import torch
    from safetensors.torch import load_file, save_file
    result = {}
    for name, values in load_file(path).items():
        if recipe == "float16":
            result[name] = values.half()
        elif values.dim() > 1:
            rows = values.flatten(1)
            scales = rows.abs().amax(1, keepdim=True) / 127
            scales[scales < torch.finfo(torch.float32).tiny] = 1
            result[name] = (rows / scales).round().clamp(-127, 127).to(torch.int8).reshape(values.shape)
            result[name + "_scale"] = scales
        else:
            result[name] = values
    save_file(result, out)


def main():
    tool, recipe, path = sys.argv[1:]
    run = {"numpy": with_numpy, "torch": with_torch}[tool]
    times = []
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.safetensors")
        for _ in range(6):
            start = time.perf_counter()
            run(path, recipe, out)
            times.append(1000 * (time.perf_counter() - start))
    print(f"{statistics.median(times[1:]):.1f}", end="")


main()
