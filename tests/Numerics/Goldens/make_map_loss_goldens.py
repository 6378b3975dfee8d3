#!/usr/bin/env python3
"""Computes map_losses.json beside it: losses on maps, whose pixels have targets of their own. See make_goldens.py."""
import numpy as np
import torch
from torch import nn

from make_goldens import BATCH, INPUT_STREAM, TARGET_STREAM, WEIGHT_STREAM, uniforms, write

SEQUENCE, IMAGE, VOLUME = (5, 7), (5, 3, 6), (5, 2, 3, 4)
WEIGHTS = torch.tensor([0.5, 2.0, 1.0, 0.25, 1.5], dtype=torch.float64)


def class_map(values, shape, ignored):
    """CrossEntropyObjective.Suit."""
    pixels = int(np.prod(shape[1:]))
    first = values.reshape(BATCH, -1)[:, :pixels]
    classes = ((first + 1) / 2 * shape[0]).astype(np.int64)
    classes[(np.arange(pixels) % 7 == 4)[None, :] | (first > 0.75)] = ignored
    return torch.from_numpy(classes.reshape((BATCH,) + shape[1:]))


def probabilities(values, shape):
    """BinaryCrossEntropyObjective.Suit."""
    values = values.reshape(BATCH, -1)
    certain = np.arange(values.shape[1]) % 3 == 0
    return torch.from_numpy(np.where(certain[None, :], values > 0, (values + 1) / 2).reshape((BATCH,) + shape))


def make(name, loss_of, shape):
    length = int(np.prod(shape))
    values = uniforms(TARGET_STREAM + 1, BATCH * length)
    if isinstance(loss_of, nn.CrossEntropyLoss):
        targets = class_map(values, shape, loss_of.ignore_index)
    elif isinstance(loss_of, nn.BCEWithLogitsLoss):
        targets = probabilities(values, shape)
    else:
        targets = torch.from_numpy(values.reshape((BATCH,) + shape))
    model = nn.PReLU(shape[0]).double()
    model.weight.data = torch.from_numpy(uniforms(WEIGHT_STREAM, shape[0]) * 2)
    loss = loss_of(model(torch.from_numpy(uniforms(INPUT_STREAM, BATCH * length).reshape((BATCH,) + shape))), targets)
    loss.backward()
    return {"name": name, "loss": loss.item(), "gradient": model.weight.grad.numpy().ravel().tolist()}


cross = nn.CrossEntropyLoss
write("map_losses", [make(*case) for case in [
    ("CrossEntropy, sequence", cross(), SEQUENCE),
    ("CrossEntropy, image", cross(), IMAGE),
    ("CrossEntropy, volume", cross(), VOLUME),
    ("CrossEntropy, sum", cross(reduction="sum"), IMAGE),
    ("CrossEntropy, smoothed", cross(label_smoothing=0.1), IMAGE),
    ("CrossEntropy, smoothed, sum", cross(label_smoothing=0.1, reduction="sum"), IMAGE),
    ("CrossEntropy, weighted", cross(weight=WEIGHTS), IMAGE),
    ("CrossEntropy, weighted, sum", cross(weight=WEIGHTS, reduction="sum"), SEQUENCE),
    ("CrossEntropy, smoothed, weighted", cross(weight=WEIGHTS, label_smoothing=0.25), IMAGE),
    ("CrossEntropy, 255 does not count", cross(ignore_index=255), IMAGE),
    ("CrossEntropy, class 1 does not count", cross(ignore_index=1, weight=WEIGHTS), IMAGE),
    ("MeanSquaredError, image", nn.MSELoss(), IMAGE),
    ("L1, volume", nn.L1Loss(reduction="sum"), VOLUME),
    ("SmoothL1, sequence", nn.SmoothL1Loss(beta=0.25), SEQUENCE),
    ("Huber, image", nn.HuberLoss(delta=0.25, reduction="sum"), IMAGE),
    ("BinaryCrossEntropy, image", nn.BCEWithLogitsLoss(), IMAGE),
    ("BinaryCrossEntropy, volume, sum", nn.BCEWithLogitsLoss(reduction="sum"), VOLUME),
]])
