#!/usr/bin/env python3
"""Computes batch_norm.json beside it; see make_goldens.py."""
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE, VOLUME = (21,), (6, 11), (6, 5, 7), (6, 3, 4, 5)

make_operators("batch_norm", [
    ("features", nn.BatchNorm1d(21), FEATURES),
    ("sequence", nn.BatchNorm1d(6, momentum=0.3), SEQUENCE),
    ("image", nn.BatchNorm2d(6), IMAGE),
    ("image, many channels", nn.BatchNorm2d(33, eps=0.25), (33, 2, 3)),
    ("image, one pixel", nn.BatchNorm2d(17), (17, 1, 1)),
    ("volume", nn.BatchNorm3d(6, affine=False), VOLUME),
    ("volume, momentum 1", nn.BatchNorm3d(6, momentum=1), VOLUME),
    ("statistics that stay", nn.BatchNorm2d(6, momentum=0), IMAGE),
    ("no epsilon", nn.BatchNorm2d(6, eps=0), IMAGE),
    ("behind a convolution", nn.Sequential(nn.Conv2d(6, 18, 3, padding=1, bias=False), nn.BatchNorm2d(18, eps=1e-3, momentum=0.01), nn.Tanh()), IMAGE),
    ("between convolutions", nn.Sequential(
        nn.Conv2d(6, 5, 3, stride=2), nn.BatchNorm2d(5), nn.Sigmoid(), nn.Conv2d(5, 4, 2), nn.BatchNorm2d(4, affine=False)), IMAGE),
])
