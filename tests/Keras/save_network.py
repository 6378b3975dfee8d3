"""Saves a network's weights as Keras and PyTorch save them: python3 save_network.py FOLDER

FOLDER/network.safetensors has the weights in PyTorch's order, FOLDER/layers.json tells which layers have them. h5py writes network.h5 and
network.weights.h5, and torch network.pth, legacy.pth and compiled.pth beside them. The shapes are those of the build methods of Keras'
layers (keras/src/layers), the layouts those of make_goldens.py. Without torch, its files are left out.
"""

import json
import math
import pathlib
import struct
import sys

import h5py
import numpy

CLASSES = {
    "Conv1D": "conv1d", "Conv2D": "conv2d", "Conv3D": "conv3d", "ConvTranspose2D": "conv2d_transpose", "Dense": "dense",
    "BatchNorm": "batch_normalization", "LayerNorm": "layer_normalization", "PReLU": "p_re_lu", "Scale": "layer_scale",
}
NORM = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def read(path):
    """The tensors of a safetensors file of 32-bit floats."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    tensors = {}
    for key, entry in header.items():
        assert entry["dtype"] == "F32", entry
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        tensors[key] = numpy.frombuffer(data[begin:end], dtype="<f4").reshape(entry["shape"])
    return tensors


def kernel(layer, value):
    """(out, in / groups, …) as (…, in / groups, out), and of depthwise convolutions as (…, channels, multiplier)."""
    if layer["groups"] > 1 and value.shape[1] == 1:
        value = value.reshape(layer["groups"], -1, *value.shape[2:])
        return "depthwise_kernel", numpy.moveaxis(value, (0, 1), (-2, -1))
    return "kernel", numpy.moveaxis(value, (0, 1), (-1, -2))


def dense(layer, value):
    """(out, in) as (in, out). Keras flattens images with their channels last."""
    flattened = layer["flattened"]
    if flattened:
        value = value.reshape(value.shape[0], flattened[0], math.prod(flattened[1:])).transpose(0, 2, 1).reshape(value.shape[0], -1)
    return "kernel", value.T


def weight(layer, suffix, value):
    """A weight's name and numbers in Keras."""
    kind = layer["kind"]
    if kind in ("BatchNorm", "LayerNorm"):
        return NORM[suffix], value
    if suffix == "bias":
        return "bias", value
    if kind == "PReLU":
        return "alpha", value.reshape(1, 1, -1)
    if kind == "Scale":
        return "Variable", value.reshape(-1)
    return dense(layer, value) if kind == "Dense" else kernel(layer, value)


def legacy(file, model):
    """save_weights("network.h5") of Keras 2."""
    file.attrs["layer_names"] = numpy.array([name.encode() for name, _, _ in model], dtype="S")
    file.attrs["backend"] = b"tensorflow"
    file.attrs["keras_version"] = b"2.4.0"
    for name, _, weights in model:
        group = file.create_group(name)
        group.attrs["weight_names"] = numpy.array([f"{name}/{own}:0".encode() for own, _ in weights], dtype="S")
        for own, value in weights:
            group.create_dataset(f"{name}/{own}:0", data=value)


def variables(file, model):
    """save_weights("network.weights.h5") of Keras 3."""
    counts = {}
    for name, kind, weights in model:
        is_depthwise = weights[0][0] == "depthwise_kernel"
        base = "depthwise_" + CLASSES[kind] if is_depthwise else CLASSES[kind]
        count = counts[base] = counts.get(base, -1) + 1
        group = file.create_group(f"layers/{base}" + (f"_{count}" if count else "") + "/vars")
        group.attrs["name"] = name
        for i, (_, value) in enumerate(weights):
            group[str(i)] = value
    file.create_group("vars").attrs["name"] = "functional"


def torch_files(folder, tensors):
    try:
        import torch
    except ImportError:
        return
    state = {key: torch.from_numpy(value.copy()) for key, value in tensors.items()}
    torch.save(state, folder / "network.pth")
    torch.save({"module." + key: value for key, value in state.items()}, folder / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "state_dict": {"_orig_mod." + key: value for key, value in state.items()}}, folder / "compiled.pth")


def main(folder):
    tensors = read(folder / "network.safetensors")
    model = []
    for layer in json.loads((folder / "layers.json").read_text()):
        weights = [weight(layer, suffix, tensors[key]) for suffix, key in layer["weights"].items()]
        model.append((layer["name"], layer["kind"], weights))
    for name, write in ("network.h5", legacy), ("network.weights.h5", variables):
        with h5py.File(folder / name, "w") as file:
            write(file, model)
    torch_files(folder, tensors)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
