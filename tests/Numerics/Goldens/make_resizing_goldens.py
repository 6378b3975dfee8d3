#!/usr/bin/env python3
"""Computes resizing.json beside it; see make_goldens.py. What PyTorch lacks is computed by the formulas of ONNX's Resize."""
import math
from fractions import Fraction

import torch
import torch.nn.functional as F
from torch import nn

from make_goldens import make_operators

SEQUENCE, IMAGE, VOLUME = (5, 7), (18, 4, 6), (4, 3, 4, 2)
ROUNDINGS = {
    "floor": math.floor,
    "ceil": math.ceil,
    "round_prefer_floor": lambda x: math.ceil(x - Fraction(1, 2)),
    "round_prefer_ceil": lambda x: math.floor(x + Fraction(1, 2)),
}


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def interpolate(mode, corners=None, size=None, scale=None):
    return Function(lambda x: F.interpolate(x, size=size, scale_factor=scale, mode=mode, align_corners=corners))


def place(i, extent, size, scale, coordinates):
    """The place of output i, in elements of the input."""
    if coordinates == "align_corners":
        return Fraction(0) if size == 1 else Fraction(i * (extent - 1), size - 1)
    if coordinates == "asymmetric":
        return i / scale
    if coordinates == "pytorch_half_pixel" and size == 1:
        return Fraction(0)
    return (i + Fraction(1, 2)) / scale - Fraction(1, 2)


def matrix(extent, size, scale, mode, coordinates, rounding, a):
    """One row for each output, one column for each input."""
    result = torch.zeros(size, extent, dtype=torch.float64)
    for i in range(size):
        x = place(i, extent, size, scale, coordinates)
        if mode == "nearest":
            taps = [(ROUNDINGS[rounding](x), 1.0)]
        elif mode == "linear":
            t = float(x - math.floor(x))
            taps = [(math.floor(x), 1 - t), (math.floor(x) + 1, t)]
        else:
            taps = []
            for tap in range(-1, 3):
                d = abs(float(x - math.floor(x)) - tap)
                near, far = ((a + 2) * d - (a + 3)) * d * d + 1, ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
                taps.append((math.floor(x) + tap, near if d <= 1 else far))
        for source, weight in taps:
            result[i, min(max(source, 0), extent - 1)] += weight
    return result


def resize(mode, coordinates, size=None, scale=None, rounding="round_prefer_floor", a=-0.75):
    def forward(x):
        axes = len(x.shape) - 2
        for axis in range(axes):
            extent = x.shape[axis + 2]
            to = size[axis] if size else math.floor(extent * Fraction(str(scale)))
            factor = Fraction(to, extent) if size else Fraction(str(scale))
            x = (x.movedim(axis + 2, -1) @ matrix(extent, to, factor, mode, coordinates, rounding, a).T).movedim(-1, axis + 2)
        return x

    return Function(forward)


make_operators("resizing", [
    ("nearest, smaller", interpolate("nearest", size=(2, 5)), IMAGE),
    ("nearest, 0.4", interpolate("nearest", scale=0.4), SEQUENCE),
    ("nearest exact", interpolate("nearest-exact", size=(7, 4)), IMAGE),
    ("nearest exact, 1.5", interpolate("nearest-exact", scale=1.5), SEQUENCE),
    ("nearest exact of a volume", interpolate("nearest-exact", size=(2, 6, 3)), VOLUME),
    ("nearest, half pixel, prefer floor", resize("nearest", "half_pixel", size=(6, 4)), IMAGE),
    ("nearest, half pixel, floor, 1.5", resize("nearest", "half_pixel", scale=1.5, rounding="floor"), SEQUENCE),
    ("nearest, half pixel, ceil", resize("nearest", "half_pixel", size=(3, 8), rounding="ceil"), IMAGE),
    ("nearest, asymmetric, ceil", resize("nearest", "asymmetric", scale=2, rounding="ceil"), IMAGE),
    ("nearest, asymmetric, prefer floor", resize("nearest", "asymmetric", scale=2), IMAGE),
    ("nearest, asymmetric, prefer ceil, 0.7", resize("nearest", "asymmetric", scale=0.7, rounding="round_prefer_ceil"), SEQUENCE),
    ("nearest, corners, floor", resize("nearest", "align_corners", size=(7, 11), rounding="floor"), IMAGE),
    ("nearest, corners, prefer ceil", resize("nearest", "align_corners", size=(7, 1), rounding="round_prefer_ceil"), IMAGE),
    ("nearest, PyTorch's half pixel", resize("nearest", "pytorch_half_pixel", size=(1, 9)), IMAGE),
    ("linear, asymmetric", resize("linear", "asymmetric", scale=2), IMAGE),
    ("linear, asymmetric, smaller", resize("linear", "asymmetric", size=(5,)), SEQUENCE),
    ("linear, PyTorch's half pixel", resize("linear", "pytorch_half_pixel", size=(1, 9)), IMAGE),
    ("linear, smaller", interpolate("bilinear", False, size=(3, 2)), IMAGE),
    ("cubic", interpolate("bicubic", False, scale=2), IMAGE),
    ("cubic, corners", interpolate("bicubic", True, size=(9, 7)), IMAGE),
    ("cubic, smaller", interpolate("bicubic", False, size=(2, 5)), IMAGE),
    ("cubic, one row", interpolate("bicubic", True, size=(1, 8)), IMAGE),
    ("cubic, one pixel", interpolate("bicubic", False, size=(3, 4)), (3, 1, 1)),
    ("cubic, asymmetric", resize("cubic", "asymmetric", scale=1.5), IMAGE),
    ("cubic, coefficient", resize("cubic", "half_pixel", scale=1.7, a=-0.5), SEQUENCE),
    ("cubic of a volume", resize("cubic", "half_pixel", size=(4, 3, 3)), VOLUME),
])
