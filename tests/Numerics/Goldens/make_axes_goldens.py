#!/usr/bin/env python3
"""Computes axes.json beside it; see make_goldens.py. Axes are counted with the batch."""
import torch
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE, VOLUME = (60,), (6, 11), (18, 5, 7), (6, 3, 4, 5)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


class LayerNorm(nn.LayerNorm):
    """Over axes that need not be the last."""

    def __init__(self, axes, shape, **options):
        super().__init__(shape, **options)
        self.axes, self.last = axes, tuple(range(-len(axes), 0))

    def forward(self, x):
        return super().forward(x.movedim(self.axes, self.last)).movedim(self.last, self.axes)


def along(function, *axes):
    """A function of the elements along some axes as one axis."""
    last = tuple(range(-len(axes), 0))

    def forward(x):
        moved = x.movedim(axes, last)
        return function(moved.flatten(-len(axes)), -1).reshape(moved.shape).movedim(last, axes)

    return Function(forward)


def index(function, axis, before=lambda x: x):
    """An index, with gradients of 0, where PyTorch has none."""
    return Function(lambda x: function(before(x), axis, keepdim=True).double() + 0 * x.sum(axis, keepdim=True))


make_operators("axes", [
    ("mean over pixels", Function(lambda x: x.mean((2, 3))), IMAGE),
    ("mean over pixels, kept", Function(lambda x: x.mean((2, 3), keepdim=True)), IMAGE),
    ("mean over channels", Function(lambda x: x.mean(1)), IMAGE),
    ("mean over channels, kept", Function(lambda x: x.mean(1, keepdim=True)), IMAGE),
    ("mean over all", Function(lambda x: x.mean((1, 2, 3)).unsqueeze(1)), IMAGE),
    ("mean over all of a volume, kept", Function(lambda x: x.mean((1, 2, 3, 4), keepdim=True)), VOLUME),
    ("mean over channels of a volume", Function(lambda x: x.mean(1)), VOLUME),
    ("sum over channels of a sequence", Function(lambda x: x.sum(1)), SEQUENCE),
    ("sum over a sequence", Function(lambda x: x.sum(2)), SEQUENCE),
    ("sum over channels and columns, kept", Function(lambda x: x.sum((1, 3), keepdim=True)), IMAGE),
    ("sum over channels and columns", Function(lambda x: x.sum((1, 3))), IMAGE),
    ("sum over planes of a volume", Function(lambda x: x.sum(2)), VOLUME),
    ("sum over features", Function(lambda x: x.sum(1, keepdim=True)), FEATURES),
    ("sum over channels and planes", Function(lambda x: x.sum((1, 2))), VOLUME),
    ("sum over channels and columns of a volume", Function(lambda x: x.sum((1, 4))), VOLUME),
    ("max over pixels", Function(lambda x: x.amax((2, 3))), IMAGE),
    ("max over channels", Function(lambda x: x.amax(1)), IMAGE),
    ("max over channels of a volume, kept", Function(lambda x: x.amax(1, keepdim=True)), VOLUME),
    ("max over all", Function(lambda x: x.amax((1, 2, 3)).unsqueeze(1)), IMAGE),
    ("max over rows", Function(lambda x: x.amax(2)), IMAGE),
    ("max over columns", Function(lambda x: x.amax(3)), IMAGE),
    ("max over rows of a volume", Function(lambda x: x.amax(3)), VOLUME),
    ("max over channels and columns of a volume", Function(lambda x: x.amax((1, 4))), VOLUME),
    ("argmax over channels", index(torch.argmax, 1), IMAGE),
    ("argmax over features", index(torch.argmax, 1), FEATURES),
    ("argmin over rows", index(torch.argmin, 2), IMAGE),
    ("argmin over channels of a volume", index(torch.argmin, 1), VOLUME),
    ("argmax over a sequence, of whole numbers", index(torch.argmax, 2, lambda x: (2 * x).round()), SEQUENCE),
    ("argmin over planes, of whole numbers", index(torch.argmin, 2, torch.floor), VOLUME),
    ("softmax over pixels", along(torch.softmax, 2, 3), IMAGE),
    ("softmax over columns", nn.Softmax(3), IMAGE),
    ("softmax over a sequence", nn.Softmax(2), SEQUENCE),
    ("softmax over planes and rows", along(torch.softmax, 2, 3), VOLUME),
    ("softmax over channels and columns", along(torch.softmax, 1, 3), IMAGE),
    ("softmax over all", along(torch.softmax, 1, 2, 3), IMAGE),
    ("log softmax over pixels", along(torch.log_softmax, 2, 3), IMAGE),
    ("log softmax over all", along(torch.log_softmax, 1, 2, 3, 4), VOLUME),
    ("log softmax over a sequence", nn.LogSoftmax(2), SEQUENCE),
    ("layer norm over pixels", nn.LayerNorm(IMAGE[1:]), IMAGE),
    ("layer norm over pixels, plain", nn.LayerNorm(IMAGE[1:], elementwise_affine=False), IMAGE),
    ("layer norm over columns", nn.LayerNorm(7, eps=0.25), IMAGE),
    ("layer norm over a sequence", nn.LayerNorm(11), SEQUENCE),
    ("layer norm over rows of a volume", LayerNorm((3,), 4), VOLUME),
    ("layer norm over channels and rows", LayerNorm((1, 2), (18, 5)), IMAGE),
    ("layer norm over channels", LayerNorm((1,), 6), SEQUENCE),
    ("layer norm over all", nn.LayerNorm(IMAGE), IMAGE),
])
