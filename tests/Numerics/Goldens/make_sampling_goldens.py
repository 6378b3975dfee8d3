#!/usr/bin/env python3
"""Computes sampling.json beside it; see make_goldens.py."""
import torch
from torch import nn

from make_goldens import make_operators

FEATURES, SEQUENCE, IMAGE, VOLUME, LONG = (21,), (6, 11), (19, 5, 7), (6, 3, 4, 5), (2, 90)


class Function(nn.Module):
    def __init__(self, function, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.function = function

    def forward(self, x):
        return self.function(self, x)


def top(k, axis=1, largest=True):
    return Function(lambda m, x: torch.topk(x, k, axis, largest)[0])


def first(x, k, axis, largest=True):
    """The indices of a stable sort: of equal elements, topk takes any."""
    return x.sort(dim=axis, descending=largest, stable=True)[1].narrow(axis, 0, k)


def indices(k, axis=1, largest=True, before=lambda x: x):
    """With gradients of 0, where PyTorch has none."""
    return Function(lambda m, x: first(before(x), k, axis, largest).double() + 0 * x.narrow(axis, 0, k))


def gather(x, axis, index):
    index = index.trunc().long()
    index = torch.where(index < 0, index + x.shape[axis], index)
    shape = list(x.shape)
    shape[axis] = index.shape[axis]
    return torch.gather(x, axis, index.expand(shape))


class Points(nn.Module):
    def __init__(self):
        super().__init__()
        self.param1 = nn.Parameter(torch.zeros(4, 3, 2))
        self.conv1 = nn.Conv2d(19, 3, 1)

    def forward(self, x):
        grid = self.param1.expand(x.shape[0], 4, 3, 2)
        return self.conv1(torch.tanh(nn.functional.grid_sample(x, grid, align_corners=False)))


class Rows(nn.Module):
    """Rows of a table at indices that are computed from the input."""

    def __init__(self, count, features, index, then=()):
        super().__init__()
        self.embedding = nn.Embedding(count, features)
        self.index = index
        self.then = nn.Sequential(*then)

    def forward(self, x):
        index = self.index(x).trunc().long()
        index = torch.where(index < 0, index + self.embedding.num_embeddings, index)
        index = index if index.dim() == 2 else index[:, 0]
        return self.then(self.embedding(index).movedim(-1, 1)) + 0 * x.sum()


MODES = [(mode, padding, align) for mode in ("bilinear", "nearest", "bicubic") for padding in ("zeros", "border", "reflection")
         for align in (False, True)]


def name(mode, padding, align):
    return f"{mode.capitalize()} {padding.capitalize()}{' aligned' if align else ''}"


def sample(mode, padding, align):
    return Function(
        lambda m, x: nn.functional.grid_sample(m.a(x), m.b(x).permute(0, 2, 3, 1), mode, padding, align),
        a=nn.Conv2d(19, 4, 1), b=nn.Conv2d(19, 2, 1))


def sample_volume(mode, padding, align):
    return Function(
        lambda m, x: nn.functional.grid_sample(x, m.a(x).permute(0, 2, 3, 4, 1), mode, padding, align), a=nn.Conv3d(6, 3, 1))


make_operators("sampling", [
    ("top of channels", top(4), IMAGE),
    ("top of features", nn.Sequential(nn.Linear(21, 9), top(3), nn.Linear(3, 5)), FEATURES),
    ("bottom of rows", top(3, 2, False), IMAGE),
    ("all of a sequence, sorted", top(11, 2), SEQUENCE),
    ("top planes, activated", nn.Sequential(top(2, 2), nn.Tanh(), nn.Conv3d(6, 4, 1)), VOLUME),
    ("indices of the top", indices(5), IMAGE),
    ("indices of whole numbers", indices(7, 2, before=lambda x: (2 * x).round()), SEQUENCE),
    ("indices of the bottom of whole numbers", indices(20, 1, False, lambda x: (3 * x).floor()), FEATURES),
    ("gather the top", Function(lambda m, x: gather(x, 1, first(x, 3, 1))), IMAGE),
    ("gather columns, activated", nn.Sequential(
        Function(lambda m, x: gather(x, 3, first(x, 2, 3))), nn.Tanh(), nn.Conv2d(19, 3, 1)), IMAGE),
    ("gather tokens", Function(
        lambda m, x: gather(m.a(x), 2, first(m.b(x), 4, 2)) + 0 * m.b(x).sum(), a=nn.Conv1d(6, 7, 1), b=nn.Conv1d(6, 1, 1)), SEQUENCE),
    ("gather features", Function(
        lambda m, x: gather(torch.tanh(x), 1, 4 * m.a(x)) + 0 * m.a(x).sum(), a=nn.Linear(21, 8)), FEATURES),
    ("gather one feature many times", Function(lambda m, x: gather(torch.tanh(x), 2, 0.4 * x + 0.6)), LONG),
    ("gather planes, from the end", Function(lambda m, x: gather(x, 2, x - 1.5)), VOLUME),
    *[(name(*mode), sample(*mode), IMAGE) for mode in MODES],
    ("Bilinear points of their own, activated", Points(), IMAGE),
    ("Bicubic of one row", Function(lambda m, x: nn.functional.grid_sample(
        x, m.a(x).permute(0, 2, 3, 1), "bicubic", "reflection", True), a=nn.Conv2d(3, 2, 1)), (3, 1, 6)),
    ("rows of a table", Rows(7, 5, lambda x: 3 * x), FEATURES),
    ("one row many times, activated", Rows(3, 4, lambda x: 0.4 * x[:, :1] + 0.6, [nn.Tanh(), nn.Conv1d(4, 3, 1)]), LONG),
    ("rows for pixels", Rows(19, 6, lambda x: first(x, 1, 1), [nn.Conv2d(6, 2, 3)]), IMAGE),
    ("rows for places, from the end", Rows(6, 3, lambda x: first(x, 1, 1) - 6), VOLUME),
    *[(name(*mode) + " of a volume", sample_volume(*mode), VOLUME) for mode in MODES if mode[0] != "bicubic"],
])
