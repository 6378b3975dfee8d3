#!/usr/bin/env python3
"""Computes quantization.json beside it; see make_goldens.py."""
import math

import torch
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE, VOLUME = (21,), (6, 11), (6, 5, 7), (6, 3, 4, 5)


class FakeQuantize(nn.Module):
    """PyTorch's own functions know floats only, and multiply by 1/scale. ONNX divides, and so does this."""

    def __init__(self, low, high, shape, channels=False, learned=False):
        super().__init__()
        self.low, self.high, self.channels = low, high, channels
        count = shape[0] if channels else 1
        if learned:
            self.scale = nn.Parameter(torch.ones(count))
        else:
            self.register_buffer("scale", torch.ones(count))
        self.register_buffer("zero_point", torch.zeros(count))
        self.factor = 1 / math.sqrt(math.prod(shape[1:] if channels else shape) * high)

    def forward(self, x):
        scaled = self.scale * self.factor
        scale = scaled + (self.scale - scaled).detach()
        zero = self.zero_point
        if self.channels:
            scale, zero = (p.reshape((-1,) + (1,) * (x.dim() - 2)) for p in (scale, zero))
        ratio = x / scale
        nearest = ratio.round().detach()
        integers = nearest + zero
        inside = (integers >= self.low) & (integers <= self.high)
        through = nearest + (ratio - ratio.detach())
        return torch.where(inside, through, integers.clamp(self.low, self.high) - zero) * scale


def check():
    """The same as PyTorch's functions, but for numbers in the middle of two."""
    x = torch.randn(20000, generator=torch.Generator().manual_seed(1), requires_grad=True)
    own = FakeQuantize(-8, 7, (20000,), learned=True)
    own.scale.data.fill_(0.23)
    own.zero_point.fill_(2)
    own.factor = 1
    y = own(x)
    y.sum().backward()
    ours, of_scale = x.grad.clone(), own.scale.grad.clone()
    x.grad = None
    scale, zero = torch.tensor([0.23], requires_grad=True), torch.tensor([2.0], requires_grad=True)
    theirs = torch._fake_quantize_learnable_per_tensor_affine(x, scale, zero, -8, 7, 1.0)
    theirs.sum().backward()
    assert (theirs - y).abs().max() < 1e-6 and torch.equal(ours, x.grad), "another rounding"
    assert (of_scale - scale.grad).abs() < 1e-4 * scale.grad.abs(), (of_scale, scale.grad)


check()
make_operators("quantization", [
    ("uint8", FakeQuantize(0, 255, IMAGE), IMAGE),
    ("int8", FakeQuantize(-128, 127, IMAGE), IMAGE),
    ("4 bits", FakeQuantize(-8, 7, IMAGE), IMAGE),
    ("channels", FakeQuantize(-8, 7, IMAGE, channels=True), IMAGE),
    ("learned", FakeQuantize(-8, 7, IMAGE, learned=True), IMAGE),
    ("learned, channels", FakeQuantize(0, 15, IMAGE, channels=True, learned=True), IMAGE),
    ("features", FakeQuantize(-16, 15, FEATURES, channels=True, learned=True), FEATURES),
    ("sequence", FakeQuantize(-8, 7, SEQUENCE, channels=True, learned=True), SEQUENCE),
    ("volume", FakeQuantize(-8, 7, VOLUME, channels=True, learned=True), VOLUME),
])
