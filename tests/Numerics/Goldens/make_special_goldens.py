#!/usr/bin/env python3
"""Computes special.json beside it, what becomes of infinities and of what is not a number; see make_goldens.py."""
import json
import os

import torch
from torch import nn

NAN, INF = float("nan"), float("inf")
# Many copies, since PyTorch's vector loops and those for the rest do not agree on the derivative where x is not a number.
COPIES = 64
POINTS = [NAN, INF, -INF, 0.0, -0.0]


class Without(nn.Module):
    """A function whose gradient is 0, where PyTorch has none."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x).double() + Zero.apply(x)


class Zero(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.new_zeros(())

    @staticmethod
    def backward(ctx, gradient):
        return gradient.new_zeros(ctx.shape)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.forward = function


def first(x, k, largest):
    """The first k of a stable sort along the columns."""
    return [part.narrow(-1, 0, k) for part in x.sort(dim=-1, descending=largest, stable=True)]


def gather(x):
    """Of the first row, at the indices in the second; what is not there is not a number, where PyTorch throws."""
    values, index = x[..., :1, :], x[..., 1:, :].detach()
    counted = torch.where(index.trunc() < 0, index.trunc() + x.shape[-1], index.trunc())
    inside = (counted >= 0) & (counted < x.shape[-1])
    chosen = torch.gather(values, -1, torch.where(inside, counted, torch.zeros_like(counted)).long())
    return torch.where(inside, chosen, torch.full_like(chosen, NAN))


def points(grid):
    """As PyTorch documents it; its derivatives at NaN read beyond the memory."""
    return torch.where(grid.isnan(), -torch.ones_like(grid), grid)


ACTIVATIONS = {
    "ReLU": nn.ReLU(), "ReLU6": nn.ReLU6(), "LeakyReLU": nn.LeakyReLU(), "LeakyReLU(-0.5)": nn.LeakyReLU(-0.5), "ELU": nn.ELU(),
    "ELU(-0.5)": nn.ELU(-0.5), "SELU": nn.SELU(), "GELU": nn.GELU(), "GELU(Approximate = true)": nn.GELU(approximate="tanh"),
    "SiLU": nn.SiLU(), "Sigmoid": nn.Sigmoid(), "Tanh": nn.Tanh(), "Softplus": nn.Softplus(), "Softplus(Beta = 2, Threshold = 3)": nn.Softplus(2, 3),
    "LogSigmoid": nn.LogSigmoid(), "HardSwish": nn.Hardswish(), "HardSigmoid": nn.Hardsigmoid(), "Hardtanh": nn.Hardtanh(), "PReLU": nn.PReLU(),
    "Mish": nn.Mish(), "Softsign": nn.Softsign(), "Tanhshrink": nn.Tanhshrink(), "CELU": nn.CELU(), "Hardshrink": nn.Hardshrink(),
    "Softshrink": nn.Softshrink(), "Threshold(0.1, 20)": nn.Threshold(0.1, 20),
    "Not": Without(torch.logical_not),
}
POOLS = [
    ("MaxPool1D(4)", nn.MaxPool1d(4), (8,), [1, NAN, 3, NAN, NAN, INF, 3, 2]),
    ("MaxPool1D(2)", nn.MaxPool1d(2), (4,), [-INF, -INF, -INF, 1]),
    ("MaxPool1D(3, Stride = 1)", nn.MaxPool1d(3, 1), (6,), [-INF, NAN, 1, NAN, INF, INF]),
    ("MaxPool2D(2)", nn.MaxPool2d(2), (2, 4), [1, NAN, NAN, 2, NAN, 4, 3, 5]),
    ("MaxPool2D(2, Stride = 1)", nn.MaxPool2d(2, 1), (3, 3), [NAN, 2, 1, 3, NAN, 5, -INF, -INF, -INF]),
    ("MaxPool2D(3, Stride = 2, Padding = 1)", nn.MaxPool2d(3, 2, 1), (3, 3), [-INF] * 9),
    ("MaxPool2D(3, Stride = 2, Padding = 1, CeilMode = true)", nn.MaxPool2d(3, 2, 1, ceil_mode=True), (4, 4), [-INF] * 15 + [NAN]),
    ("MaxPool3D(2)", nn.MaxPool3d(2), (2, 2, 2), [1, NAN, 2, 3, NAN, 1, 2, 3]),
    ("MaxPool3D(3, Stride = 2, Padding = 1)", nn.MaxPool3d(3, 2, 1), (3, 3, 3), [-INF] * 27),
    ("GlobalMaxPool1D", nn.AdaptiveMaxPool1d(1), (5,), [1, NAN, 3, NAN, 2]),
    ("GlobalMaxPool2D", nn.AdaptiveMaxPool2d(1), (2, 2), [-INF] * 4),
    ("AdaptiveMaxPool2D(2)", nn.AdaptiveMaxPool2d(2), (3, 3), [NAN, 1, -INF, 2, NAN, -INF, 3, -INF, -INF]),
    ("AdaptiveMaxPool3D(1)", nn.AdaptiveMaxPool3d(1), (2, 2, 2), [1, NAN, 2, 3, NAN, 1, 2, 3]),
    ("AveragePool2D(2)", nn.AvgPool2d(2), (2, 6), [1, INF, -INF, INF, NAN, 1, 3, 4, 5, 6, 7, 8]),
    ("GlobalAveragePool2D", nn.AdaptiveAvgPool2d(1), (9, 9), [INF] + [1] * 80),
    ("ArgMax(Axis = Axes.Width)", Without(lambda x: x.argmax(2, True)), (8,), [1, NAN, 3, NAN, NAN, INF, 3, 2]),
    ("ArgMax(Axis = Axes.Width)", Without(lambda x: x.argmax(2, True)), (4,), [-INF] * 4),
    ("ArgMax(Axis = Axes.Width)", Without(lambda x: x.argmax(2, True)), (5,), [-0.0, 0.0, -1, INF, INF]),
    ("ArgMin(Axis = Axes.Width)", Without(lambda x: x.argmin(2, True)), (8,), [INF, -INF, 3, NAN, NAN, -INF, 3, 2]),
    ("TopK(6, Axis = Axes.Width)", Function(lambda x: first(x, 6, True)[0]), (8,), [1, NAN, 3, NAN, -INF, INF, 3, 2]),
    ("TopK(7, Axis = Axes.Width, Largest = false)", Function(lambda x: first(x, 7, False)[0]), (8,),
     [1, NAN, 3, NAN, -INF, INF, 3, 2]),
    ("TopK(7, Axis = Axes.Width, Indices = true)", Without(lambda x: first(x, 7, True)[1]), (8,),
     [1, NAN, 3, NAN, -INF, INF, 3, 2]),
    ("TopK(8, Axis = Axes.Width, Largest = false, Indices = true)", Without(lambda x: first(x, 8, False)[1]), (8,),
     [INF, NAN, 3, NAN, -INF, INF, 0.0, -0.0]),
    ("Branch, Slice(0, 1, Axis = Axes.Height), Branch, Slice(1, 2, Axis = Axes.Height), Gather(Axis = Axes.Width)",
     Function(gather), (2, 8), [1, INF, 3, 4, 5, 6, 7, 8, NAN, 8, -9, -8, 7.9, INF, -0.5, 1]),
    *[(f"Branch, Slice(0, 2, Axis = Axes.Height), Branch, Slice(2, 4, Axis = Axes.Height), Reshape(1, 2, 2), GridSample{arguments}",
       Function(lambda x, padding=padding, align=align: nn.functional.grid_sample(
           x[:, :, :2], points(x[:, :, 2:].reshape(-1, 1, 2, 2)), "bilinear", padding, align)),
       (4, 2), [1, 2, 3, 5, NAN, 0.25, 0.25, NAN])
      for arguments, padding, align in [
          ("", "zeros", False), ("(PaddingMode = GridPaddingMode.Border, AlignCorners = true)", "border", True)]],
    ("ArgMin(Axis = Axes.Height)", Without(lambda x: x.argmin(2, True)), (3, 2), [INF, 0.0, INF, -0.0, INF, 1]),
    ("L2Pool2D(2)", nn.LPPool2d(2, 2), (2, 6), [0, 0, INF, 1, NAN, 1, 0, 0, 2, 3, 4, 5]),
]


def names(values):
    return [v if v - v == 0 else "NaN" if v != v else "Infinity" if v > 0 else "-Infinity" for v in values.flatten().tolist()]


def run(module, x, copies=1):
    """Outputs, and the input's gradient where that of the outputs is 1, 2, …, of the first of several copies."""
    x = x.repeat(copies, 1, *[1] * (x.dim() - 2)).requires_grad_(True)
    y = module.double()(x)
    gradient = torch.arange(1, y[:1].numel() + 1, dtype=torch.float64).reshape(y[:1].shape)
    y.backward(gradient.repeat(copies, 1, *[1] * (y.dim() - 2)))
    return {"values": names(y[:1].detach()), "gradients": names(x.grad[:1])}


