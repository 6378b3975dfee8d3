#!/usr/bin/env python3
"""Computes padding.json beside it; see make_goldens.py."""
import torch.nn.functional as F
from torch import nn

from make_goldens import make_operators

SEQUENCE, IMAGE, VOLUME = (3, 5), (17, 3, 4), (5, 2, 3, 4)


class Pad(nn.Module):
    """Older versions have not all of the modules, but all of the modes. Sides as in F.pad: the last axis first."""

    def __init__(self, mode, *sides):
        super().__init__()
        self.mode, self.sides = mode, sides

    def forward(self, x):
        return F.pad(x, self.sides, self.mode)


make_operators("padding", [
    ("ZeroPad1d", Pad("constant", 2, 3), SEQUENCE),
    ("ReflectionPad1d", Pad("reflect", 4, 3), SEQUENCE),
    ("ReplicationPad1d", Pad("replicate", 0, 7), SEQUENCE),
    ("CircularPad1d", Pad("circular", 5, 5), SEQUENCE),
    ("ZeroPad2d", Pad("constant", 1, 1, 1, 1), IMAGE),
    ("ZeroPad2d, sides", Pad("constant", 3, 2, 1, 0), IMAGE),
    ("ReflectionPad2d", Pad("reflect", 2, 2, 2, 2), IMAGE),
    ("ReflectionPad2d, sides", Pad("reflect", 3, 1, 0, 2), IMAGE),
    ("ReplicationPad2d", Pad("replicate", 0, 2, 5, 1), IMAGE),
    ("CircularPad2d", Pad("circular", 2, 4, 3, 1), IMAGE),
    ("ZeroPad3d", Pad("constant", 3, 0, 2, 1, 1, 0), VOLUME),
    ("ReflectionPad3d", Pad("reflect", 1, 3, 2, 0, 1, 1), VOLUME),
    ("ReplicationPad3d", Pad("replicate", 2, 2, 0, 1, 1, 2), VOLUME),
    ("CircularPad3d", Pad("circular", 2, 2, 2, 2, 2, 2), VOLUME),
])
