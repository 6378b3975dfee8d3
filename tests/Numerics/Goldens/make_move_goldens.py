#!/usr/bin/env python3
"""Computes moves.json beside it; see make_goldens.py."""
import torch
from torch import nn

from make_goldens import make_operators

SEQUENCE, IMAGE, VOLUME = (5, 11), (18, 7, 9), (17, 4, 5, 6)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def shuffle(groups):
    return Function(lambda x: x.unflatten(1, (groups, -1)).transpose(1, 2).flatten(1, 2))


def permute(*axes):
    return Function(lambda x: x.permute(0, *axes))


def roll(shift, axis):
    return Function(lambda x: torch.roll(x, shift, axis))


make_operators("moves", [
    ("crop 1d", Function(lambda x: x[:, :, 2:-3]), SEQUENCE),
    ("crop 1d, stride", Function(lambda x: x[:, :, 1:-1:4]), SEQUENCE),
    ("crop 2d", Function(lambda x: x[:, :, 1:-1, 1:-1]), IMAGE),
    ("crop 2d, sides", Function(lambda x: x[:, :, 0:-2, 3:-1]), IMAGE),
    ("crop 2d, strides", Function(lambda x: x[:, :, 1::2, ::3]), IMAGE),
    ("crop 2d, nothing", Function(lambda x: x * 1), IMAGE),
    ("crop 2d, one channel", Function(lambda x: x[:, :, 2:-1, 0:-2]), (1, 9, 20)),
    ("crop 3d", Function(lambda x: x[:, :, 1:, 2:-1, 0:-3]), VOLUME),
    ("crop 3d, strides", Function(lambda x: x[:, :, 0:-1:3, ::2, 1:-1]), VOLUME),
    ("slice of features", Function(lambda x: x[:, 3:29]), (40,)),
    ("slice of the last features", Function(lambda x: x[:, -7:]), (40,)),
    ("slice 1d", Function(lambda x: x[:, 1:-1]), SEQUENCE),
    ("slice of a block", Function(lambda x: x[:, 16:32]), (48, 3, 4)),
    ("slice 2d", Function(lambda x: x[:, 5:39]), (48, 3, 4)),
    ("slice 2d, behind a convolution", nn.Sequential(
        nn.Conv2d(18, 40, 1), Function(lambda x: x[:, 16:-3]), nn.Conv2d(21, 5, 3, padding=1)), IMAGE),
    ("slice 2d, inside a block, behind a convolution", nn.Sequential(
        nn.Conv2d(18, 40, 1), Function(lambda x: x[:, 7:38]), nn.Conv2d(31, 20, 1)), IMAGE),
    ("slice 2d, activated", nn.Sequential(nn.Conv2d(18, 40, 1), Function(lambda x: x[:, 16:]), nn.Tanh(), nn.Conv2d(24, 5, 1)), IMAGE),
    ("slice 3d", Function(lambda x: x[:, 8:]), VOLUME),
    ("slice of features behind a dense layer", nn.Sequential(
        nn.Linear(5, 40), Function(lambda x: x[:, 16:35]), nn.Linear(19, 3)), (5,)),
    ("half of the channels", Function(lambda x: torch.chunk(x, 2, 1)[1]), IMAGE),
    ("half of the channels, behind a convolution", nn.Sequential(
        nn.Conv2d(18, 32, 3), Function(lambda x: torch.chunk(x, 2, 1)[1]), nn.Conv2d(16, 4, 3)), IMAGE),
    ("third of a sequence", Function(lambda x: torch.chunk(x, 3, 1)[2]), (9, 5)),
    ("shuffle, behind a convolution", nn.Sequential(nn.Conv2d(18, 36, 3), shuffle(2), nn.Conv2d(36, 4, 1)), IMAGE),
    ("shuffle of many groups", nn.Sequential(nn.Conv2d(18, 34, 1), shuffle(17), nn.Conv2d(34, 4, 1)), IMAGE),
    ("roll 1d", roll(4, 2), SEQUENCE),
    ("roll 2d", roll(-2, 3), IMAGE),
    ("roll 2d, rows", roll(9, 2), IMAGE),
    ("roll 2d, channels", roll(-5, 1), IMAGE),
    ("roll 2d, in a stack", nn.Sequential(nn.Conv2d(18, 20, 1), roll(1, 3), nn.Tanh(), nn.Conv2d(20, 5, 3, padding=1)), IMAGE),
    ("roll 3d, planes", roll(3, 2), VOLUME),
    ("roll of features", roll(7, 1), (40,)),
    ("transpose 1d", permute(2, 1), SEQUENCE),
    ("transpose 2d, channels last", permute(2, 3, 1), IMAGE),
    ("transpose 2d, channels first", permute(3, 1, 2), IMAGE),
    ("transpose 2d, rows and columns", permute(1, 3, 2), IMAGE),
    ("transpose 2d, rows and channels", permute(2, 1, 3), IMAGE),
    ("transpose 2d, nothing", permute(1, 2, 3), IMAGE),
    ("transpose 3d", permute(4, 2, 1, 3), VOLUME),
    ("transpose 3d, pixels", permute(1, 3, 4, 2), VOLUME),
    ("windows of an image", Function(lambda x: x.reshape(-1, 20, 2, 3, 2, 4).permute(0, 2, 4, 1, 3, 5).reshape(-1, 4, 20, 12)),
     (20, 6, 8)),
    ("windows of an image, channels first", nn.Sequential(
        nn.Conv2d(20, 18, 1), Function(lambda x: x.reshape(-1, 18, 2, 3, 2, 4).permute(0, 1, 2, 4, 3, 5).tanh().reshape(-1, 18, 4, 12)),
        nn.Conv2d(18, 5, 1)), (20, 6, 8)),
    ("windows become an image", Function(
        lambda x: x.reshape(-1, 2, 2, 18, 3, 4).permute(0, 3, 1, 4, 2, 5).reshape(-1, 18, 6, 8)), (4, 18, 12)),
    ("blocks of a volume", Function(
        lambda x: x.reshape(-1, 17, 4, 2, 3, 3, 2).permute(0, 6, 4, 1, 2, 5, 3).sigmoid().reshape(-1, 102, 24)), (17, 4, 6, 6)),
    ("six axes whose channels stay", Function(
        lambda x: x.reshape(-1, 17, 4, 2, 3, 3, 2).permute(0, 1, 5, 2, 6, 3, 4).reshape(-1, 17, 12, 2, 6)), (17, 4, 6, 6)),
    ("five axes, twice", Function(
        lambda x: x.reshape(-1, 2, 9, 7, 3, 3).permute(0, 5, 4, 3, 2, 1).permute(0, 4, 3, 1, 2, 5).flatten(1)), IMAGE),
    ("five axes, of which the columns stay", Function(
        lambda x: x.reshape(-1, 2, 9, 7, 3, 3).permute(0, 2, 1, 3, 4, 5).reshape(-1, 18, 7, 9)), IMAGE),
])
