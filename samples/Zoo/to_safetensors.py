#!/usr/bin/env python3
"""Turns a state_dict of PyTorch into a safetensors file that the zoo loads.

    python3 to_safetensors.py resnet18 resnet18.safetensors          torchvision's pretrained weights, which it downloads
    python3 to_safetensors.py resnet18.pth resnet18.safetensors      a file that torch.save has written

It needs PyTorch, and torchvision where a network is named (pip install torch torchvision; Debian: python3-torch, python3-torchvision).
Files of a training loop may hold the state_dict under "state_dict" or "model". Tensors of float64 become float32.
"""
import json
import os
import struct
import sys

import torch

TYPES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32", torch.uint8: "U8",
         torch.bool: "BOOL"}


def load(source):
    """The state_dict in a file, or of a network of torchvision."""
    if not os.path.exists(source):
        try:
            import torchvision
        except ImportError:
            sys.exit(f"{source}: no such file; and torchvision, which may have a network of that name, is not installed")
        build = getattr(torchvision.models, source, None)
        if build is None:
            sys.exit(f"{source}: neither a file nor a network of torchvision")
        return build(weights="DEFAULT").state_dict()
    try:
        state = torch.load(source, map_location="cpu", weights_only=True)
    except TypeError:  # PyTorch before 1.13.1
        state = torch.load(source, map_location="cpu")
    for key in ("state_dict", "model"):
        state = state.get(key, state)
    return state


def save_safetensors(state, path):
    """The length of the header, the header (type, shape and place of each tensor), the tensors: all little-endian."""
    tensors, header, offset = {}, {}, 0
    for key, value in state.items():
        tensors[key] = value = (value.float() if value.dtype == torch.float64 else value).detach().contiguous()
        size = value.numel() * value.element_size()
        header[key] = {"dtype": TYPES[value.dtype], "shape": list(value.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for value in tensors.values():
            # NumPy has no bfloat16.
            file.write((value.view(torch.int16) if value.dtype == torch.bfloat16 else value).numpy().tobytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    weights = load(sys.argv[1])
    save_safetensors(weights, sys.argv[2])
    print(f"{len(weights)} tensors written to {sys.argv[2]}")
