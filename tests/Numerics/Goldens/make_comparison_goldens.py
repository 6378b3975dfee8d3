#!/usr/bin/env python3
"""Computes comparisons.json beside it; see make_goldens.py. What is added to a comparison has gradients of 0, where PyTorch has none."""
import torch
from torch import nn

from make_goldens import make_operators
from make_token_goldens import Function, Tensor

FEATURES, SEQUENCE, IMAGE = (21,), (6, 11), (19, 5, 7)


def compared(mask, *read):
    return mask.double() + sum(0 * one for one in read)


def greater(m, x):
    y = m.conv1(x)
    return compared(y > x, x, y)


def greater_channels(m, x):
    y = m.own(x)
    return compared(x.tanh() > y, x, y)


def or_channels(m, x):
    y = m.own(x)
    return compared(torch.logical_or(x.relu(), y.relu()), x, y)


def less(m, x):
    y = m.conv1(x)
    return compared(x < y, x, y)


make_operators("comparisons", [
    ("Greater", Function(greater, conv1=nn.Conv2d(19, 19, 1)), IMAGE),
    ("Greater than a number for each channel", Function(greater_channels, own=Tensor((19, 1, 1))), IMAGE),
    ("Less", Function(less, conv1=nn.Conv1d(6, 6, 1)), SEQUENCE),
    ("Less than the mean", Function(lambda m, x: compared(x.mean(1, True) < x, x)), FEATURES),
    ("Equal to the largest of a window", Function(lambda m, x: compared(x == nn.functional.max_pool2d(x, 3, 1, 1), x)), IMAGE),
    ("Greater than a window's largest or equal", Function(
        lambda m, x: compared(x >= nn.functional.max_pool2d(x, 3, 1, 1), x)), IMAGE),
    ("Less or equal, whole numbers", Function(lambda m, x: compared((3 * x).floor() <= (3 * x).tanh().round(), x)), SEQUENCE),
    ("And", Function(lambda m, x: compared(torch.logical_and(x.relu(), (2 * x).round()), x)), SEQUENCE),
    ("Or", Function(or_channels, own=Tensor((19, 1, 1))), IMAGE),
    ("Xor", Function(lambda m, x: compared(torch.logical_xor(x.relu(), (2 * x).round()), x)), FEATURES),
    ("Not, of an and", Function(
        lambda m, x: compared(torch.logical_not(torch.logical_and(x.relu(), (1 - 2 * x).relu())), x)), IMAGE),
    ("Where", Function(
        lambda m, x: torch.where(m.own(x).relu() != 0, x.tanh(), m.conv1(x)) + 0 * m.own(x), own=Tensor((6, 11)), conv1=nn.Conv1d(6, 6, 1)),
     SEQUENCE),
    ("Where, a mask", Function(
        lambda m, x: torch.where(m.own(x).round() != 0, m.conv1(x), x), own=Tensor((1, 1, 11), "buffer1"), conv1=nn.Conv1d(6, 6, 1)),
     SEQUENCE),
])
