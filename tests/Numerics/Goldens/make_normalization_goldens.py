#!/usr/bin/env python3
"""Computes normalization.json beside it; see make_goldens.py."""
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE, VOLUME, DEEP = (21,), (6, 11), (6, 5, 7), (6, 3, 4, 5), (19, 3, 5)


class ChannelLayerNorm(nn.LayerNorm):
    """Over the channels of each pixel."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class L2Pool3d(nn.Module):
    """LPPool3d is newer than Debian's PyTorch."""

    def forward(self, x):
        return (nn.functional.avg_pool3d(x * x, 2, 1) * 8).sqrt()


class LogSumExpPool(nn.Module):
    """The pool is an average."""

    def __init__(self, pool, sharpness=1):
        super().__init__()
        self.pool, self.sharpness = pool, sharpness

    def forward(self, x):
        return self.pool((self.sharpness * x).exp()).log() / self.sharpness


make_operators("normalization", [
    ("PReLU", nn.PReLU(), IMAGE),
    ("PReLU, features", nn.PReLU(21), FEATURES),
    ("PReLU, sequence", nn.PReLU(), SEQUENCE),
    ("PReLU, channels", nn.PReLU(6), IMAGE),
    ("GroupNorm", nn.GroupNorm(3, 6), IMAGE),
    ("GroupNorm, features", nn.GroupNorm(7, 21), FEATURES),
    ("GroupNorm, sequence", nn.GroupNorm(2, 6, eps=0.25), SEQUENCE),
    ("GroupNorm, volume", nn.GroupNorm(1, 6, affine=False), VOLUME),
    ("GroupNorm, channels", nn.GroupNorm(19, 19), DEEP),
    ("GroupNorm, no epsilon", nn.Sequential(nn.Conv2d(6, 6, 1), nn.GroupNorm(3, 6, eps=0)), IMAGE),
    ("InstanceNorm, sequence", nn.InstanceNorm1d(6), SEQUENCE),
    ("InstanceNorm, image", nn.InstanceNorm2d(19), DEEP),
    ("InstanceNorm, affine", nn.InstanceNorm2d(6, eps=0.01, affine=True), IMAGE),
    ("InstanceNorm, no epsilon", nn.Sequential(nn.Conv2d(6, 6, 1), nn.InstanceNorm2d(6, eps=0, affine=True)), IMAGE),
    ("InstanceNorm, volume", nn.InstanceNorm3d(6, affine=True), VOLUME),
    ("LayerNorm, features", nn.LayerNorm(FEATURES), FEATURES),
    ("LayerNorm, sequence", nn.LayerNorm(SEQUENCE, eps=0.5), SEQUENCE),
    ("LayerNorm, image", nn.LayerNorm(IMAGE), IMAGE),
    ("LayerNorm, volume", nn.LayerNorm(VOLUME, elementwise_affine=False), VOLUME),
    ("LayerNorm, no epsilon", nn.Sequential(nn.Conv2d(6, 6, 1), nn.LayerNorm(IMAGE, eps=0)), IMAGE),
    ("LayerNorm, over channels, no epsilon", nn.Sequential(nn.Conv2d(6, 6, 1), ChannelLayerNorm(6, eps=0)), IMAGE),
    ("LayerNorm, over channels", ChannelLayerNorm(19), DEEP),
    ("LayerNorm, over channels of a volume", ChannelLayerNorm(6, elementwise_affine=False), VOLUME),
    ("LocalResponseNorm", nn.LocalResponseNorm(5), DEEP),
    ("LocalResponseNorm, sequence", nn.LocalResponseNorm(2, 2, 0.5, 2), SEQUENCE),
    ("LocalResponseNorm, even", nn.LocalResponseNorm(4, 3, 0.75, 2), DEEP),
    ("LocalResponseNorm, wide", nn.LocalResponseNorm(15, 5, 1.2, 0.5), IMAGE),
    ("LocalResponseNorm, k 0", nn.Sequential(nn.Conv2d(6, 6, 1), nn.LocalResponseNorm(3, 1, 0.75, 0)), IMAGE),
    ("LocalResponseNorm, volume", nn.LocalResponseNorm(3, 1, 1), VOLUME),
    ("LogSoftmax, features", nn.LogSoftmax(1), FEATURES),
    ("LogSoftmax, sequence", nn.LogSoftmax(1), SEQUENCE),
    ("LogSoftmax, image", nn.LogSoftmax(1), DEEP),
    ("LogSoftmax, volume", nn.LogSoftmax(1), VOLUME),
    ("L2Pool1D", nn.LPPool1d(2, 3, 2), SEQUENCE),
    ("L2Pool2D", nn.LPPool2d(2, 3, 2), DEEP),
    ("L2Pool2D, overlapping", nn.LPPool2d(2, 2, 1), IMAGE),
    ("L2Pool2D, ceil", nn.LPPool2d(2, 3, 3, ceil_mode=True), IMAGE),
    ("L2Pool3D", L2Pool3d(), VOLUME),
    ("LogSumExpPool1D", LogSumExpPool(nn.AvgPool1d(3, 2)), SEQUENCE),
    ("LogSumExpPool2D", LogSumExpPool(nn.AvgPool2d(3, 2)), DEEP),
    ("LogSumExpPool2D, overlapping", LogSumExpPool(nn.AvgPool2d(2, 1), 4), IMAGE),
    ("LogSumExpPool2D, ceil", LogSumExpPool(nn.AvgPool2d(3, 3, ceil_mode=True), 0.5), IMAGE),
    ("LogSumExpPool3D", LogSumExpPool(nn.AvgPool3d(2, 1)), VOLUME),
])