def tensor(values, shape):
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


# What is at the ends of the range of floats, and at kinks.
LARGEST, SMALLEST = 3.4028234663852886e38, 1.1754943508222875e-38
EDGES = POINTS + [LARGEST, -LARGEST, SMALLEST, -SMALLEST, 1, -1, 2, -2, 3, -3, 6, -6, 0.5, -0.5, 0.1, -0.1, 1e19, -1e19, 1e-13, -1e-13, 20, -20, 87, -87,
                  100, -100]
FUNCTIONS = {
    "Exp": torch.exp, "Log": torch.log, "Sqrt": torch.sqrt, "Abs": torch.abs, "Clip(Min = -1, Max = 1)": lambda x: torch.clamp(x, -1, 1),
    "Affine(2, 1)": lambda x: 2 * x + 1,
    **{f"Pow({p})": (lambda p: lambda x: torch.pow(x, p))(p) for p in [-3, -2, -1, -0.5, 0.5, 1.5, 2, 3, 4.5, -1.5, 9, -9]},
}
JOINS = {
    "Add": torch.add, "Subtract": torch.sub, "Multiply": torch.mul, "Divide": torch.div, "Maximum": torch.maximum, "Minimum": torch.minimum,
}
SCALES = [1.0, 1e20]
PAIRED = [NAN, INF, -INF, 0.0, -0.0, LARGEST, -LARGEST, SMALLEST, 1, -1, 1e30, -1e-30]


