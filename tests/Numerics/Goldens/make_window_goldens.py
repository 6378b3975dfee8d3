#!/usr/bin/env python3
"""Computes windows.json beside it; see make_goldens.py."""
from torch import nn

from make_goldens import make_operators

SEQUENCE, IMAGE, VOLUME = (6, 23), (6, 9, 11), (4, 5, 6, 7)


def padded(padding, module):
    """Padding as torch.nn.functional.pad has it: last axis first, both sides."""
    pad = {2: nn.ConstantPad1d, 4: nn.ConstantPad2d, 6: nn.ConstantPad3d}[len(padding)]
    return nn.Sequential(pad(padding, 0), module)


make_operators("windows", [
    ("Conv1D", nn.Conv1d(6, 5, 3), SEQUENCE),
    ("Conv1D, stride and padding", nn.Conv1d(6, 8, 4, 3, 2), SEQUENCE),
    ("Conv1D, one side", padded((2, 0), nn.Conv1d(6, 5, 3)), SEQUENCE),
    ("Conv1D, same", padded((1, 2), nn.Conv1d(6, 5, 4)), SEQUENCE),
    ("Conv1D, full", nn.Conv1d(6, 5, 3, padding=4, dilation=2), SEQUENCE),
    ("Conv1D, dilation", nn.Conv1d(6, 7, 3, padding=2, dilation=3), SEQUENCE),
    ("Conv1D, groups without bias", nn.Conv1d(6, 9, 3, 2, 1, groups=3, bias=False), SEQUENCE),
    ("Conv1D, depthwise", nn.Conv1d(17, 17, 5, padding=2, groups=17), (17, 40)),
    ("Conv1D, pointwise", nn.Conv1d(6, 16, 1), SEQUENCE),
    ("Conv1D, many channels", nn.Conv1d(40, 36, 3, padding=1), (40, 12)),
    ("Conv1D, pooled", nn.Sequential(nn.Conv1d(3, 6, 3, padding=1), nn.MaxPool1d(2)), (3, 40)),
    ("Conv1D, stacked", nn.Sequential(nn.Conv1d(3, 6, 3, 2, 1), nn.Tanh(), nn.Conv1d(6, 4, 5, padding=2)), (3, 40)),
    ("Conv2D", nn.Conv2d(6, 5, 3), IMAGE),
    ("Conv2D, rectangular", padded((0, 3, 1, 1), nn.Conv2d(6, 5, (2, 4), (2, 1))), IMAGE),
    ("Conv2D, dilation and groups", nn.Conv2d(6, 4, (3, 2), padding=(2, 0), dilation=(2, 3), groups=2), IMAGE),
    ("Conv2D, stride and padding", nn.Conv2d(6, 8, 4, 3, 2), IMAGE),
    ("Conv2D, one side", padded((0, 1, 2, 0), nn.Conv2d(6, 5, 3)), IMAGE),
    ("Conv2D, same", padded((1, 1, 1, 2), nn.Conv2d(6, 5, (4, 3))), IMAGE),
    ("Conv2D, full", nn.Conv2d(6, 3, (3, 2), padding=(2, 1)), IMAGE),
    ("Conv2D, groups without bias", nn.Conv2d(6, 9, 3, 2, 1, groups=3, bias=False), IMAGE),
    ("Conv2D, pointwise", nn.Conv2d(6, 16, 1), IMAGE),
    ("Conv3D", nn.Conv3d(4, 5, 3), VOLUME),
    ("Conv3D, padding", nn.Conv3d(4, 5, 3, padding=1), VOLUME),
    ("Conv3D, stride and padding", nn.Conv3d(4, 6, 3, 2, 1), VOLUME),
    ("Conv3D, rectangular", nn.Conv3d(4, 3, (1, 2, 4), (1, 2, 1), (0, 1, 2)), VOLUME),
    ("Conv3D, one side", padded((0, 1, 0, 2, 1, 0), nn.Conv3d(4, 3, (2, 3, 2))), VOLUME),
    ("Conv3D, same", padded((1, 1, 1, 2, 0, 1), nn.Conv3d(4, 3, (2, 4, 3))), VOLUME),
    ("Conv3D, full", nn.Conv3d(4, 2, (2, 3, 2), padding=(1, 2, 1)), VOLUME),
    ("Conv3D, dilation", nn.Conv3d(2, 4, 2, padding=1, dilation=3), (2, 7, 8, 9)),
    ("Conv3D, gaps", nn.Conv3d(4, 3, (2, 1, 2), (3, 2, 3)), VOLUME),
    ("Conv3D, groups without bias", nn.Conv3d(4, 6, 3, padding=1, groups=2, bias=False), VOLUME),
    ("Conv3D, depthwise", nn.Conv3d(17, 17, 3, padding=1, groups=17), (17, 3, 4, 5)),
    ("Conv3D, pointwise", nn.Conv3d(4, 16, 1), VOLUME),
    ("Conv3D, many channels", nn.Conv3d(33, 34, 3, padding=1), (33, 2, 4, 5)),
    ("Conv3D, wide", nn.Conv3d(2, 3, 3, padding=1), (2, 3, 4, 37)),
    ("Conv3D, pooled by planes", nn.Sequential(nn.Conv3d(4, 6, 3, padding=1), nn.MaxPool3d((1, 2, 2))), VOLUME),
    ("Conv3D, stacked", nn.Sequential(
        nn.Conv3d(4, 6, 3, padding=1), nn.Tanh(), nn.Conv3d(6, 4, 3, 2, 1), nn.Sigmoid(), nn.Conv3d(4, 3, 2)), VOLUME),
    ("MaxPool1D", nn.MaxPool1d(2), SEQUENCE),
    ("MaxPool1D, overlapping with padding", nn.MaxPool1d(3, 2, 1), SEQUENCE),
    ("MaxPool1D, ceil", nn.MaxPool1d(4, 4, 2, ceil_mode=True), SEQUENCE),
    ("MaxPool1D, long", nn.MaxPool1d(20, 9), (18, 64)),
    ("MaxPool2D", nn.MaxPool2d(2), IMAGE),
    ("MaxPool2D, overlapping with padding", nn.MaxPool2d(3, 2, 1), IMAGE),
    ("MaxPool2D, rectangular with ceil", nn.MaxPool2d((2, 4), (3, 2), (0, 2), ceil_mode=True), IMAGE),
    ("MaxPool3D", nn.MaxPool3d(2), VOLUME),
    ("MaxPool3D, overlapping with padding", nn.MaxPool3d(3, 2, 1), VOLUME),
    ("MaxPool3D, rectangular with ceil", nn.MaxPool3d((2, 1, 4), (3, 1, 2), (0, 0, 2), ceil_mode=True), VOLUME),
    ("MaxPool3D, tiles", nn.MaxPool3d(2), (18, 2, 4, 4)),
    ("MaxPool3D, one plane", nn.MaxPool3d(2, (1, 2, 2), (1, 0, 0)), (3, 1, 6, 6)),
    ("MaxPool1D, dilation", nn.MaxPool1d(3, 2, 1, 3), SEQUENCE),
    ("MaxPool2D, dilation", nn.MaxPool2d((3, 2), (2, 1), 1, (2, 3)), (18, 9, 11)),
    ("MaxPool2D, dilation of the columns", nn.MaxPool2d((2, 3), (2, 3), 0, (1, 2), ceil_mode=True), IMAGE),
    ("MaxPool3D, dilation", nn.MaxPool3d((2, 3, 2), (1, 2, 2), (0, 1, 0), (2, 2, 1)), VOLUME),
    ("AveragePool1D", nn.AvgPool1d(2), SEQUENCE),
    ("AveragePool1D, padding", nn.AvgPool1d(4, 3, 2), SEQUENCE),
    ("AveragePool1D, ceil, inside only", nn.AvgPool1d(3, 2, 1, ceil_mode=True, count_include_pad=False), SEQUENCE),
    ("AveragePool2D", nn.AvgPool2d(2), IMAGE),
    ("AveragePool2D, padding", nn.AvgPool2d(3, 2, 1), IMAGE),
    ("AveragePool2D, ceil, inside only", nn.AvgPool2d((3, 2), 2, 1, ceil_mode=True, count_include_pad=False), IMAGE),
    ("AveragePool2D, ceil with padding", nn.AvgPool2d((3, 4), (2, 3), (1, 2), ceil_mode=True), IMAGE),
    ("AveragePool3D", nn.AvgPool3d(2), VOLUME),
    ("AveragePool3D, padding", nn.AvgPool3d(3, 2, 1), VOLUME),
    ("AveragePool3D, ceil, inside only", nn.AvgPool3d((3, 2, 3), 2, 1, ceil_mode=True, count_include_pad=False), VOLUME),
    ("AveragePool3D, ceil with padding", nn.AvgPool3d((2, 3, 4), (3, 2, 3), (1, 1, 2), ceil_mode=True), VOLUME),
    ("AveragePool3D, two planes", nn.AvgPool3d((2, 3, 3), 1, 1), (3, 2, 6, 6)),
    ("AveragePool3D, by planes", nn.AvgPool3d((1, 3, 3), 1, (0, 1, 1)), (3, 1, 6, 6)),
])
