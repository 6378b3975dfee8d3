#!/usr/bin/env python3
"""Computes the .json files beside it with PyTorch in double precision.

    /usr/bin/python3 tests/Numerics/Goldens/make_goldens.py        (Debian: apt install python3-torch)

Weights, inputs and targets come from the counter-based formula of Oracle/Formula.cs, which both sides
compute; only results are stored, and of what is large only checksums and samples.
"""
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

BATCH = 20  # not a multiple of 16, 8 lanes
STEPS = 10
SGD_RATE, SGD_MOMENTUM, ADAM_RATE = 0.05, 0.9, 0.001
# Streams in whose first batch no ReLU and no maximum is within single precision's rounding of a kink, where gradients jump.
WEIGHT_STREAM, INPUT_STREAM, TARGET_STREAM, CHECKSUM_STREAM = 100, 10040, 110040, 7
ACTIVATION_STREAM = 8
OPERATOR_BATCH, GRADIENT_STREAM = 5, 120040


def bits(stream, count):
    with np.errstate(over="ignore"):
        index = np.arange(1, count + 1, dtype=np.uint64)
        z = np.uint64(stream) * np.uint64(0xD1342543DE82EF95) + index * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniforms(stream, count):
    """Multiples of 2^-23 in [-1, 1), exact in single precision."""
    return (bits(stream, count) >> np.uint64(40)).astype(np.float64) / (1 << 23) - 1


def classes(stream, count, n):
    return ((bits(stream, count) >> np.uint64(33)) % np.uint64(n)).astype(np.int64)


def scale(shape):
    """Weights: the largest power of two up to sqrt(3 / fan-in). Biases: 1/8."""
    if len(shape) == 1:
        return 0.125
    fan_in, k = int(np.prod(shape[1:])), 0
    while 4 ** k * 3 < fan_in:
        k += 1
    return 2.0 ** -k


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def net():
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 128), nn.ReLU(), nn.Linear(128, 84), nn.ReLU(), nn.Linear(84, 10))


class Residual(nn.Module):
    """Models.Residual: the parameters stand in the order of the declaration."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1)
        self.conv3 = nn.Conv2d(6, 6, 3, padding=1)
        self.conv4 = nn.Conv2d(6, 16, 3, stride=2, padding=1)
        self.conv5 = nn.Conv2d(16, 16, 3, padding=1)
        self.conv6 = nn.Conv2d(6, 16, 1, stride=2, bias=False)
        self.dense1 = nn.Linear(256, 10)

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 2)
        x = F.relu(self.conv3(F.relu(self.conv2(F.relu(x)))) + x)
        x = F.relu(self.conv5(F.relu(self.conv4(x))) + self.conv6(x))
        return self.dense1(F.max_pool2d(x, 2, ceil_mode=True).flatten(1))


class Inception(nn.Module):
    """Models.Inception."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 13, 3, stride=2)
        self.conv2 = nn.Conv2d(16, 5, 1)
        self.conv3 = nn.Conv2d(16, 4, 1)
        self.conv4 = nn.Conv2d(4, 7, 3, padding=1)
        self.conv5 = nn.Conv2d(16, 2, 1)
        self.conv6 = nn.Conv2d(2, 4, 5, padding=2)
        self.conv7 = nn.Conv2d(16, 6, 1)
        self.dense1 = nn.Linear(264, 10)

    def forward(self, x):
        # 17x14, stride 2, Same: the odd column goes to the end.
        x = F.relu(torch.cat([self.conv1(F.pad(x, (0, 1, 1, 1))), F.max_pool2d(x, 2, ceil_mode=True)], 1))
        x = torch.cat([
            self.conv2(x),
            self.conv4(F.relu(self.conv3(x))),
            self.conv6(F.relu(self.conv5(x))),
            self.conv7(F.max_pool2d(x, 3, stride=1, padding=1))], 1)
        return self.dense1(F.avg_pool2d(F.relu(x), 3, stride=2).flatten(1))


