#!/usr/bin/env python3
"""Computes training.json beside it with PyTorch and torchvision in double precision.

    /usr/bin/python3 tests/Runtime/Goldens/make_goldens.py        (Debian: apt install python3-torchvision)

OptimizerTests.cs, ScheduleTests.cs and AugmentationTests.cs make the same optimizers, schedules and images under the same names.
"""
import json
import math
import os
import warnings

import torch
from torch.optim import SGD, Adam, AdamW, RMSprop
from torch.optim import lr_scheduler as S
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional as F

START = [0.5, -1.25, 2, 0, -0.03125]
STEPS = 10
ALL = dict(betas=(0.8, 0.95), eps=1e-4, weight_decay=0.1)

OPTIMIZERS = {
    "sgd": lambda p: SGD(p, 0.1),
    "sgd decay": lambda p: SGD(p, 0.1, weight_decay=0.01),
    "sgd momentum": lambda p: SGD(p, 0.1, momentum=0.9, weight_decay=0.01),
    "sgd dampening": lambda p: SGD(p, 0.1, momentum=0.9, dampening=0.3),
    "sgd nesterov": lambda p: SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adam": lambda p: Adam(p),
    "adam all": lambda p: Adam(p, 0.05, **ALL),
    "adamw": lambda p: AdamW(p),
    "adamw all": lambda p: AdamW(p, 0.05, **ALL),
    "rmsprop": lambda p: RMSprop(p),
    "rmsprop momentum": lambda p: RMSprop(p, 0.02, alpha=0.9, eps=1e-3, momentum=0.8, weight_decay=0.05),
    "rmsprop centered": lambda p: RMSprop(p, 0.02, alpha=0.9, eps=1e-3, centered=True),
    "rmsprop all": lambda p: RMSprop(p, 0.02, alpha=0.9, eps=1e-3, momentum=0.8, centered=True, weight_decay=0.05),
    "sgd clip norm": lambda p: SGD(p, 0.1, momentum=0.9),
    "adam clip value": lambda p: Adam(p, 0.05),
}

SCHEDULES = {
    "constant": lambda o: S.LambdaLR(o, lambda t: 1),
    "step": lambda o: S.StepLR(o, 7),
    "step half": lambda o: S.StepLR(o, 3, 0.5),
    "multistep": lambda o: S.MultiStepLR(o, [4, 5, 5, 20], 0.3),
    "exponential": lambda o: S.ExponentialLR(o, 0.93),
    "linear": lambda o: S.LinearLR(o, 1 / 3, 1, 5),
    "linear down": lambda o: S.LinearLR(o, 1, 0.25, 12),
    "cosine": lambda o: S.CosineAnnealingLR(o, 30),
    "cosine min": lambda o: S.CosineAnnealingLR(o, 12, 0.01),
    "one cycle": lambda o: S.OneCycleLR(o, 0.5, 30, cycle_momentum=False),
    "one cycle all": lambda o: S.OneCycleLR(o, 0.5, 30, pct_start=0.1, div_factor=10, final_div_factor=50, cycle_momentum=False),
    "warmup step": lambda o: S.SequentialLR(o, [S.LinearLR(o, 1 / 3, 1, 4), S.StepLR(o, 5)], [4]),
    "warmup cosine": lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.01, 1, 6), S.CosineAnnealingLR(o, 24)], [6]),
    "plateau": lambda o: S.ReduceLROnPlateau(o, patience=2),
    "plateau all": lambda o: S.ReduceLROnPlateau(o, factor=0.5, patience=1, threshold=0.05, cooldown=2, min_lr=0.02),
    "plateau max": lambda o: S.ReduceLROnPlateau(o, mode="max", factor=0.3, patience=0, threshold=0.01),
}

# One cycle over the ten steps, with momentum as by default.
CYCLES = {
    "sgd momentum": lambda o: S.OneCycleLR(o, 0.2, STEPS),
    "sgd nesterov": lambda o: S.OneCycleLR(o, 0.2, STEPS, base_momentum=0.5, max_momentum=0.8),
    "adam all": lambda o: S.OneCycleLR(o, 0.2, STEPS),
    "adamw": lambda o: S.OneCycleLR(o, 0.2, STEPS, pct_start=0.5),
    "rmsprop all": lambda o: S.OneCycleLR(o, 0.2, STEPS),
}

