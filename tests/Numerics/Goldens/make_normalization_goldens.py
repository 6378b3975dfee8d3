#!/usr/bin/env python3
"""Computes normalization.json beside it; see make_goldens.py."""
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE = (21,), (6, 11), (6, 5, 7)

make_operators("normalization", [
    ("PReLU", nn.PReLU(), IMAGE),
    ("PReLU, features", nn.PReLU(21), FEATURES),
    ("PReLU, sequence", nn.PReLU(), SEQUENCE),
    ("PReLU, channels", nn.PReLU(6), IMAGE),
])