def digest(tensor):
    values = tensor.detach().numpy().ravel()
    count = min(16, values.size)
    return {
        "sum": float(values.sum()),
        "checksum": float((values * uniforms(CHECKSUM_STREAM, values.size)).sum()),
        "samples": [float(values[j * values.size // count]) for j in range(count)],
    }


def make(name, build, shape, softmax):
    keys = [key for key, _ in build().named_parameters()]
    if isinstance(build(), nn.Sequential):
        keys = ["conv1", "conv2", "dense1", "dense2", "dense3"]
        keys = [key + suffix for key in keys for suffix in (".weight", ".bias")]

    def fresh():
        model = build().double()
        for i, parameter in enumerate(model.parameters()):
            values = uniforms(WEIGHT_STREAM + i, parameter.numel()) * scale(parameter.shape)
            parameter.data = torch.from_numpy(values.reshape(parameter.shape))
        return model

    def batch(step):
        length = int(np.prod(shape))
        inputs = uniforms(INPUT_STREAM + step, BATCH * length).reshape((BATCH,) + shape)
        return torch.from_numpy(inputs), torch.from_numpy(classes(TARGET_STREAM + step, BATCH, 10))

    loss_of = nn.CrossEntropyLoss()
    model = fresh()
    inputs, targets = batch(0)
    inputs.requires_grad_()
    logits = model(inputs)
    loss = loss_of(logits, targets)
    loss.backward()
    result = {
        "network": name,
        "batch": BATCH,
        "outputs": (logits.softmax(1) if softmax else logits).detach().numpy().ravel().tolist(),
        "loss": loss.item(),
        "gradients": {key: digest(p.grad) for key, p in zip(keys, model.parameters())},
    }
    for kind in ("sgd", "adam"):
        model = fresh()
        optimizer = (torch.optim.SGD(model.parameters(), SGD_RATE, momentum=SGD_MOMENTUM) if kind == "sgd"
                     else torch.optim.Adam(model.parameters(), ADAM_RATE))
        losses = []
        for step in range(STEPS):
            inputs, targets = batch(step)
            optimizer.zero_grad()
            loss = loss_of(model(inputs), targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        result[kind] = {"losses": losses, "weights": {key: digest(p) for key, p in zip(keys, model.parameters())}}

    write(name, result)


def make_losses():
    """Loss and weight gradient of a dense layer from 4 to 5 under each loss, on a batch of 20."""
    weights = torch.tensor([0.5, 2.0, 1.0, 0.25, 1.5], dtype=torch.float64)
    cross, margin, smooth, binary = nn.CrossEntropyLoss, nn.MultiMarginLoss, nn.SmoothL1Loss, nn.BCEWithLogitsLoss
    # Names are those of GoldenLossTests.cs.
    on_classes = {
        "CrossEntropy": cross(),
        "CrossEntropy, sum": cross(reduction="sum"),
        "CrossEntropy, smoothed": cross(label_smoothing=0.1),
        "CrossEntropy, weighted": cross(weight=weights),
        "CrossEntropy, weighted, sum": cross(weight=weights, reduction="sum"),
        "CrossEntropy, smoothed, weighted": cross(weight=weights, label_smoothing=0.25),
        "Hinge": margin(),
        "Hinge, margin": margin(margin=0.5),
        "Hinge, weighted": margin(weight=weights),
        "Hinge, weighted, sum": margin(weight=weights, reduction="sum"),
    }
    on_values = {
        "MeanSquaredError": nn.MSELoss(),
        "L2": nn.MSELoss(reduction="sum"),
        "MeanAbsoluteError": nn.L1Loss(),
        "L1": nn.L1Loss(reduction="sum"),
        "SmoothL1": smooth(),
        "SmoothL1, beta": smooth(beta=0.25),
        "SmoothL1, beta 0, sum": smooth(beta=0, reduction="sum"),
        "Huber": nn.HuberLoss(),
        "Huber, delta": nn.HuberLoss(delta=0.25, reduction="sum"),
    }
    on_probabilities = {"BinaryCrossEntropy": binary(), "BinaryCrossEntropy, sum": binary(reduction="sum")}
    inputs = torch.from_numpy(uniforms(INPUT_STREAM, BATCH * 4).reshape(BATCH, 4))
    indices = torch.from_numpy(classes(TARGET_STREAM, BATCH, 5))
    values = torch.from_numpy(uniforms(TARGET_STREAM + 1, BATCH * 5).reshape(BATCH, 5))
    # Every third answer is certain.
    certain = torch.arange(5).expand(BATCH, 5) % 3 == 0
    probabilities = torch.where(certain, (values > 0).double(), (values + 1) / 2)
    result = []
    for losses, targets in ((on_classes, indices), (on_values, values), (on_probabilities, probabilities)):
        for name, loss_of in losses.items():
            model = nn.Linear(4, 5, bias=False).double()
            model.weight.data = torch.from_numpy(uniforms(WEIGHT_STREAM, 20).reshape(5, 4) * 2)
            loss = loss_of(model(inputs), targets)
            loss.backward()
            result.append({"name": name, "loss": loss.item(), "gradient": model.weight.grad.numpy().ravel().tolist()})
    write("losses", result)


def write(name, result):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".json")
    with open(path, "w", newline="\n") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


# Round bends, ends, extrema, where exponentials underflow; no ±3, where older versions have other derivatives of Hardswish.
EDGES = [
    0.0, -0.0, 1e-30, -1e-30, 1e-3, -1e-3, 0.5, -0.5, 1.0, -1.0, -0.7518, -1.2785, 1.4999, 1.5, 1.5001, -1.5, 2.9999, 3.0001, -2.9999,
    -3.0001, 5.9999, 6.0, 6.0001, -6.0, 10.0, -10.0, -14.0, 15.0, -17.5, 20.0, 20.0001, -20.0, 39.9999, 40.0001, -50.0, 80.0, -80.0,
    -90.0, 100.0, -100.0, 1e4, -1e4, 1e30, -1e30]
def hardsigmoid(x, alpha, beta):
    return F.hardtanh(alpha * x + beta, 0, 1)


ACTIVATIONS = {
    "LeakyReLU": nn.LeakyReLU(), "LeakyReLU(0.2)": nn.LeakyReLU(0.2), "LeakyReLU(1.5)": nn.LeakyReLU(1.5), "LeakyReLU(-0.3)": nn.LeakyReLU(-0.3),
    "Sin": torch.sin, "Cos": torch.cos, "Erf": torch.erf, "Floor": torch.floor, "Ceil": torch.ceil,
    "Round": torch.round, "Sign": torch.sign, "Not": lambda x: torch.logical_not(x) + 0 * x,
    "ELU": nn.ELU(), "ELU(1.7)": nn.ELU(1.7), "ELU(-0.5)": nn.ELU(-0.5),
    "Softplus": nn.Softplus(), "Softplus(Beta = 0.5)": nn.Softplus(0.5), "Softplus(Beta = 2, Threshold = 3)": nn.Softplus(2, 3),
    "GELU": nn.GELU(), "GELU(Approximate = true)": nn.GELU(approximate="tanh"), "SiLU": nn.SiLU(),
    "ReLU6": nn.ReLU6(), "HardSigmoid": nn.Hardsigmoid(), "HardSwish": nn.Hardswish(),
    "Hardtanh": nn.Hardtanh(), "Hardtanh(Min = -2, Max = 0.5)": nn.Hardtanh(-2, 0.5), "SELU": nn.SELU(), "LogSigmoid": nn.LogSigmoid(),
    "Mish": nn.Mish(), "Softsign": nn.Softsign(), "Tanhshrink": nn.Tanhshrink(), "CELU": nn.CELU(), "CELU(0.25)": nn.CELU(0.25),
    "CELU(2)": nn.CELU(2), "Hardshrink": nn.Hardshrink(), "Hardshrink(0)": nn.Hardshrink(0), "Softshrink": nn.Softshrink(),
    "Softshrink(1.5)": nn.Softshrink(1.5), "Threshold(0.1, 20)": nn.Threshold(0.1, 20), "Threshold(-1, -2)": nn.Threshold(-1, -2),
    "Affine(2, -1)": lambda x: 2 * x - 1, "Affine(-0.5, 0)": lambda x: -0.5 * x, "Affine(1, 3)": lambda x: x + 3, "Abs": torch.abs,
    "Clip(Min = -1, Max = 1.5)": lambda x: x.clamp(-1, 1.5), "Clip(Min = 0.5)": lambda x: x.clamp(min=0.5),
    "Clip(Max = 0.5)": lambda x: x.clamp(max=0.5), "HardSigmoid(0.2, 0.5)": lambda x: hardsigmoid(x, 0.2, 0.5),
    "HardSigmoid(-0.5, 1)": lambda x: hardsigmoid(x, -0.5, 1)}


def rounded(values):
    return [float(f"{value:.15g}") for value in values]


def make_activations():
    points = np.float32(EDGES + (8 * uniforms(ACTIVATION_STREAM, 160)).tolist()).astype(np.float64)
    result = {"points": points.tolist(), "activations": {}}
    for name, function in ACTIVATIONS.items():
        x = torch.from_numpy(points).requires_grad_()
        y = function(x)
        y.sum().backward()
        result["activations"][name] = {"values": rounded(y.tolist()), "derivatives": rounded(x.grad.tolist())}

    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "activations.json")
    with open(path, "w", newline="\n") as file:
        json.dump(result, file, indent=None, separators=(",", ":"))
        file.write("\n")


def make_operators(name, cases):
    """Outputs and gradients of single modules on a batch: cases are (name, module, shape of a sample). See OperatorFamily.cs."""
    result = []
    for case, module, shape in cases:
        module = module.double()
        statistics = {key: b for key, b in module.named_buffers() if b.is_floating_point()}
        for i, parameter in enumerate(v for v in module.state_dict(keep_vars=True).values() if v.is_floating_point()):
            values = uniforms(WEIGHT_STREAM + i, parameter.numel()) * scale(parameter.shape)
            parameter.data = torch.from_numpy(values.reshape(parameter.shape))
        for key, values in module.state_dict(keep_vars=True).items():
            if key.endswith("running_var"):
                values.data = 0.5 + 2 * values.abs()
            elif key.endswith("scale"):
                values.data = 0.015625 + values.abs() / 4
            elif key.endswith("zero_point"):
                values.data = (40 * values.abs()).round()
        inputs = uniforms(INPUT_STREAM, OPERATOR_BATCH * int(np.prod(shape))).reshape((OPERATOR_BATCH,) + shape)
        inputs = torch.from_numpy(inputs).requires_grad_()
        inference = module.eval()(inputs)
        outputs = module.train()(inputs)
        outputs.backward(torch.from_numpy(uniforms(GRADIENT_STREAM, outputs.numel()).reshape(outputs.shape)))
        result.append({
            "name": case,
            "shape": list(outputs.shape[1:]),
            "outputs": digest(outputs),
            "inputGradient": digest(inputs.grad),
            "gradients": {key: digest(p.grad) for key, p in module.named_parameters()},
            **({"inference": digest(inference), "statistics": {key: digest(b) for key, b in statistics.items()}} if statistics else {}),
        })
    write(name, result)


if __name__ == "__main__":
    make_activations()
    make_losses()
    make("lenet5", lenet5, (1, 28, 28), True)
    make("net", net, (3, 32, 32), False)
    make("residual", Residual, (1, 28, 28), False)
    make("inception", Inception, (3, 17, 14), False)
