#!/usr/bin/env python3
"""Computes elementwise.json beside it; see make_goldens.py."""
import torch
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE, VOLUME, DEEP = (21,), (6, 11), (6, 5, 7), (6, 3, 4, 5), (19, 3, 5)


class Scale(nn.Module):
    """A weight and a bias of a shape, which are broadcast along the axes behind it."""

    def __init__(self, shape, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(shape))
        self.bias = nn.Parameter(torch.zeros(shape)) if bias else None

    def forward(self, x):
        def along(parameter):
            return parameter.reshape(parameter.shape + (1,) * (x.dim() - 1 - parameter.dim()))

        return along(self.weight) * x + (0 if self.bias is None else along(self.bias))


class Residual(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x) + x


make_operators("elementwise", [
    ("Scale", Scale((6,)), IMAGE),
    ("Scale, features", Scale((21,)), FEATURES),
    ("Scale, sequence", Scale((6,), bias=False), SEQUENCE),
    ("Scale, volume", Scale((6,)), VOLUME),
    ("Scale, deep", Scale((19,), bias=False), DEEP),
    ("Scale, elements", Scale(IMAGE), IMAGE),
    ("Scale, elements of features", Scale(FEATURES), FEATURES),
    ("Scale, elements of a sequence", Scale(SEQUENCE, bias=False), SEQUENCE),
    ("Scale, elements of a volume", Scale(VOLUME), VOLUME),
    ("Scale behind a convolution", nn.Sequential(nn.Conv2d(6, 19, 3, padding=1), Scale((19,)), nn.ReLU()), IMAGE),
    ("Scale behind a depthwise convolution", nn.Sequential(
        nn.Conv2d(19, 19, 3, padding=1, groups=19), Scale((19,), bias=False), nn.Tanh()), DEEP),
    ("Scale before a convolution", nn.Sequential(nn.Tanh(), Scale((19,)), nn.ReLU(), nn.Conv2d(19, 7, 1)), DEEP),
    ("Scale of a residual", Residual(nn.Conv2d(6, 6, 1), Scale((6,), bias=False)), IMAGE),
    ("Scale before pooling", nn.Sequential(nn.Conv2d(6, 6, 1), Scale((6,)), nn.AvgPool2d(2)), IMAGE),
    ("Scale of elements behind a convolution", nn.Sequential(
        nn.Conv2d(6, 19, 3, padding=1), Scale((19, 5, 7)), nn.ReLU()), IMAGE),
])
