#!/usr/bin/env python3
"""Computes tied.json beside it: autoencoders whose decoders use the encoders' weights, in double precision."""
import json
import os

import torch
from torch.nn import functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def dense(x, p):
    return F.linear(torch.tanh(F.linear(x, p["a.weight"], p["a.bias"])), p["a.weight"].t(), p["b.bias"])


def conv(x, p):
    h = torch.tanh(F.conv2d(x, p["a.weight"], p["a.bias"], stride=2, padding=1))
    return F.conv_transpose2d(h, p["a.weight"], p["b.bias"], stride=2, padding=1, output_padding=1)


def tokens(x, p):
    return F.linear(torch.tanh(F.linear(x.transpose(1, 2), p["a.weight"])), p["a.weight"].t(), p["b.bias"]).transpose(1, 2)


CASES = {
    "dense": (dense, (12,), {"a.weight": (7, 12), "a.bias": (7,), "b.bias": (12,)}),
    "conv": (conv, (3, 8, 8), {"a.weight": (10, 3, 3, 3), "a.bias": (10,), "b.bias": (3,)}),
    "tokens": (tokens, (12, 5), {"a.weight": (7, 12), "b.bias": (12,)}),
}


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def case(name):
    function, shape, shapes = CASES[name]
    x = torch.rand((3,) + shape).float().double()
    target = torch.rand((3,) + shape).float().double()
    p = {key: (torch.rand(extents) - 0.5).float().double().requires_grad_() for key, extents in shapes.items()}
    y = function(x, p)
    F.mse_loss(y, target).backward()
    return {
        "name": name, "input": numbers(x), "target": numbers(target), "output": numbers(y),
        "parameters": [{"key": key, "value": numbers(value), "gradient": numbers(value.grad)} for key, value in p.items()],
    }


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "tied.json"), "w", encoding="utf-8") as file:
    json.dump([case(name) for name in CASES], file, indent=0)
    file.write("\n")