BILINEAR = InterpolationMode.BILINEAR

TRANSFORMS = {
    "rotate": lambda x: F.affine(x, 30, [0, 0], 1, [0], BILINEAR),
    "shift": lambda x: F.affine(x, 0, [2, -1], 1, [0], BILINEAR),
    "shrink": lambda x: F.affine(x, 0, [0, 0], 0.8, [0], BILINEAR),
    "affine": lambda x: F.affine(x, -17, [1, 2], 1.3, [0], BILINEAR),
    "shear": lambda x: F.affine(x, 10, [1, 0], 1.1, [20, -8], BILINEAR),
    "flip": lambda x: F.hflip(x),
    "turn over": lambda x: F.vflip(x),
    "crop": lambda x: F.resized_crop(x, 1, 2, 5, 6, list(x.shape[1:])),
    "brighter": lambda x: F.adjust_brightness(x, 1.4),
    "darker": lambda x: F.adjust_brightness(x, 0.3),
    "contrast": lambda x: F.adjust_contrast(x, 1.7),
    "flat": lambda x: F.adjust_contrast(x, 0.2),
    "colourful": lambda x: F.adjust_saturation(x, 1.8),
    "pale": lambda x: F.adjust_saturation(x, 0.3),
    "hue": lambda x: F.adjust_hue(x, 0.2),
    "hue back": lambda x: F.adjust_hue(x, -0.45),
}


def image():
    """3 channels, 7 rows, 9 columns."""
    return (torch.arange(3 * 7 * 9, dtype=torch.float64) * 37 % 101 / 101).reshape(3, 7, 9)


def gradient(p, t):
    i = torch.arange(p.numel(), dtype=torch.float64)
    return 0.5 * torch.sin(1 + i + 3 * t) + 0.25 * p.detach()


def metric(t):
    """A loss that falls, flattens, and falls again a little."""
    return 2 / (1 + 0.4 * min(t, 9)) + 0.01 * math.sin(t) - (0.2 if t > 22 else 0)


def train(name, schedule=None):
    """The parameters in the end, and the momentum of each step."""
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = OPTIMIZERS[name]([p])
    scheduler = schedule(optimizer) if schedule else None
    momenta = []
    for t in range(STEPS):
        p.grad = gradient(p, t)
        if "clip norm" in name:
            torch.nn.utils.clip_grad_norm_([p], 0.7)
        if "clip value" in name:
            torch.nn.utils.clip_grad_value_([p], 0.2)
        group = optimizer.param_groups[0]
        momenta.append(group["betas"][0] if "betas" in group else group["momentum"])
        optimizer.step()
        if scheduler and t < STEPS - 1:
            scheduler.step()
    return p.tolist(), momenta


def rates(name):
    optimizer = SGD([torch.zeros(1, requires_grad=True)], 0.1)
    scheduler = SCHEDULES[name](optimizer)
    result = []
    for t in range(30):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if t < 29:
            if name.startswith("plateau"):
                scheduler.step(metric(t))
            else:
                scheduler.step()
    return result


def main():
    warnings.simplefilter("ignore")
    goldens = {
        "optimizers": {name: train(name)[0] for name in OPTIMIZERS},
        "cycles": {name: train(name, f)[0] for name, f in CYCLES.items()},
        "momenta": {name: train(name, f)[1] for name, f in CYCLES.items()},
        "schedules": {name: rates(name) for name in SCHEDULES},
        "transforms": {name: [round(x, 12) for x in f(image()).flatten().tolist()] for name, f in TRANSFORMS.items()},
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "training.json")
    with open(path, "w") as file:
        # A line for each list.
        sections = (
            json.dumps(section) + ": {\n  " + ",\n  ".join(f"{json.dumps(name)}: {json.dumps(values)}" for name, values in lists.items()) + "\n}"
            for section, lists in goldens.items())
        file.write("{\n" + ",\n".join(sections) + "\n}\n")


if __name__ == "__main__":
    main()
