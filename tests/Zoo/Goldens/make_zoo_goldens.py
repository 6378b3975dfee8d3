#!/usr/bin/env python3
"""Computes the .json files beside it with PyTorch in double precision.

    /usr/bin/python3 tests/Zoo/Goldens/make_zoo_goldens.py [--smooth] [NAME …]    (Debian: apt install python3-torch python3-torchvision)

torchvision's networks are torchvision's; the others stand in networks.py. Weights, inputs, targets and dropout's random bits come
from counter-based formulas that ZooGolden.cs computes, too. Only results are stored: outputs in evaluation mode, then of one
training step the loss, and of each tensor its norm and two projections onto random vectors: of a parameter's gradient,
and of a buffer after the step. "single" is how far PyTorch's own single precision is off in these projections, relative to the
norms: the worst and the median. "kinks" is how many rectifiers and maxima are so near to their kinks that single precision may take
the other side, which changes the gradients below it by a pixel's share.

With --smooth, the files in Smooth/: of networks with SiLU in place of each rectifier and means in place of maxima, so that nothing
can round to another side. The test takes whichever are there; without names, this makes those that are checked in.
"""
import json
import os
import sys
import time
import warnings

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

import networks

warnings.filterwarnings("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = 4
STORED = 32
MASK = (1 << 64) - 1


def stream(name):
    """FNV-1a of the name: every tensor has a stream of its own, whatever the order of the tensors."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 & MASK
    return value


def bits(name, count):
    with np.errstate(over="ignore"):
        z = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z += np.uint64(stream(name) * 0xD1342543DE82EF95 & MASK)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniforms(name, count):
    """Multiples of 2^-23 in [-1, 1), exact in single precision."""
    return ((bits(name, count) >> np.uint64(40)).astype(np.float64) / (1 << 23) - 1).astype(np.float32)


def classes(name, count, n):
    return ((bits(name, count) >> np.uint64(33)) % np.uint64(n)).astype(np.int64)


def inputs_of(name, samples, shape):
    """Blocks of random colours under as much noise, so that means over pixels differ."""
    extents, blocks = shape[1:], (8,) * (len(shape) - 1)
    coarse = uniforms("blocks of " + name, samples * shape[0] * 8 ** len(blocks)).reshape((samples, shape[0]) + blocks)
    for axis, extent in enumerate(extents):
        coarse = coarse.take(np.arange(extent) * 8 // extent, axis + 2)
    noise = uniforms(name, samples * int(np.prod(shape))).reshape((samples,) + shape)
    return (coarse + noise) * np.float32(0.5)


def value_of(key, shape, keys, variance, bias):
    """
    A tensor of the network, in single precision; He et al.'s variance for weights of more than one axis. Batch norm has weights
    around 1/2 and biases around 1, 2 or 2.5: few rectifiers are near their kinks then, and a deep network's gradients are not noise.
    """
    u, (owner, _, suffix) = uniforms(key, int(np.prod(shape))), key.rpartition(".")
    is_norm = owner + ".running_mean" in keys
    if suffix == "running_var":
        u = np.float32(variance) * (1 + u / 4)
    elif len(shape) > 1:
        u = u * np.float32(np.sqrt(6.0 / np.prod(shape[1:])))
    elif suffix == "weight":
        u = np.float32(0.5 if is_norm else 0.25) + u / 8
    else:
        u = np.float32(bias if is_norm and suffix == "bias" else 0) + u / 8
    return u.reshape(shape)


def threefry(key, counter0, counter1):
    """First word of Threefry-2x32 with 20 rounds (Salmon et al. 2011)."""
    keys = [np.uint32(key & 0xFFFFFFFF), np.uint32(key >> 32)]
    keys.append(np.uint32(0x1BD11BDA) ^ keys[0] ^ keys[1])
    with np.errstate(over="ignore"):
        x0, x1 = counter0 + keys[0], counter1 + keys[1]
        for i in range(20):
            r = np.uint32((13, 15, 26, 6, 17, 29, 16, 24)[i % 8])
            x0 = x0 + x1
            x1 = ((x1 << r) | (x1 >> (np.uint32(32) - r))) ^ x0
            if i % 4 == 3:
                n = i // 4 + 1
                x0 = x0 + keys[n % 3]
                x1 = x1 + keys[(n + 1) % 3] + np.uint32(n)
    return x0


class Dropout(nn.Module):
    """Strata's dropout of step 0 under seed 0: the bits depend on the layer's number, the sample and the element."""

    def __init__(self, rate, layer, whole_maps):
        super().__init__()
        self.rate, self.layer, self.whole_maps = rate, layer, whole_maps

    def forward(self, x):
        if not self.training:
            return x
        z = (self.layer + 0x9E3779B97F4A7C15) & MASK
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        shape = x.shape[:2] + (1,) * (x.dim() - 2) if self.whole_maps else x.shape
        elements = np.arange(int(np.prod(shape[1:])), dtype=np.uint32)
        samples = np.arange(shape[0], dtype=np.uint32)[:, None]
        word = threefry(z ^ (z >> 31), np.broadcast_to(elements, (shape[0], elements.size)), samples)
        kept = (word >= round(self.rate * 2 ** 32)).astype(np.float64) / (1 - self.rate)
        return x * torch.from_numpy(kept.reshape(tuple(shape))).to(x.dtype)


def with_dropout(model, layers):
    """Replaces the dropouts, in order of their names' appearance, by those of the layers of these numbers."""
    numbers = iter(layers)
    for name, module in list(model.named_modules()):
        if isinstance(module, (nn.Dropout, nn.Dropout2d)) and module.p > 0:
            owner = model.get_submodule(name.rsplit(".", 1)[0]) if "." in name else model
            setattr(owner, name.rsplit(".", 1)[-1], Dropout(module.p, next(numbers), isinstance(module, nn.Dropout2d)))
    assert next(numbers, None) is None
    return model


class Network:
    """
    One network of the zoo: how it is built, what it takes and gives, and its loss. Bias is around which batch norm's biases are in
    the training step. The stream is part of the inputs' names: one is chosen where single precision would take the other side of a
    rectifier or another element of a maximum.
    """

    def __init__(self, build, shape, classes=0, batch=SAMPLES, variance=0.25, bias=1, dropout=(), heads=(), final=None, stream=""):
        self.build, self.shape, self.classes, self.batch = build, shape, classes, batch
        self.variance, self.bias, self.dropout, self.heads, self.final, self.stream = variance, bias, dropout, heads, final, stream

    def outputs(self, model, x):
        y = model(x)
        y = y if isinstance(y, tuple) else (y,)
        final = self.final or (lambda value: value)
        return torch.cat([final(value).flatten(1) for value in y], 1)

    def loss(self, model, x):
        y = model(x)
        targets = torch.from_numpy(classes("targets", self.batch, self.classes))
        if not self.heads:
            return F.cross_entropy(y, targets)
        return F.cross_entropy(y.logits, targets) + sum(weight * F.cross_entropy(getattr(y, head), targets) for head, weight in self.heads)


class Segmenter(Network):
    """Cross-entropy of each pixel; about every eighth target is 255 and ignored."""

    def loss(self, model, x):
        y = model(x)
        pixels = y.shape[:1] + y.shape[2:]
        targets = classes("targets", pixels.numel(), self.classes)
        targets[classes("ignored", targets.size, 8) == 0] = 255
        return F.cross_entropy(y, torch.from_numpy(targets.reshape(pixels)), ignore_index=255)


class Mask(Network):
    """Binary cross-entropy of each pixel."""

    def loss(self, model, x):
        y = model(x)
        targets = torch.from_numpy(classes("targets", y.numel(), 2).reshape(y.shape)).to(y.dtype)
        return F.binary_cross_entropy_with_logits(y, targets)


class Picture(Network):
    """Squared error of each number."""

    def loss(self, model, x):
        y = model(x)
        return F.mse_loss(y, torch.from_numpy(classes("targets", y.numel(), 2).reshape(y.shape)).to(y.dtype))


class Detector(Network):
    """Squared error of the boxes, which are sigmoids; binary cross-entropy of objects and classes."""

    def outputs(self, model, x):
        return torch.cat([y.sigmoid().flatten(1) for y in model(x)], 1)

    def loss(self, model, x):
        y = model(x)
        targets = np.concatenate([
            ((uniforms("boxes", self.batch * 512) + 1) / 2).reshape(self.batch, 512),
            classes("objects", self.batch * 128, 2).reshape(self.batch, 128),
            classes("targets", self.batch * 1280, 2).reshape(self.batch, 1280)], 1)
        boxes, objects, kinds = torch.from_numpy(targets).to(x.dtype).split([512, 128, 1280], 1)
        return (5 * F.mse_loss(y[0].sigmoid().flatten(1), boxes)
                + F.binary_cross_entropy_with_logits(y[1].flatten(1), objects)
                + F.binary_cross_entropy_with_logits(y[2].flatten(1), kinds))


def vision(name, shape=(3, 224, 224), build={}, **rest):
    plain = {"init_weights": False} if name in ("googlenet", "inception_v3") else build
    return Network(lambda: getattr(torchvision.models, name)(**plain), shape, 1000, **rest)


def segmentation(name, shape, **rest):
    def build():
        model = getattr(torchvision.models.segmentation, name)(weights_backbone=None)
        model.register_forward_hook(lambda _, __, outputs: outputs["out"])
        return model
    return Segmenter(build, shape, 21, **rest)


def softmax(y):
    return y.softmax(1)


ENET_DROPOUTS = [
    20, 31, 42, 53, 64, 81, 92, 103, 115, 126, 137, 148, 160, 171, 182, 193, 205, 216, 227, 238, 250, 261, 276, 287, 298, 313, 324]

# The dropouts' numbers are those of their layers: all layers count, in the order of the declaration, from 1 on.
NETWORKS = {
    "lenet5": Network(networks.lenet5, (1, 28, 28), 10, batch=20, final=softmax),
    "lenet_sigmoid": Network(networks.lenet_sigmoid, (1, 28, 28), 10, batch=20, final=softmax),
    "net": Network(networks.net, (3, 32, 32), 10, batch=20),
    "makemodel": Network(networks.makemodel, (3, 32, 32), 3, batch=20, final=softmax, dropout=[14]),
    "alexnet": vision("alexnet", dropout=[15, 18]),
    "alexnet_bn": Network(networks.alexnet_bn, (3, 224, 224), 1000, dropout=[20, 23]),
    "vgg11": vision("vgg11", dropout=[25, 28]),
    "vgg13": vision("vgg13", dropout=[29, 32], stream=" 1"),
    "vgg16": vision("vgg16", dropout=[35, 38]),
    "vgg19": vision("vgg19", dropout=[41, 44]),
    "nin": Network(networks.nin, (3, 32, 32), 10, batch=20, dropout=[8, 16]),
    "nin_bn": Network(lambda: networks.nin(True), (3, 32, 32), 10, batch=20, dropout=[11, 22]),
    "googlenet": vision("googlenet", heads=(("aux_logits1", 0.3), ("aux_logits2", 0.3)), dropout=[205, 214, 196]),
    "inception_v3": vision("inception_v3", (3, 299, 299), heads=(("aux_logits", 0.4),), dropout=[308]),
    "inception_v4": Network(networks.InceptionV4, (3, 299, 299), 1000, dropout=[487]),
    "resnet20": Network(networks.ResNet20, (3, 32, 32), 10, batch=20, variance=0.5),
    "resnet18": vision("resnet18", variance=0.5, bias=2, stream=" 29"),
    "resnet34": vision("resnet34", variance=0.5, bias=2.5, stream=" 29"),
    "resnet50": vision("resnet50", variance=0.5, bias=2, stream=" 29"),
    "resnet101": vision("resnet101", variance=0.5, bias=2, stream=" 29"),
    "resnet152": vision("resnet152", variance=0.5, bias=2, stream=" 29"),
    "densenet121": vision("densenet121", bias=2, stream=" 33"),
    "squeezenet1_1": vision("squeezenet1_1", dropout=[62]),
    "mobilenet_v2": vision("mobilenet_v2", variance=0.5, bias=2, dropout=[152], stream=" 2"),
    "shufflenet_v2_x1_0": vision("shufflenet_v2_x1_0", variance=0.5, bias=2),
    "convnext_tiny": vision("convnext_tiny", build={"stochastic_depth_prob": 0}),
    "efficientnet_b0": vision("efficientnet_b0", build={"stochastic_depth_prob": 0}, variance=0.3, dropout=[239]),
    "mobilenet_v3_large": vision("mobilenet_v3_large", variance=0.5, bias=1.5, dropout=[186], stream=" 2"),
    "mobilenet_v3_small": vision("mobilenet_v3_small", variance=0.5, bias=1.5, dropout=[156]),
    "mnasnet1_0": vision("mnasnet1_0", variance=0.5, bias=2, dropout=[152], stream=" 1"),
    "regnet_x_400mf": vision("regnet_x_400mf", variance=0.5, bias=2),
    "regnet_y_400mf": vision("regnet_y_400mf", variance=0.5, bias=2, stream=" 1"),
    "resnext50_32x4d": vision("resnext50_32x4d", batch=2, variance=0.5, bias=2.5, stream=" 3"),
    "wide_resnet50_2": vision("wide_resnet50_2", batch=2, variance=0.5, bias=2.5, stream=" 3"),
    "vit_b_16": vision("vit_b_16", (3, 64, 64), build={"image_size": 64}, batch=2),
    "swin_t": Network(networks.swin_t, (3, 64, 64), 1000, batch=2),
    "dinov2_vits14": Picture(lambda: networks.DinoV2(70), (3, 70, 70), batch=2),
    "clip_vit_b_32": Picture(lambda: networks.Clip(64), (3, 64, 64), batch=2),
    "seresnet50": Network(networks.seresnet50, (3, 224, 224), 1000, batch=2, variance=0.5, bias=2.5, stream=" 2"),
    "cbam_resnet18": Network(networks.cbam_resnet18, (3, 64, 64), 1000, variance=0.5, bias=2.5),
    "fcn_resnet50": segmentation("fcn_resnet50", (3, 96, 96), batch=2, variance=0.5, bias=2.5, dropout=[176]),
    "deeplabv3_mobilenet_v3_large": segmentation("deeplabv3_mobilenet_v3_large", (3, 224, 224), variance=0.4, bias=1.5, dropout=[203]),
    "lraspp_mobilenet_v3_large": segmentation("lraspp_mobilenet_v3_large", (3, 128, 128), variance=0.5, bias=1.5, stream=" 1"),
    "espcn": Picture(networks.espcn, (1, 24, 32)),
    "style_transfer": Picture(networks.StyleTransfer, (3, 32, 32), batch=2, stream=" 4"),
    "crnn": Segmenter(networks.Crnn, (1, 32, 100), 37, batch=2, stream=" 1"),
    "enet": Segmenter(networks.ENet, (3, 256, 256), 12, variance=0.5, dropout=ENET_DROPOUTS, stream=" 1"),
    "pyramid": Segmenter(networks.Pyramid, (3, 96, 96), 21),
    "unet": Mask(networks.UNet, (3, 128, 128), final=torch.sigmoid),
    "yolo": Detector(networks.Yolo, (3, 128, 128)),
    "m5": Network(networks.m5, (1, 8000), 35, batch=20),
    "voxnet": Network(networks.voxnet, (1, 32, 32, 32), 40, dropout=[3, 7, 11]),
}


# The classes of samples/Zoo do not have these: a test compiles them at run time.
BLOCKS = [
    "mobilenet_v3_small", "mnasnet1_0", "regnet_x_400mf", "regnet_y_400mf", "resnext50_32x4d", "wide_resnet50_2", "vit_b_16",
    "swin_t", "dinov2_vits14", "clip_vit_b_32", "seresnet50",
    "cbam_resnet18", "fcn_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large",
    "espcn", "style_transfer", "crnn"]


SMOOTH = [
    "alexnet", "alexnet_bn", "googlenet", "inception_v3", "inception_v4", "nin", "nin_bn", "pyramid", "squeezenet1_1", "unet", "vgg19", "yolo"]


def smoothen():
    """What SmoothZoo.cs does by aliases."""
    def mean(pool):
        return lambda x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False: pool(
            x, kernel_size, stride, padding, ceil_mode)

    def silu(x, *_, **__):
        return F.silu(x)

    F.relu = F.leaky_relu = F.hardtanh = silu
    F.max_pool1d, F.max_pool2d, F.max_pool3d = mean(F.avg_pool1d), mean(F.avg_pool2d), mean(F.avg_pool3d)
    Kinks.NAMES = ()


class Kinks:
    """Wraps the functions that have kinks, so that every call leaves its input, and how far the elements are from a kink."""

    NAMES = (
        "relu", "leaky_relu", "prelu", "hardtanh", "hardswish", "hardsigmoid", "max_pool1d", "max_pool2d", "max_pool3d",
        "adaptive_max_pool1d", "adaptive_max_pool2d")

    def __enter__(self):
        self.calls, self.functions = [], {name: getattr(F, name) for name in self.NAMES}
        for name in self.NAMES:
            setattr(F, name, self.wrapped(name))
        return self

    def __exit__(self, *_):
        for name, function in self.functions.items():
            setattr(F, name, function)

    def wrapped(self, name):
        def call(x, *rest, inplace=False, **named):
            given = x.detach().clone()
            if name.startswith("adaptive_max_pool"):
                self.calls.append((given, self.gaps(given, tuple(given.shape[2:]))))
            elif name.startswith("max_pool"):
                self.calls.append((given, self.gaps(given, *rest, **named)))
            elif name == "hardtanh":
                self.calls.append((given, torch.minimum(given.abs(), (given - rest[1]).abs())))
            elif name in ("hardswish", "hardsigmoid"):
                self.calls.append((given, (given.abs() - 3).abs()))
            else:
                self.calls.append((given, given.abs()))
            return self.functions[name](x, *rest, **named)
        return call

    @staticmethod
    def gaps(x, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
        """From equality of the two greatest elements of each window."""
        kernel, stride, padding = (
            value if isinstance(value, tuple) else (value,) * (x.dim() - 2) for value in (kernel_size, stride or kernel_size, padding))
        around = [each for p, s in zip(padding[::-1], stride[::-1]) for each in (p, p + (s if ceil_mode else 0))]
        found = []
        for sample in x.split(1):
            windows = F.pad(sample, around, value=-1e30)
            for axis in range(2, x.dim()):
                windows = windows.unfold(axis, kernel[axis - 2], stride[axis - 2])
            first, second = windows.flatten(x.dim()).topk(2, -1).values.double().unbind(-1)
            found.append((first - second).flatten() / 2)
        return torch.cat(found)

    @staticmethod
    def within_reach(exact, single):
        """
        Elements that are nearer to a kink than four times what single precision is off there, in the root of the mean square. What is
        on one by structure is so for both: zeros of other layers, and one element that came through several windows.
        """
        return sum(
            ((distance > 0) & (distance < 4 * (x - y).square().mean().sqrt())).sum().item()
            for (x, distance), (y, _) in zip(exact.calls, single.calls))


def digest(name, tensor):
    values = tensor.detach().double().numpy().ravel()
    return [float(np.linalg.norm(values))] + [
        float(values @ uniforms(f"projection {k} of {name}", values.size).astype(np.float64)) for k in range(2)]


def run(network, dtype):
    """Outputs of four samples in evaluation mode, then loss, tensors and kinks of one training step."""
    torch.manual_seed(0)
    model = with_dropout(network.build(), network.dropout).to(dtype)
    state = {key: value for key, value in model.state_dict().items() if value.is_floating_point()}

    def fill(bias):
        for key, value in state.items():
            value.copy_(torch.from_numpy(value_of(key, tuple(value.shape), state, network.variance, bias)))

    def inputs(name, samples):
        return torch.from_numpy(inputs_of(name + network.stream, samples, network.shape)).to(dtype)

    fill(1)
    model.eval()
    with torch.no_grad():
        outputs = network.outputs(model, inputs("inputs", SAMPLES)).double().numpy()
    fill(network.bias)
    model.train()
    with Kinks() as kinks:
        loss = network.loss(model, inputs("training inputs", network.batch))
    loss.backward()
    gradients = {key: parameter.grad for key, parameter in model.named_parameters()}
    tensors = {key: (tuple(value.shape), digest(key, gradients.get(key, value))) for key, value in state.items()}
    return outputs, loss.item(), tensors, kinks, sum(p.numel() for p in model.parameters())


def short(value):
    return float(f"{value:.8g}")


def make(name, folder):
    network, start = NETWORKS[name], time.time()
    outputs, loss, tensors, kinks, parameters = run(network, torch.float64)
    single_outputs, single_loss, single, single_kinks, _ = run(network, torch.float32)
    within_reach = Kinks.within_reach(kinks, single_kinks)
    span = outputs.max() - outputs.min()
    spread = np.abs(outputs - outputs.mean(0)).max() / span
    # A layer's tensors have one scale: the gradient of a bias may be nothing but rounding.
    scales = {}
    for key, (_, values) in tensors.items():
        owner = key.rpartition(".")[0]
        scales[owner] = max(scales.get(owner, 0), values[0])
    off = {key: max(abs(a - b) for a, b in zip(values[1:], single[key][1][1:])) / (scales[key.rpartition(".")[0]] or 1) for key, (_, values) in tensors.items()}
    worst, median = max(off, key=off.get), np.median(list(off.values()))
    print(f"{name}: {parameters} parameters, outputs {outputs.min():.4g} to {outputs.max():.4g}, samples differ by {spread:.2g}, loss {loss:.6g}; "
          f"single precision is off by {np.abs(outputs - single_outputs).max() / span:.1e} in the outputs, {abs(single_loss - loss):.1e} in the loss, "
          f"{off[worst]:.1e} in {worst}, median {median:.1e}; {within_reach} kinks within reach; {time.time() - start:.0f} s", flush=True)
    count = min(STORED, outputs.shape[1])
    head = {
        "network": name, "parameters": parameters, "batch": network.batch, "variance": network.variance, "bias": network.bias, "stream": network.stream,
        "low": short(outputs.min()), "high": short(outputs.max()), "outputs": [
            {"samples": [short(row[j * row.size // count]) for j in range(count)],
             "projection": short(float(row @ uniforms("projection of outputs", row.size).astype(np.float64)))} for row in outputs],
        "loss": short(loss), "kinks": within_reach, "single": {"worst": float(f"{off[worst]:.2g}"), "median": float(f"{median:.2g}")}}
    with open(os.path.join(folder, name + ".json"), "w", newline="\n") as file:
        file.write("{\n")
        for key, value in head.items():
            file.write(f" {json.dumps(key)}: {json.dumps(value)},\n")
        rows = [json.dumps({"key": key, "shape": shape, "norm": float(f"{values[0]:.3g}"), "projections": [short(v) for v in values[1:]]}, separators=(",", ":"))
                for key, (shape, values) in sorted(tensors.items())]
        file.write(" \"tensors\": [\n  " + ",\n  ".join(rows) + "\n ]\n}\n")


if __name__ == "__main__":
    names = sys.argv[1:]
    if "--smooth" in names:
        names.remove("--smooth")
        smoothen()
        for wanted in names or SMOOTH:
            make(wanted, os.path.join(HERE, "Smooth"))
    else:
        for wanted in names or NETWORKS:
            make(wanted, os.path.join(HERE, "Blocks") if wanted in BLOCKS else HERE)