def edges(function):
    """Values and derivatives in single precision at the edges, of the first of several copies."""
    x = torch.tensor(EDGES).repeat(COPIES, 1).requires_grad_(True)
    y = function(x)
    y.backward(torch.ones_like(y))
    return {"values": names(y[0].detach()), "gradients": names(x.grad[0])}


def joined(function, scale):
    """The same for all pairs, where the gradient of the outputs is a number."""
    left = torch.tensor([a for a in PAIRED for b in PAIRED]).repeat(COPIES, 1).requires_grad_(True)
    right = torch.tensor([b for a in PAIRED for b in PAIRED]).repeat(COPIES, 1).requires_grad_(True)
    y = function(left, right)
    y.backward(torch.full_like(y, scale))
    return {"values": names(y[0].detach()), "gradients": names(left.grad[0]), "others": names(right.grad[0])}


golden = {
    "edges": names(torch.tensor(EDGES)),
    "functions": {name: edges(function) for name, function in FUNCTIONS.items()}
    | {name: edges(module.float()) for name, module in ACTIVATIONS.items()},
    "paired": names(torch.tensor(PAIRED)),
    "scales": SCALES,
    "joins": {name: [joined(function, scale) for scale in SCALES] for name, function in JOINS.items()},
    "points": names(torch.tensor(POINTS, dtype=torch.float64)),
    "activations": {name: run(module, tensor(POINTS, (1, 1, len(POINTS))), COPIES) for name, module in ACTIVATIONS.items()},
    "pools": [
        {"layer": layer, "extents": list(extents), "inputs": names(tensor(values, extents)), **run(module, tensor(values, (1, 1) + extents))}
        for layer, module, extents, values in POOLS
    ],
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "special.json"), "w", encoding="utf-8") as file:
    json.dump(golden, file, separators=(",", ":"))
    file.write("\n")
