"""Writes Goldens.zip: files of torch.save, and what they hold.

    /usr/bin/python3 tests/Published/make_goldens.py

Debian's PyTorch 1.13 wrote the ones here. expected.json has, for each file, its tensors: name, type of safetensors, shape, and the bytes
in row-major order.
"""

import argparse
import collections
import json
import os
import pathlib
import zipfile

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent

# The stamp of all entries, so that the archive is the same each time.
STAMP = (2020, 1, 1, 0, 0, 0)

TYPES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
    torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64", torch.complex128: "C128",
}


def numbers(*shape, key=1):
    """Floats from −1 to 1, the same on every machine."""
    count = int(numpy.prod(shape))
    values = [((i * 2654435761 + key * 40503) % 65536) / 32768 - 1 for i in range(count)]
    return torch.tensor(values, dtype=torch.float32).reshape(shape)


def weights():
    """The parameters of the network in Small.cs."""
    return collections.OrderedDict([
        ("conv1.weight", numbers(2, 1, 3, 3, key=1)),
        ("bn1.weight", numbers(2, key=3)),
        ("bn1.bias", numbers(2, key=4)),
        ("bn1.running_mean", numbers(2, key=5)),
        ("bn1.running_var", numbers(2, key=6) + 2),
        ("bn1.num_batches_tracked", torch.tensor(7)),
        ("fc1.weight", numbers(3, 8, key=7)),
        ("fc1.bias", numbers(3, key=8)),
    ])


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(2)
        self.fc1 = torch.nn.Linear(8, 3)
        self.load_state_dict(weights())


def renamed(prefix):
    return collections.OrderedDict((prefix + key, value) for key, value in weights().items())


def layouts():
    """Tensors that are parts of their storages, or not in order."""
    base = numbers(4, 6)
    cube = numbers(2, 3, 4)
    return {
        "transposed": base.t(),
        "columns": base[:, 1:6:2],
        "rows": base[1:3],
        "expanded": numbers(3, 1, key=9).expand(3, 5),
        "scalar": torch.tensor(0.5),
        "empty": torch.zeros(0, 3),
        "permuted": cube.permute(2, 0, 1),
        "one": cube[:, 1:2, 3:4],
        "tied": base,
        "tied again": base,
        "channels last": numbers(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "double column": base.double()[:, 2],
        "half": base.half().t(),
        "bytes": torch.arange(24, dtype=torch.uint8).reshape(4, 6).t(),
    }


def types():
    whole = torch.arange(-3, 5)
    tensors = {}
    for kind, name in TYPES.items():
        tensors[name] = (numbers(8) * 3).to(kind) if kind.is_floating_point or kind.is_complex else whole.to(kind)
    extremes = [0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1e-45, 3.4028235e38, -1.17549435e-38]
    tensors["extremes"] = torch.tensor(extremes, dtype=torch.float32)
    tensors["half extremes"] = torch.tensor([65504, 6e-8, -0.0, float("inf"), float("nan")], dtype=torch.float16)
    tensors["brain extremes"] = torch.tensor([3.3e38, 9.2e-41, -0.0, float("inf"), float("nan")], dtype=torch.bfloat16)
    return tensors


def checkpoint(key, dictionary):
    # What training scripts keep: options, an optimizer's state, and numbers of NumPy.
    net = Net()
    optimizer = torch.optim.Adam(net.parameters())
    sum(p.sum() for p in net.parameters()).backward()
    optimizer.step()
    return {
        "epoch": 3, key: dictionary, "optimizer": optimizer.state_dict(), "args": argparse.Namespace(lr=0.1, data=["a", "b"]),
        "best": numpy.float64(0.75), "loss": 0.125, "type": torch.float32, "device": torch.device("cpu"), "size": torch.Size([1, 2]),
        "big": 1 << 80, "seen": {1, 2}, "none": None, "ok": True,
    }


def described(tensor):
    raw = tensor.detach().contiguous()
    data = raw.view(torch.int16).numpy() if raw.dtype == torch.bfloat16 else raw.numpy()
    return [TYPES[tensor.dtype], list(tensor.shape), data.tobytes().hex()]


def main():
    net = Net()
    files = {
        "plain": (weights(), weights()),
        "module": (net.state_dict(), weights()),
        "parameters": (dict(net.named_parameters()), dict(net.named_parameters())),
        "double": ({k: v.double() if v.is_floating_point() else v for k, v in weights().items()},) * 2,
        "half": ({k: v.half() if v.is_floating_point() else v for k, v in weights().items()},) * 2,
        "bfloat16": ({k: v.bfloat16() if v.is_floating_point() else v for k, v in weights().items()},) * 2,
        "data-parallel": (renamed("module."), weights()),
        "compiled": (renamed("_orig_mod."), weights()),
        "both": (renamed("module._orig_mod."), weights()),
        "checkpoint-model": (checkpoint("model", weights()), weights()),
        "checkpoint-state": (checkpoint("state_dict", renamed("module.")), weights()),
        "checkpoint-long": (checkpoint("model_state_dict", weights()), weights()),
        "layouts": (layouts(), layouts()),
        "types": (types(), types()),
    }
    refused = {
        "whole": net,
        "list": [numbers(2)],
        "tensor": numbers(2),
        "nothing": {"epoch": 1},
    }
    expected = {name: {key: described(tensor) for key, tensor in holds.items()} for name, (_, holds) in files.items()}
    written = {}
    # A file's name is in it.
    os.chdir("/tmp")
    for name, saved in [*((name, saved) for name, (saved, _) in files.items()), *refused.items()]:
        for kind, options in {"zip": {}, "legacy": {"_use_new_zipfile_serialization": False}}.items():
            torch.save(saved, "golden.pth", **options)
            written[f"{name}.{kind}"] = pathlib.Path("golden.pth").read_bytes()
    for protocol in (3, 4, 5):
        torch.save(weights(), "golden.pth", pickle_protocol=protocol)
        written[f"plain-{protocol}.zip"] = pathlib.Path("golden.pth").read_bytes()
        expected[f"plain-{protocol}"] = expected["plain"]
    torch.jit.script(torch.nn.Linear(2, 2)).save("golden.pt")
    written["script.zip"] = pathlib.Path("golden.pt").read_bytes()
    os.remove("golden.pth")
    os.remove("golden.pt")
    with zipfile.ZipFile(FOLDER / "Goldens.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        written["expected.json"] = json.dumps(expected).encode()
        for name, content in sorted(written.items()):
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    main()
