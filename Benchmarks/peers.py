"""What people run today for the jobs that convnext does: torch, safetensors and numpy.

    python Benchmarks/peers.py JOB FILE...

Each job does the same work as the command that it stands beside, in the way that the libraries'
own documentation shows.
"""

import hashlib
import sys


def arrays(path):
    """The tensors of a file by name, as numpy arrays."""
    if path.endswith(".safetensors"):
        from safetensors.numpy import load_file

        return load_file(path)
    import torch

    state = torch.load(path, map_location="cpu", weights_only=True)
    return {name: tensor.numpy() for name, tensor in state.items()}


def inspect(path):
    if path.endswith(".safetensors"):
        from safetensors import safe_open

        with safe_open(path, framework="numpy") as file:
            shapes = {name: file.get_slice(name).get_shape() for name in file.keys()}
    else:
        import torch

        state = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        shapes = {name: list(tensor.shape) for name, tensor in state.items()}
    parameters = 0
    for name, shape in shapes.items():
        count = 1
        for dimension in shape:
            count *= dimension
        parameters += count
        print(name, shape)
    print(parameters)


def to_safetensors(path, output):
    import torch
    from safetensors.torch import save_file

    save_file(torch.load(path, map_location="cpu", weights_only=True), output)


def to_pytorch(path, output):
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(path), output)


def checksum(path):
    for name, array in sorted(arrays(path).items()):
        print(hashlib.sha256(array.tobytes()).hexdigest(), array.dtype, array.shape, name)


def statistics(path):
    import numpy as np

    for name, array in arrays(path).items():
        finite = array[np.isfinite(array)].astype(np.float64)
        print(
            name,
            finite.min(),
            finite.max(),
            finite.mean(),
            finite.std(),
            np.count_nonzero(array == 0),
            np.count_nonzero(np.isnan(array)),
            np.count_nonzero(np.isinf(array)),
            np.histogram(finite, bins=16)[0],
        )


def touch(path):
    print(sum(array.reshape(-1)[::1024].sum() for array in arrays(path).values()))


def diff(left, right):
    import numpy as np

    first, second = arrays(left), arrays(right)
    assert first.keys() == second.keys()
    print(max(np.abs(first[name] - second[name]).max() for name in first))


def quantize_int8(path, output):
    import numpy as np
    from safetensors.numpy import save_file

    tensors = {}
    for name, array in arrays(path).items():
        if array.ndim < 2:
            tensors[name] = array
            continue
        rows = array.reshape(len(array), -1)
        peak = np.abs(rows).max(axis=1, keepdims=True)
        scale = np.where(peak == 0, np.float32(1), peak / np.float32(127))
        codes = np.clip(np.rint(rows / scale), -127, 127).astype(np.int8)
        tensors[name], tensors[name + "_scale"] = codes.reshape(array.shape), scale
    save_file(tensors, output)


def quantize_float16(path, output):
    import torch
    from safetensors.torch import save_file

    state = torch.load(path, map_location="cpu", weights_only=True)
    save_file({name: tensor.half() for name, tensor in state.items()}, output)


JOBS = {
    "inspect": inspect,
    "to-safetensors": to_safetensors,
    "to-pytorch": to_pytorch,
    "checksum": checksum,
    "statistics": statistics,
    "touch": touch,
    "diff": diff,
    "quantize-int8": quantize_int8,
    "quantize-float16": quantize_float16,
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](*sys.argv[2:])
