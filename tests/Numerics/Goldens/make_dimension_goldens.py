#!/usr/bin/env python3
"""Computes dimensions.json beside it; see make_goldens.py."""
import torch
from torch import nn

from make_goldens import make_operators

SEQUENCE, VOLUME = (5, 19), (5, 3, 4, 7)


class Branches(nn.Module):
    def __init__(self, join, *branches):
        super().__init__()
        self.join, self.branches = join, nn.ModuleList(nn.Sequential(*branch) for branch in branches)

    def forward(self, x):
        return self.join([branch(x) for branch in self.branches])


def concat(tensors):
    return torch.cat(tensors, 1)


def product(tensors):
    return tensors[0] * tensors[1]


make_operators("dimensions", [
    ("Tanh, sequence", nn.Tanh(), SEQUENCE),
    ("Tanh, volume", nn.Tanh(), VOLUME),
    ("Softmax, sequence", nn.Softmax(1), SEQUENCE),
    ("Softmax, volume", nn.Softmax(1), VOLUME),
    ("Dense, sequence", nn.Sequential(nn.Flatten(), nn.Linear(95, 9)), SEQUENCE),
    ("Dense, volume", nn.Sequential(nn.Flatten(), nn.Linear(420, 9)), VOLUME),
    ("Dense behind a convolution, sequence", nn.Sequential(
        nn.Conv1d(5, 6, 3, padding=1), nn.Tanh(), nn.Flatten(), nn.Linear(114, 9)), SEQUENCE),
    ("Dense behind a convolution, volume", nn.Sequential(
        nn.Conv3d(5, 6, 3, padding=1), nn.Tanh(), nn.Flatten(), nn.Linear(504, 9)), VOLUME),
    ("Add, sequence", Branches(sum, [nn.Conv1d(5, 5, 3, padding=1), nn.Sigmoid()], []), SEQUENCE),
    ("Add, volume", Branches(sum, [nn.Conv3d(5, 5, 3, padding=1), nn.Sigmoid()], [], [nn.Conv3d(5, 5, 1)]), VOLUME),
    ("Concat, sequence", Branches(concat, [nn.Conv1d(5, 3, 5, padding=2)], [nn.Conv1d(5, 4, 1), nn.Tanh()], []), SEQUENCE),
    ("Concat, volume", Branches(concat, [nn.Conv3d(5, 3, 3, 2, 1)], [nn.AvgPool3d(1, 2), nn.Conv3d(5, 16, 1)]), VOLUME),
    ("Multiply, sequence", Branches(product, [], [nn.AvgPool1d(19), nn.Conv1d(5, 5, 1), nn.Sigmoid()]), SEQUENCE),
    ("Multiply, volume", Branches(product, [], [nn.AvgPool3d((3, 4, 7)), nn.Conv3d(5, 5, 1), nn.Sigmoid()]), VOLUME),
])
