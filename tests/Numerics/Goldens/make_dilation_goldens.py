#!/usr/bin/env python3
"""Computes dilations.json beside it; see make_goldens.py."""
from torch import nn

from make_goldens import make_operators


def conv(kind, *arguments, **named):
    """A convolution between activations."""
    return lambda: nn.Sequential(nn.Tanh(), kind(*arguments, **named), nn.Tanh())


def in_both_layouts(cases):
    """Each case for each layout of training; PyTorch computes the same."""
    return [(name + suffix, make(), shape) for name, make, shape in cases for suffix in ("", ", samples in lanes")]


C1, C2, C3 = nn.Conv1d, nn.Conv2d, nn.Conv3d

make_operators("dilations", in_both_layouts([
    ("beyond the image", conv(C2, 18, 20, 3, padding=7, dilation=7), (18, 5, 6)),
    ("beyond the image, many channels", conv(C2, 40, 33, 3, padding=6, dilation=6, bias=False), (40, 4, 5)),
    ("beyond the image, kernel of 5", conv(C2, 18, 16, 5, padding=8, dilation=4), (18, 3, 6)),
    ("beyond the image, one axis", conv(C2, 17, 18, 3, padding=(6, 2), dilation=(6, 2)), (17, 5, 9)),
    ("beyond the image, rows of several", conv(C2, 17, 18, (3, 3), padding=(1, 8), dilation=(1, 4)), (17, 9, 4)),
    ("beyond the image, sides", conv(C2, 18, 20, 3, padding=(9, 4), dilation=7), (18, 6, 12)),
    ("beyond the image, two of three", conv(C2, 18, 20, (4, 3), padding=(8, 5), dilation=(5, 6)), (18, 5, 7)),
    ("beyond the image, stride", conv(C2, 18, 19, 3, (2, 3), 9, 9), (18, 8, 7)),
    ("beyond the image, groups", conv(C2, 15, 25, 3, padding=7, dilation=7, groups=5), (15, 5, 6)),
    ("beyond the image, groups in a vector", conv(C2, 24, 24, 3, padding=7, dilation=7, groups=6), (24, 5, 6)),
    ("beyond the image, groups of vectors", conv(C2, 32, 64, 3, padding=(5, 2), dilation=(5, 2), groups=2), (32, 4, 6)),
    ("beyond the image, depthwise", conv(C2, 20, 20, 3, padding=7, dilation=7, groups=20), (20, 6, 5)),
    ("beyond the image, depthwise, one axis", conv(C2, 20, 20, 3, padding=(7, 1), dilation=(7, 1), groups=20), (20, 6, 5)),
    ("beyond the image, padding alone", conv(C2, 18, 20, 3, padding=1), (18, 1, 1)),
    ("beyond the image, pooled", lambda: nn.Sequential(C2(18, 20, 3, padding=7, dilation=7), nn.Tanh(), nn.MaxPool2d(2)), (18, 6, 6)),
    ("beyond the sequence", conv(C1, 18, 20, 5, padding=20, dilation=10), (18, 9)),
    ("beyond the volume", conv(C3, 17, 18, 3, padding=(1, 6, 5), dilation=(1, 6, 5)), (17, 3, 5, 4)),
    ("beyond the volume, planes", conv(C3, 17, 18, 3, padding=(4, 1, 1), dilation=(4, 1, 1)), (17, 3, 4, 5)),
    ("beyond the volume, groups", conv(C3, 18, 18, 3, padding=(4, 5, 1), dilation=(4, 5, 1), groups=3), (18, 3, 4, 5)),
    ("mostly padding", conv(C2, 18, 20, 3, padding=8, dilation=8), (18, 10, 11)),
    ("mostly padding, many channels", conv(C2, 40, 33, 3, padding=9, dilation=9, bias=False), (40, 11, 12)),
    ("mostly padding, rectangular", conv(C2, 17, 18, (3, 5), padding=(9, 10), dilation=(9, 6)), (17, 11, 12)),
    ("mostly padding, stride", conv(C2, 18, 19, 3, 2, 12, 12), (18, 19, 20)),
    ("mostly padding, sides", conv(C2, 18, 20, 3, padding=(12, 6), dilation=9), (18, 11, 17)),
    ("mostly padding, depthwise", conv(C2, 20, 20, 3, padding=8, dilation=8, groups=20), (20, 10, 11)),
    ("mostly padding, groups", conv(C2, 32, 32, 3, padding=8, dilation=8, groups=2), (32, 10, 11)),
    ("mostly padding, pooled", lambda: nn.Sequential(C2(18, 20, 3, padding=8, dilation=8), nn.Tanh(), nn.MaxPool2d(2)), (18, 10, 12)),
    ("mostly padding, sequence", conv(C1, 18, 20, 3, padding=70, dilation=70), (18, 90)),
    ("mostly padding, volume", conv(C3, 17, 18, 3, padding=(1, 8, 8), dilation=(1, 8, 8)), (17, 2, 10, 10)),
]))
