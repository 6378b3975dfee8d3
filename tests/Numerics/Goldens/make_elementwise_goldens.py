#!/usr/bin/env python3
"""Computes elementwise.json beside it; see make_goldens.py."""
import functools
import operator

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


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


class Branches(nn.Module):
    """A function of several tensors, from left to right."""

    def __init__(self, join, *branches):
        super().__init__()
        self.join, self.branches = join, nn.ModuleList(nn.Sequential(*branch) for branch in branches)

    def forward(self, x):
        return functools.reduce(self.join, [branch(x) for branch in self.branches])


def affine(a, b):
    return Function(lambda x: a * x + b)


def power(exponent):
    return Function(lambda x: x.pow(exponent))


ADD, SUBTRACT, MULTIPLY, DIVIDE = operator.add, operator.sub, operator.mul, operator.truediv
MAXIMUM, MINIMUM = torch.maximum, torch.minimum
SIGMOID, ABOVE_HALF = nn.Sigmoid(), [nn.Sigmoid(), affine(1, 0.5)]
CHANNELS = nn.AdaptiveAvgPool2d(1)

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
    ("Scale of a residual", Branches(ADD, [nn.Conv2d(6, 6, 1), Scale((6,), bias=False)], []), IMAGE),
    ("Scale before pooling", nn.Sequential(nn.Conv2d(6, 6, 1), Scale((6,)), nn.AvgPool2d(2)), IMAGE),
    ("Scale of elements behind a convolution", nn.Sequential(
        nn.Conv2d(6, 19, 3, padding=1), Scale((19, 5, 7)), nn.ReLU()), IMAGE),
    ("Exp", Function(torch.exp), IMAGE),
    ("Log", nn.Sequential(nn.Softplus(), Function(torch.log)), IMAGE),
    ("Sqrt", nn.Sequential(nn.Sigmoid(), Function(torch.sqrt)), VOLUME),
    ("Abs", Function(torch.abs), SEQUENCE),
    ("Pow, 3", power(3), DEEP),
    ("Pow, 1.5", nn.Sequential(nn.Softplus(), power(1.5)), SEQUENCE),
    ("Pow, -2", nn.Sequential(nn.Sigmoid(), power(-2)), FEATURES),
    ("Pow, -0.5", nn.Sequential(nn.Sigmoid(), power(-0.5)), IMAGE),
    ("Pow, 10", power(10), FEATURES),
    ("Exp behind a convolution", nn.Sequential(nn.Conv2d(6, 19, 3, padding=1), Function(torch.exp), nn.MaxPool2d(2)), IMAGE),
    ("Hard swish in parts", nn.Sequential(
        nn.Conv2d(6, 19, 1), affine(1, 3), nn.ReLU6(), affine(0.125, 0), nn.AvgPool2d(2)), IMAGE),
    ("Log of features", nn.Sequential(
        nn.Linear(21, 7), nn.Softplus(), affine(1, 0.5), Function(torch.log), affine(-1, 0)), FEATURES),
    ("Subtract", nn.Sequential(Branches(SUBTRACT, [nn.Conv2d(6, 6, 1), nn.Tanh()], []), nn.ReLU()), IMAGE),
    ("Subtract, reversed", nn.Sequential(Branches(SUBTRACT, [], [nn.Conv2d(6, 6, 1)]), nn.Tanh()), IMAGE),
    ("Subtract, pixels", nn.Sequential(Branches(SUBTRACT, [nn.Conv2d(19, 1, 3, padding=1)], []), nn.Tanh()), DEEP),
    ("Subtract, channels", Branches(SUBTRACT, [], [CHANNELS]), DEEP),
    ("Subtract, features", Branches(SUBTRACT, [], [nn.Linear(21, 1)]), FEATURES),
    ("Subtract, rows and columns", Branches(SUBTRACT, [nn.AvgPool2d((1, 7))], [nn.AvgPool2d((5, 1))]), IMAGE),
    ("Divide", nn.Sequential(Branches(DIVIDE, [], [nn.Conv2d(6, 6, 1), *ABOVE_HALF]), nn.Tanh()), IMAGE),
    ("Divide, channels", Branches(DIVIDE, [CHANNELS], ABOVE_HALF), DEEP),
    ("Divide, pixels", nn.Sequential(Branches(DIVIDE, [], [nn.Conv2d(19, 1, 1), *ABOVE_HALF]), nn.ReLU()), DEEP),
    ("Divide, one", Branches(DIVIDE, [], [nn.Conv3d(6, 1, 1), nn.AdaptiveAvgPool3d(1), *ABOVE_HALF]), VOLUME),
    ("Add, channels", nn.Sequential(Branches(ADD, [nn.Conv2d(19, 19, 3, padding=1)], [CHANNELS]), nn.ReLU()), DEEP),
    ("Add, pixels", Branches(ADD, [nn.Conv2d(6, 1, 1)], [], [nn.Tanh()]), IMAGE),
    ("Add, channels and pixels", Branches(ADD, [CHANNELS], [nn.Conv2d(19, 1, 1)]), DEEP),
    ("Multiply, pixels", Branches(MULTIPLY, [], [nn.Conv2d(19, 1, 1), SIGMOID]), DEEP),
    ("Multiply, pixels of a sequence", Branches(MULTIPLY, [nn.Conv1d(6, 1, 1), SIGMOID], []), SEQUENCE),
    ("Maximum", nn.Sequential(Branches(MAXIMUM, [nn.Conv2d(6, 6, 1)], []), nn.Tanh()), IMAGE),
    ("Maximum, channels", Branches(MAXIMUM, [], [CHANNELS], [nn.Conv2d(19, 1, 1)]), DEEP),
    ("Maximum of itself", Branches(MAXIMUM, [], [], []), FEATURES),
    ("Minimum", Branches(MINIMUM, [], [nn.Conv1d(6, 6, 3, padding=1)]), SEQUENCE),
    ("Minimum, one", Branches(MINIMUM, [nn.Conv3d(6, 1, 1), nn.AdaptiveAvgPool3d(1)], []), VOLUME),
])
