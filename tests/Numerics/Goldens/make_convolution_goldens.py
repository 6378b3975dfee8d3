#!/usr/bin/env python3
"""Computes convolutions.json beside it; see make_goldens.py."""
import torch.nn.functional as F
from torch import nn

from make_goldens import make_operators

SEQUENCE, IMAGE, VOLUME = (6, 9), (6, 4, 5), (4, 3, 2, 4)


class Then(nn.Sequential):
    """Modules, and a function of what they make: slices, where sides differ."""

    def __init__(self, function, *modules):
        super().__init__(*modules)
        self.function = function

    def forward(self, x):
        return self.function(super().forward(x))


class Padded(nn.Sequential):
    def __init__(self, mode, sides, module):
        super().__init__(module)
        self.mode, self.sides = mode, sides

    def forward(self, x):
        return super().forward(F.pad(x, self.sides, self.mode))


class Unpooled(nn.Sequential):
    def __init__(self, pool, inner, unpool, size):
        super().__init__(inner)
        self.ends, self.size = (pool, unpool), size

    def forward(self, x):
        pooled, indices = self.ends[0](x)
        return self.ends[1](super().forward(pooled), indices, self.size)


class OverChannels(nn.Linear):
    """A linear layer of a tensor with channels first."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


T1, T2, T3 = nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d


def in_both_layouts(name, make, shape):
    """A case for each layout of training; PyTorch computes the same."""
    return [(name + suffix, make(), shape) for suffix in ("", ", samples in lanes")]


make_operators("convolutions", [
    ("transposed 1d", T1(6, 5, 3), SEQUENCE),
    ("transposed 1d, stride", T1(6, 17, 4, 3, 2, 2), SEQUENCE),
    ("transposed 1d, groups", T1(6, 9, 3, 2, 1, groups=3, bias=False), SEQUENCE),
    ("transposed 2d", T2(6, 5, 3), IMAGE),
    ("transposed 2d, stride", T2(6, 16, 2, 2), IMAGE),
    ("transposed 2d, output padding", T2(6, 5, 3, 2, 1, 1), IMAGE),
    ("transposed 2d, rectangular", T2(6, 5, (4, 2), (3, 1), (1, 0), (2, 0)), IMAGE),
    ("transposed 2d, dilation", T2(6, 5, 3, (2, 1), (3, 1), 1, dilation=2), IMAGE),
    ("transposed 2d, cut", T2(6, 5, (3, 2), (2, 3), (3, 4)), IMAGE),
    ("transposed 2d, sides", Then(lambda y: y[:, :, 1:-3, :-2], T2(6, 5, (4, 5), 2)), IMAGE),
    ("transposed 2d, same", Then(lambda y: y[:, :, :-1, :-1], T2(6, 5, 3, 2)), IMAGE),
    ("transposed 2d, same, gaps", T2(6, 5, 2, 3, 0, 1), IMAGE),
    ("transposed 2d, groups", T2(6, 4, 3, 2, 1, (1, 0), groups=2), IMAGE),
    ("transposed 2d, groups of blocks", T2(4, 32, 3, 2, 1, groups=2), (4, 3, 4)),
    ("transposed 2d, depthwise", T2(20, 20, 3, 2, 1, groups=20), (20, 3, 4)),
    ("transposed 2d, many channels", T2(33, 40, 4, 2, 1), (33, 3, 4)),
    ("transposed 2d, stacked", nn.Sequential(
        T2(6, 20, 2, 2), nn.Tanh(), nn.Conv2d(20, 5, 3, padding=1), nn.Sigmoid(), T2(5, 3, 3, 2, 1)), IMAGE),
    ("transposed 3d", T3(4, 5, 3), VOLUME),
    ("transposed 3d, stride", T3(4, 5, (2, 3, 3), (2, 2, 3), (0, 1, 1), (1, 0, 2)), VOLUME),
    ("transposed 3d, groups", T3(4, 6, 3, 2, 1, groups=2, bias=False), VOLUME),
    ("reflect 1d", nn.Conv1d(6, 5, 3, 2, 2, padding_mode="reflect"), SEQUENCE),
    ("reflect 2d", nn.Conv2d(6, 5, 3, padding=1, padding_mode="reflect"), IMAGE),
    ("replicate 2d", nn.Conv2d(6, 16, 3, padding=2, padding_mode="replicate"), IMAGE),
    ("circular 2d", nn.Conv2d(6, 4, (3, 2), (1, 2), (4, 1), groups=2, bias=False, padding_mode="circular"), IMAGE),
    ("reflect 2d, same", Padded("reflect", (0, 1, 1, 2), nn.Conv2d(6, 5, (4, 2))), IMAGE),
    ("replicate 3d", nn.Conv3d(4, 5, 3, padding=1, padding_mode="replicate"), VOLUME),
    ("circular 3d", nn.Conv3d(4, 5, 3, padding=1, padding_mode="circular"), VOLUME),
    ("depthwise", nn.Conv2d(20, 20, 3, padding=1, groups=20), (20, 9, 11)),
    ("depthwise, stride", nn.Conv2d(32, 32, 3, 2, 1, groups=32, bias=False), (32, 9, 11)),
    ("depthwise, large", nn.Conv2d(17, 17, (7, 5), padding=(3, 2), groups=17), (17, 9, 8)),
    ("depthwise, separable", nn.Sequential(
        nn.Conv2d(3, 24, 3, padding=1), nn.Tanh(), nn.Conv2d(24, 24, 3, padding=(2, 1), dilation=(2, 1), groups=24), nn.Tanh(),
        nn.Conv2d(24, 5, 1)), (3, 8, 9)),
    ("depthwise, pooled", nn.Sequential(nn.Conv2d(18, 18, 3, padding=1, groups=18), nn.Tanh(), nn.MaxPool2d(2)), (18, 8, 8)),
    *in_both_layouts("groups in a vector", lambda: nn.Sequential(
        nn.Conv2d(24, 24, 3, padding=1, groups=6), nn.Tanh(), nn.Conv2d(24, 24, (3, 2), (2, 1), (1, 0), (1, 2), groups=12, bias=False)), (24, 9, 11)),
    *in_both_layouts("groups of 8, pooled", lambda: nn.Sequential(nn.Conv2d(16, 16, (3, 5), padding=(1, 2), groups=2), nn.Tanh(), nn.MaxPool2d(2)), (16, 8, 10)),
    *in_both_layouts("groups of vectors", lambda: nn.Sequential(
        nn.Conv2d(32, 64, 3, padding=1, groups=2), nn.Tanh(), nn.Conv2d(64, 32, 3, 2, 1, groups=2)), (32, 6, 7)),
    *in_both_layouts("groups of 3 and 5", lambda: nn.Sequential(nn.Conv2d(15, 25, 3, padding=1, groups=5), nn.Tanh(), nn.Conv2d(25, 15, 2)), (15, 5, 6)),
    *in_both_layouts("groups 1d", lambda: nn.Sequential(nn.Conv1d(32, 32, 5, 2, 2, groups=8), nn.Tanh(), nn.Conv1d(32, 16, 3, groups=2)), (32, 19)),
    *in_both_layouts("transposed 2d, groups in a vector", lambda: nn.ConvTranspose2d(32, 32, 3, (2, 1), 1, groups=8), (32, 4, 5)),
    *in_both_layouts("3d", lambda: nn.Sequential(
        nn.Conv3d(3, 20, 3, padding=1), nn.Tanh(), nn.AvgPool3d(2, 1), nn.Conv3d(20, 18, 3, 2, 1)), (3, 4, 6, 5)),
    *in_both_layouts("3d, axes apart", lambda: nn.Sequential(
        nn.Conv3d(16, 17, (3, 2, 1), (3, 1, 2), (1, 1, 0), (1, 2, 1), bias=False), nn.Tanh(), nn.AvgPool3d((2, 1, 2), 1, (1, 0, 0))), (16, 6, 5, 7)),
    *in_both_layouts("3d, groups", lambda: nn.Sequential(
        nn.Conv3d(32, 32, 3, padding=1, groups=8), nn.Tanh(), nn.Conv3d(32, 32, (2, 3, 3), (1, 2, 1), (0, 1, 0), groups=2)), (32, 3, 4, 5)),
    ("unpool 1d", Unpooled(nn.MaxPool1d(3, return_indices=True), nn.Conv1d(6, 6, 3, padding=1), nn.MaxUnpool1d(3), (9,)), SEQUENCE),
    ("unpool 2d", Unpooled(nn.MaxPool2d(2, return_indices=True), nn.Conv2d(18, 18, 1), nn.MaxUnpool2d(2), (4, 6)), (18, 4, 6)),
    ("unpool 2d, padding and gaps", Unpooled(
        nn.MaxPool2d(2, (2, 3), (1, 0), return_indices=True), nn.Conv2d(6, 6, 3, padding=1), nn.MaxUnpool2d(2, (2, 3), (1, 0)), (4, 5)), IMAGE),
    ("unpool 3d", Unpooled(nn.MaxPool3d(2, return_indices=True), nn.Conv3d(4, 4, 1), nn.MaxUnpool3d(2), (2, 4, 4)), (4, 2, 4, 4)),
    *in_both_layouts("dense over channels 1d",
                     lambda: nn.Sequential(OverChannels(6, 17), nn.Tanh(), OverChannels(17, 5, bias=False)), SEQUENCE),
    *in_both_layouts("dense over channels 2d", lambda: nn.Sequential(OverChannels(20, 33), nn.GELU(), OverChannels(33, 16)), (20, 7, 9)),
    *in_both_layouts("dense over channels 3d",
                     lambda: nn.Sequential(OverChannels(4, 18, bias=False), nn.Tanh(), OverChannels(18, 3)), VOLUME),
])
