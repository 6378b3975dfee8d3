#!/usr/bin/env python3
"""Computes tokens.json beside it; see make_goldens.py."""
import torch
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE, VOLUME = (21,), (6, 11), (19, 5, 7), (6, 3, 4, 5)


class Tensor(nn.Module):
    """A tensor of the module's own, for each sample."""

    def __init__(self, shape, name="parameter1"):
        super().__init__()
        self.name = name
        if name.startswith("parameter"):
            setattr(self, name, nn.Parameter(torch.zeros(shape)))
        else:
            self.register_buffer(name, torch.zeros(shape))

    def forward(self, x):
        own = getattr(self, self.name)
        return own.expand(x.shape[0], *own.shape[-(x.dim() - 1):])


class Function(nn.Module):
    def __init__(self, function, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.function = function

    def forward(self, x):
        return self.function(self, x)


make_operators("tokens", [
    ("Parameter, class token", Function(lambda m, x: torch.cat([m.own(x), x], 2), own=Tensor((6, 1))), SEQUENCE),
    ("Parameter, positions", Function(
        lambda m, x: m.conv1(x) + m.own(x), conv1=nn.Conv1d(6, 19, 1), own=Tensor((19, 11))), SEQUENCE),
    ("Parameter, positions of a picture", Function(
        lambda m, x: (m.conv1(x) + m.own(x)).relu(), conv1=nn.Conv2d(19, 19, 1), own=Tensor(IMAGE)), IMAGE),
    ("Parameter, features", Function(lambda m, x: x * m.own(x).tanh(), own=Tensor((1,) + FEATURES)), FEATURES),
    ("Parameter, channels", Function(lambda m, x: m.own(x) * x.tanh(), own=Tensor((19, 1, 1))), IMAGE),
    ("Parameter, volume", Function(lambda m, x: m.own(x) + x.tanh(), own=Tensor((1, 3, 4, 5))), VOLUME),
    ("Parameter, queries", Function(
        lambda m, x: torch.cat([m.conv1(m.own(x)), x], 1), own=Tensor((3, 11)), conv1=nn.Conv1d(3, 4, 1)), SEQUENCE),
    ("Buffer, grid", Function(
        lambda m, x: m.conv1(x) + m.own(x), conv1=nn.Conv2d(19, 2, 1), own=Tensor((2, 5, 7), "buffer1")), IMAGE),
    ("Buffer, mask", Function(lambda m, x: (x + m.own(x)).softmax(2), own=Tensor((1, 1, 11), "buffer1")), SEQUENCE),
    ("Concat, columns", Function(
        lambda m, x: torch.cat([m.conv1(x), nn.functional.pad(m.conv2(nn.functional.avg_pool2d(x, 2)), (0, 0, 1, 2))], 3),
        conv1=nn.Conv2d(19, 4, 1), conv2=nn.Conv2d(19, 4, 1)), IMAGE),
    ("Concat, rows", Function(lambda m, x: torch.cat([x, x.tanh(), x], 2)), IMAGE),
    ("Concat, planes", Function(lambda m, x: torch.cat([m.conv1(x), x], 2).relu(), conv1=nn.Conv3d(6, 6, 1)), VOLUME),
    ("Concat, a sequence", Function(lambda m, x: torch.cat([x[:, :, :1], x.tanh()], 2)), SEQUENCE),
    ("Slice, columns", Function(lambda m, x: x[:, :, :, 1:-2]), IMAGE),
    ("Slice, the first token", Function(lambda m, x: m.conv1(x)[:, :, 0], conv1=nn.Conv1d(6, 19, 1)), SEQUENCE),
    ("Split, rows of a volume", Function(lambda m, x: x.tanh().chunk(2, 3)[1]), VOLUME),
])
