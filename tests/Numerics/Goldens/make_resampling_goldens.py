#!/usr/bin/env python3
"""Computes resampling.json beside it; see make_goldens.py."""
import torch
import torch.nn.functional as F
from torch import nn

from make_goldens import make_operators

SEQUENCE, IMAGE, VOLUME = (5, 7), (18, 4, 6), (4, 3, 4, 2)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def filtered(kernel, padding):
    weight = torch.tensor(kernel, dtype=torch.float64).reshape(1, 1, 3, 3)
    return Function(lambda x: F.conv2d(x, weight.expand(x.shape[1], 1, 3, 3), padding=padding, groups=x.shape[1]))


def upsample(scale, mode, corners=None):
    return nn.Upsample(scale_factor=scale, mode=mode, align_corners=corners)


def resize(size, mode, corners=None):
    return nn.Upsample(size=size, mode=mode, align_corners=corners)


make_operators("resampling", [
    ("nearest 1d", upsample(2, "nearest"), SEQUENCE),
    ("nearest 1d, 1.5", upsample(1.5, "nearest"), SEQUENCE),
    ("nearest 2d", upsample(3, "nearest"), IMAGE),
    ("nearest 2d, size", resize((7, 5), "nearest"), IMAGE),
    ("linear 1d", upsample(2, "linear", False), SEQUENCE),
    ("linear 1d, 0.6, corners", upsample(0.6, "linear", True), SEQUENCE),
    ("bilinear", upsample(2, "bilinear", False), IMAGE),
    ("bilinear, 1.7", upsample(1.7, "bilinear", False), IMAGE),
    ("bilinear, corners", upsample(2, "bilinear", True), IMAGE),
    ("bilinear, size", resize((3, 11), "bilinear", False), IMAGE),
    ("bilinear, size, corners", resize((1, 9), "bilinear", True), IMAGE),
    ("bilinear, one pixel", resize((3, 4), "bilinear", False), (3, 1, 1)),
    ("nearest 3d", upsample(2, "nearest"), VOLUME),
    ("trilinear", upsample(1.5, "trilinear", False), VOLUME),
    ("trilinear, size, corners", resize((4, 5, 3), "trilinear", True), VOLUME),
    ("adaptive average 1d", nn.AdaptiveAvgPool1d(3), SEQUENCE),
    ("adaptive average 2d", nn.AdaptiveAvgPool2d((3, 5)), IMAGE),
    ("adaptive average 2d, larger", nn.AdaptiveAvgPool2d(5), IMAGE),
    ("adaptive max 1d", nn.AdaptiveMaxPool1d(4), SEQUENCE),
    ("adaptive max 2d", nn.AdaptiveMaxPool2d((3, 4)), IMAGE),
    ("adaptive max 2d, larger", nn.AdaptiveMaxPool2d((6, 7)), IMAGE),
    ("adaptive average 3d", nn.AdaptiveAvgPool3d((2, 3, 2)), VOLUME),
    ("adaptive max 3d", nn.AdaptiveMaxPool3d((2, 3, 1)), VOLUME),
    ("global average 3d", nn.AdaptiveAvgPool3d(1), VOLUME),
    ("global max 3d", nn.AdaptiveMaxPool3d(1), VOLUME),
    ("global average 1d", nn.AdaptiveAvgPool1d(1), SEQUENCE),
    ("global average 2d", nn.AdaptiveAvgPool2d(1), IMAGE),
    ("global max 1d", nn.AdaptiveMaxPool1d(1), SEQUENCE),
    ("global max 2d", nn.AdaptiveMaxPool2d(1), IMAGE),
    ("pixel shuffle", nn.PixelShuffle(3), IMAGE),
    ("pixel unshuffle", nn.PixelUnshuffle(2), IMAGE),
    ("pixel shuffle, pixels first", Function(
        lambda x: x.reshape(-1, 3, 3, 2, 4, 6).permute(0, 3, 4, 1, 5, 2).reshape(-1, 2, 12, 18)), IMAGE),
    ("pixel unshuffle, pixels first", Function(
        lambda x: x.reshape(-1, 18, 2, 2, 3, 2).permute(0, 3, 5, 1, 2, 4).reshape(-1, 72, 2, 3)), IMAGE),
    ("channel shuffle", Function(lambda x: x.reshape(-1, 3, 6, 4, 6).transpose(1, 2).reshape(-1, 18, 4, 6)), IMAGE),
    ("unflatten", nn.Unflatten(1, (3, 4, 5)), (60,)),
    ("reshape", Function(lambda x: x.reshape(-1, 36, 12).reshape(-1, 16, 9, 3)), IMAGE),
    ("reshape to a volume", Function(lambda x: x.reshape(-1, 5, 7, 1, 1)), SEQUENCE),
    ("reshape to features", nn.Flatten(), IMAGE),
    ("edge", filtered([-1, -1, -1, -1, 8, -1, -1, -1, -1], 0), IMAGE),
    ("Sobel x", filtered([-1, 0, 1, -2, 0, 2, -1, 0, 1], 1), IMAGE),
    ("Sobel y", filtered([-1, -2, -1, 0, 0, 0, 1, 2, 1], 0), IMAGE),
    ("box blur", filtered([1 / 9] * 9, 1), IMAGE),
    ("Gaussian blur", filtered([w / 16 for w in (1, 2, 1, 2, 4, 2, 1, 2, 1)], 1), IMAGE),
    ("sharpen", filtered([0, -1, 0, -1, 5, -1, 0, -1, 0], 2), IMAGE),
    ("emboss", filtered([-2, -1, 0, -1, 1, 1, 0, 1, 2], 1), IMAGE),
])
