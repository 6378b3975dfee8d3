#!/usr/bin/env python3
"""Exports networks of PyTorch as ONNX files, with what PyTorch computes, for the tests of the importer.

    python3 export.py                  writes the small networks that are checked in beside this script
    python3 export.py --all FOLDER     writes networks of torchvision, with random weights: 2.5 GB, a few minutes

It needs PyTorch, torchvision and onnx (Debian: python3-torch, python3-torchvision, python3-onnx). Each network has two inputs of random
numbers and PyTorch's outputs for them in NAME.safetensors, and a file for each way of exporting it: NAME-13-plain.onnx is of operator set
13. Plain files keep batch norms and dropout and have an open batch; folded files are what torch.onnx.export writes by default. In
NAME-17-training.onnx, batch norms and dropout do what they do in training; the outputs are still those of inference. All random numbers
follow from the network's name, so the same versions write the same bytes.
"""
import argparse
import json
import struct
import sys
import warnings
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

OPSETS = [11, 13, 17]
WAYS = [(11, True), (13, False), (17, True), (17, False)]  # operator set, folded
FEW = {"windows": [(11, True), (17, False)]}  # networks of thousands of nodes: only these ways
TRAINED = {"plain": 17, "residual": 13, "mobile": 11}  # networks that are also exported in training mode, and the operator set
SAMPLES = 2
ALL = ("alexnet vgg11 vgg13 vgg16 vgg19 googlenet resnet18 resnet34 resnet50 resnet101 resnet152 inception_v3 squeezenet1_1 densenet121 "
       "mobilenet_v2 shufflenet_v2_x1_0 mobilenet_v3_small mobilenet_v3_large efficientnet_b0 mnasnet1_0 regnet_y_400mf regnet_x_400mf "
       "resnext50_32x4d wide_resnet50_2 convnext_tiny swin_t vgg11_bn squeezenet1_0 densenet161").split()

SMALL = {}


def small(*shapes):
    """A network that is checked in, and the shapes of its inputs."""
    def add(build):
        SMALL[build.__name__] = (build, shapes)
        return build
    return add


class Apply(nn.Module):
    """A function as a module, which may have modules inside."""

    def __init__(self, function, **modules):
        super().__init__()
        self.function = function
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, *inputs):
        return self.function(self, *inputs)


def unit(inputs, outputs, kernel=3, activation=nn.ReLU, **options):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False, **options), nn.BatchNorm2d(outputs), activation())


@small([3, 14, 14])
def plain():
    """Convolutions with batch norm, and a classifier with dropout."""
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(8, 12, 3), nn.BatchNorm2d(12), nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True),
        nn.Flatten(), nn.Linear(12 * 9, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 5), nn.Softmax(dim=1))


class Basic(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


@small([3, 16, 16])
def residual():
    """Residual blocks as torchvision has them."""
    return nn.Sequential(
        unit(3, 6), nn.MaxPool2d(3, 2, 1), nn.Sequential(Basic(6, 6), Basic(6, 6)), nn.Sequential(Basic(6, 8, 2), Basic(8, 8)),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 5))


@small([3, 16, 16])
def fresh():
    """The same before training: the exporter keeps one of several parameters that are equal."""
    return residual()


class Excite(nn.Module):
    def __init__(self, channels, gate, squeeze=4):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, squeeze, 1)
        self.fc2 = nn.Conv2d(squeeze, channels, 1)
        self.gate = gate

    def forward(self, x):
        return x * self.gate(self.fc2(F.relu(self.fc1(self.avgpool(x)))))


class Inverted(nn.Module):
    def __init__(self, inputs, inner, outputs, stride, activation, gate, squeeze=4):
        super().__init__()
        self.skip = stride == 1 and inputs == outputs
        self.block = nn.Sequential(
            unit(inputs, inner, 1, activation), unit(inner, inner, 5, activation, stride=stride, groups=inner),
            Excite(inner, gate, squeeze), nn.Conv2d(inner, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return x + self.block(x) if self.skip else self.block(x)


@small([3, 16, 16])
def mobile():
    """Inverted residuals with hard swish and squeeze-and-excitation, as MobileNetV3 has them."""
    return nn.Sequential(
        unit(3, 8, activation=nn.Hardswish, stride=2), Inverted(8, 16, 8, 1, nn.ReLU, nn.Hardsigmoid()),
        Inverted(8, 16, 12, 2, nn.Hardswish, nn.Hardsigmoid()), Inverted(12, 24, 12, 1, nn.SiLU, nn.Sigmoid()),
        unit(12, 20, 1, nn.Hardswish), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(20, 16), nn.Hardswish(), nn.Dropout(0.2),
        nn.Linear(16, 6))


@small([3, 16, 16])
def efficient():
    """Blocks of EfficientNet, where the squeezed channels are a fraction of a block's inputs, and these one of what they widen to."""
    def block(inputs, outputs, stride=1):
        return Inverted(inputs, 6 * inputs, outputs, stride, nn.SiLU, nn.Sigmoid(), inputs // 4)

    return nn.Sequential(
        unit(3, 8, activation=nn.SiLU, stride=2), nn.Sequential(block(8, 8), block(8, 8)),
        nn.Sequential(block(8, 12, 2), block(12, 12), block(12, 12)), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(12, 5))


@small([4, 9, 7])
def activations():
    """Activations, each behind a convolution."""
    kinds = [
        nn.GELU(), nn.GELU(approximate="tanh"), nn.SiLU(), nn.Mish(), nn.ELU(0.7), nn.SELU(), nn.Softplus(), nn.Softsign(),
        nn.Hardtanh(-0.5, 0.75), nn.LeakyReLU(0.1), nn.ReLU6(), nn.LogSigmoid(), nn.Tanhshrink(), nn.Hardshrink(0.3), nn.Softshrink(0.2),
        nn.Hardsigmoid(), nn.Hardswish(), nn.Tanh(), nn.Sigmoid()]
    return nn.Sequential(*[layer for kind in kinds for layer in (nn.Conv2d(4, 4, 1), kind)])


@small([6, 8, 10])
def norms():
    """Norms of each kind."""
    return nn.Sequential(
        nn.Conv2d(6, 8, 3, padding=1), nn.BatchNorm2d(8, affine=False), nn.GroupNorm(4, 8), nn.SiLU(),
        nn.Conv2d(8, 8, 3, padding=1), nn.InstanceNorm2d(8, affine=True), nn.ReLU(), nn.Conv2d(8, 6, 1),
        nn.InstanceNorm2d(6), nn.LayerNorm([6, 8, 10]), nn.Conv2d(6, 8, 1), nn.LocalResponseNorm(5),
        nn.Conv2d(8, 6, 1), nn.GroupNorm(1, 6), nn.Flatten(), nn.Linear(480, 12), nn.LayerNorm(12),
        nn.BatchNorm1d(12))


@small([3, 16, 16])
def convnext():
    """ConvNeXt's blocks: layer norm over channels that stand last, linear layers on pixels, and a scale of each channel."""
    class Last(nn.LayerNorm):
        def forward(self, x):
            return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

    class Block(nn.Module):
        def __init__(self, channels):
            super().__init__()
            self.dwconv = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
            self.norm = nn.LayerNorm(channels, eps=1e-6)
            self.pwconv1 = nn.Linear(channels, 2 * channels)
            self.act = nn.GELU()
            self.pwconv2 = nn.Linear(2 * channels, channels)
            self.gamma = nn.Parameter(torch.rand(channels))

        def forward(self, x):
            y = self.norm(self.dwconv(x).permute(0, 2, 3, 1))
            return x + (self.gamma * self.pwconv2(self.act(self.pwconv1(y)))).permute(0, 3, 1, 2)

    return nn.Sequential(
        nn.Conv2d(3, 8, 4, 4), Last(8), Block(8), Block(8), Last(8), nn.Conv2d(8, 12, 2, 2), Block(12),
        Apply(lambda self, x: self.head(self.norm(x.mean([-2, -1]))), norm=nn.LayerNorm(12), head=nn.Linear(12, 5)))


@small([3, 10, 10])
def slopes():
    """PReLU with a slope for each channel, and with one for all."""
    return nn.Sequential(nn.Conv2d(3, 6, 3), nn.PReLU(6), nn.Conv2d(6, 4, 3), nn.PReLU(), nn.Flatten(), nn.Linear(144, 8), nn.PReLU())


@small([8, 6, 6])
def shuffles():
    """Channels and pixels that change places."""
    def channels(self, x, groups=4):
        n, c, h, w = x.shape
        return x.view(n, groups, c // groups, h, w).transpose(1, 2).contiguous().view(n, c, h, w)

    def halves(self, x):
        left, right = x.chunk(2, dim=1)
        return torch.cat([left, self.conv(right)], dim=1)

    return nn.Sequential(
        Apply(channels), nn.Conv2d(8, 12, 3, padding=1, groups=2), nn.PixelShuffle(2), nn.Conv2d(3, 4, 3, padding=1), nn.PixelUnshuffle(3),
        nn.Conv2d(36, 8, 1), Apply(halves, conv=nn.Conv2d(4, 4, 3, padding=1, groups=4)), Apply(channels), nn.Conv2d(8, 4, 1))


@small([3, 16, 12])
def focus():
    """The beginning of YOLOv5: squares of four pixels become channels. Then three branches, and two maps one upon the other."""
    def squares(self, x):
        return self.conv(torch.cat([x[..., ::2, ::2], x[..., 1::2, ::2], x[..., ::2, 1::2], x[..., 1::2, 1::2]], 1))

    def pyramid(self, x):
        x = self.cv1(x)
        y1 = self.m(x)
        y2 = self.m(y1)
        return self.cv2(torch.cat([x, y1, y2, self.m(y2)], 1))

    def up(self, x):
        small_map = self.down(x)
        return torch.cat([F.interpolate(small_map, scale_factor=2.0, mode="nearest"), x], 1)

    return nn.Sequential(
        Apply(squares, conv=unit(12, 8, activation=nn.SiLU)), Basic(8, 8),
        Apply(pyramid, cv1=unit(8, 4, 1, nn.SiLU), cv2=unit(16, 8, 1, nn.SiLU), m=nn.MaxPool2d(5, 1, 2)),
        Apply(up, down=unit(8, 6, activation=nn.SiLU, stride=2)), nn.Conv2d(14, 18, 1))


@small([2, 5, 7])
def upsampling():
    """Upsampling in each mode."""
    ways = [
        dict(scale_factor=2, mode="nearest"), dict(size=[9, 13], mode="nearest"),
        dict(scale_factor=2, mode="bilinear", align_corners=False),
        dict(scale_factor=3, mode="bilinear", align_corners=True), dict(scale_factor=2, mode="bicubic", align_corners=False),
        dict(size=[11, 10], mode="bicubic", align_corners=True), dict(size=[8, 9], mode="bilinear", align_corners=False)]

    def all_of(self, x):
        return tuple(conv(F.interpolate(x, **way)) for conv, way in zip(self.convs, ways))

    return Apply(all_of, convs=nn.ModuleList([nn.Conv2d(2, 2, 1) for _ in ways]))


@small([3, 8, 8], [5], [2, 4, 4])
def several():
    """Three inputs and two outputs."""
    def both(self, image, pose, hint):
        features = self.conv(image) + self.embed(pose)[:, :, None, None]
        merged = torch.cat([F.max_pool2d(features, 2), hint], dim=1)
        return self.classes(merged.flatten(1)), torch.sigmoid(self.box(merged))

    return Apply(both, conv=unit(3, 4), embed=nn.Linear(5, 4), classes=nn.Linear(96, 7), box=nn.Conv2d(6, 4, 3, padding=1))


@small([1, 64])
def sequence():
    """A network on sequences."""
    return nn.Sequential(
        nn.Conv1d(1, 8, 9, stride=2, padding=4), nn.BatchNorm1d(8), nn.ReLU(), nn.MaxPool1d(4), nn.Conv1d(8, 8, 3, dilation=2, padding=2),
        nn.GroupNorm(2, 8), nn.GELU(), nn.Upsample(scale_factor=2, mode="linear", align_corners=False), nn.ConvTranspose1d(8, 6, 4, 2, 1),
        nn.LeakyReLU(0.2), nn.AvgPool1d(2), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(6, 4), nn.LogSoftmax(dim=1))


@small([1, 10, 10, 10])
def volume():
    """A network on volumes."""
    return nn.Sequential(
        nn.Conv3d(1, 6, 3, stride=2), nn.BatchNorm3d(6), nn.LeakyReLU(0.1), nn.Conv3d(6, 6, (1, 3, 3), padding=(0, 1, 1), groups=2),
        nn.ReLU(), nn.ConvTranspose3d(6, 4, 2, 2), nn.MaxPool3d(2), nn.AvgPool3d(2, 1), nn.Upsample(scale_factor=2),
        nn.InstanceNorm3d(4, affine=True), nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(4, 3))


@small([4, 6, 5])
def transposed():
    """Transposed convolutions, as decoders have them."""
    return nn.Sequential(
        nn.ConvTranspose2d(4, 8, 3, stride=2, padding=1, output_padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(),
        nn.ConvTranspose2d(8, 6, 4, stride=(2, 1), padding=(1, 0), groups=2), nn.ReLU(), nn.ConvTranspose2d(6, 6, 3, groups=6, dilation=2),
        nn.ConvTranspose2d(6, 3, 2, 2), nn.Tanh())


@small([3, 13, 11])
def pooling():
    """Pooling of each kind."""
    def all_of(self, x):
        x = self.conv(x)
        return (
            F.max_pool2d(x, 3, 2, 1), F.max_pool2d(x, 3, 2, ceil_mode=True), F.max_pool2d(x, 2, 1, dilation=2), F.avg_pool2d(x, 3, 2, 1),
            F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), F.avg_pool2d(x, (2, 3)), F.lp_pool2d(x, 2, 3, 2),
            F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, 1), x.mean((2, 3)), x.amax((2, 3)))

    return Apply(all_of, conv=nn.Conv2d(3, 4, 3, padding=1))


@small([3, 9, 8])
def padding():
    """Padding of each mode but the circular one, of which PyTorch 1.13 writes files that pad with other elements."""
    return nn.Sequential(
        nn.ReflectionPad2d(2), nn.Conv2d(3, 4, 3), nn.ReplicationPad2d((1, 2, 0, 1)), nn.Conv2d(4, 4, 3), nn.ZeroPad2d((1, 0, 2, 1)),
        nn.Conv2d(4, 4, 3), nn.ConstantPad2d(1, 0.5), nn.Conv2d(4, 4, 3), nn.Conv2d(4, 2, 3, padding=1, padding_mode="reflect"))


@small([3, 20, 20])
def joined():
    """A small U-Net with crops, and a dense block."""
    def network(self, x):
        first = self.enc1(x)
        second = self.enc2(F.max_pool2d(first, 2))
        up = self.up(second)
        merged = self.dec(torch.cat([first[:, :, 1:-1, 2:-2][:, :, :up.shape[2], :up.shape[3]], up], 1))
        for layer in self.dense:
            merged = torch.cat([merged, layer(merged)], 1)
        return self.head(merged)

    return Apply(
        network, enc1=nn.Sequential(unit(3, 4), unit(4, 4)),
        enc2=nn.Sequential(nn.Conv2d(4, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU()),
        up=nn.ConvTranspose2d(8, 4, 2, 2), dec=unit(8, 6),
        dense=nn.ModuleList([nn.Sequential(nn.BatchNorm2d(6 + 2 * i), nn.ReLU(), nn.Conv2d(6 + 2 * i, 2, 3, padding=1)) for i in range(3)]),
        head=nn.Conv2d(12, 2, 1))


@small([4, 6, 6])
def arithmetic():
    """Arithmetic on tensors and numbers, as loss functions and heads have it."""
    def network(self, x):
        a, b = self.a(x), self.b(x)
        y = torch.maximum(a, b) * 0.5 - torch.minimum(a, b) / (1.5 + b.abs())
        y = (y - 0.1).clamp(-1, 2) + torch.sqrt(a ** 2 + b ** 2 + 1e-3)
        weights = torch.softmax(self.c(y), dim=1)
        return (weights * y).sum(1, keepdim=True), y.exp().mean((1, 2, 3)), torch.log_softmax(y.flatten(1), 1)

    return Apply(network, a=nn.Conv2d(4, 4, 1), b=nn.Conv2d(4, 4, 3, padding=1), c=nn.Conv2d(4, 4, 1))


@small([3, 16, 16])
def constants():
    """What depends on no input: weights of a fusion, an interpolated position embedding, spectral norms; and a vector of length 1."""
    def network(self, x):
        weights = F.softmax(self.weights, dim=0)
        y = weights[0] * self.a(x) + weights[1] * self.b(x)
        y = y + F.interpolate(self.norm(self.position.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), (16, 16), mode="bicubic")
        y = F.relu(self.c(y)) + F.conv2d(F.pad(self.position, (1, 1, 1, 1)), self.filters).mean()
        return F.normalize(self.fc(y.mean((2, 3)))), F.normalize(y)

    class Network(Apply):
        def __init__(self, **modules):
            super().__init__(network, **modules)
            self.weights = nn.Parameter(torch.rand(2))
            self.position = nn.Parameter(torch.rand(1, 6, 7, 7))
            self.filters = nn.Parameter(torch.rand(4, 6, 3, 3))

    return Network(
        a=nn.Conv2d(3, 6, 3, padding=1), b=nn.Conv2d(3, 6, 1), norm=nn.LayerNorm(6),
        c=nn.utils.spectral_norm(nn.Conv2d(6, 6, 3, stride=2, padding=1)), fc=nn.Linear(6, 5))


@small([3, 48, 24])
def windows():
    """torchvision's Swin transformer: windows of 3×3 on maps of 12×6 and 6×3, shifted in every second block."""
    from torchvision.models import SwinTransformer

    return SwinTransformer(
        [4, 4], 8, depths=[2, 2], num_heads=[2, 4], window_size=[3, 3], mlp_ratio=2, stochastic_depth_prob=0, num_classes=5)


@small([3, 32, 32])
def segmenter():
    """torchvision's LR-ASPP on a small backbone of equal blocks, of which one is read twice."""
    from torchvision.models.segmentation.lraspp import LRASPP

    def inverted(inputs, outputs, stride=1):
        return Inverted(inputs, 2 * inputs, outputs, stride, nn.Hardswish, nn.Hardsigmoid())

    def backbone(self, x):
        low = self.early(self.stem(x))
        return {"low": low, "high": self.late(low)}

    features = Apply(
        backbone, stem=unit(3, 4, 3, nn.Hardswish, stride=2), early=nn.Sequential(inverted(4, 6, 2), inverted(6, 6), inverted(6, 6)),
        late=nn.Sequential(inverted(6, 6), inverted(6, 6), inverted(6, 6), inverted(6, 8, 2), inverted(8, 8)))
    return Apply(lambda self, x: self.net(x)["out"], net=LRASPP(features, 6, 8, 3, 8))


def seed(name):
    torch.manual_seed(zlib.crc32(name.encode()))


def randomize(network):
    """Numbers that matter: running statistics and affine parameters are not 0 and 1."""
    for module in network.modules():
        if getattr(module, "running_var", None) is not None:
            module.running_mean.uniform_(-0.5, 0.5)
            module.running_var.uniform_(0.5, 1.5)
        if isinstance(module, (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)) and module.weight is not None:
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.uniform_(-0.5, 0.5)


def write_tensors(path, tensors, keys):
    """A safetensors file, whose metadata has the keys of the network's parameters."""
    header, offset = {"__metadata__": {"keys": " ".join(keys)}}, 0
    for name, tensor in tensors.items():
        length = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + length]}
        offset += length
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().numpy().astype("<f4").tobytes())


def export(folder, name, network, shapes, opsets):
    """Writes a network's files, and what it computes."""
    network.eval()
    inputs = [torch.rand(SAMPLES, *shape) * 2 - 1 for shape in shapes]
    with torch.no_grad():
        outputs = network(*inputs)
    outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
    inputs_of = [f"input{i}" for i in range(len(inputs))]
    outputs_of = [f"output{i}" for i in range(len(outputs))]
    write_tensors(folder / f"{name}.safetensors", dict(zip(inputs_of + outputs_of, inputs + outputs)),
                  [key for key in network.state_dict() if not key.endswith(("num_batches_tracked", "position_index"))])
    for opset, is_folded in opsets:
        path = folder / f"{name}-{opset}-{'folded' if is_folded else 'plain'}.onnx"
        sample = tuple(values[:1] for values in inputs)
        mode = torch.onnx.TrainingMode.EVAL if is_folded else torch.onnx.TrainingMode.PRESERVE
        axes = None if is_folded else {key: {0: "batch"} for key in inputs_of + outputs_of}
        torch.onnx.export(
            network, sample, str(path), opset_version=opset, do_constant_folding=is_folded, training=mode, input_names=inputs_of,
            output_names=outputs_of, dynamic_axes=axes)
        print(path.name, path.stat().st_size)


def export_training(folder, name, network, shapes, opset):
    """Writes the file of a network in training mode. The trace changes running statistics, which are put back."""
    state = {key: values.clone() for key, values in network.state_dict().items()}
    path = folder / f"{name}-{opset}-training.onnx"
    torch.onnx.export(
        network.train(), tuple(torch.rand(SAMPLES, *shape) for shape in shapes), str(path), opset_version=opset, do_constant_folding=False,
        training=torch.onnx.TrainingMode.TRAINING, input_names=["input0"], output_names=["output0"])
    network.load_state_dict(state)
    network.eval()
    import onnx
    from onnx import numpy_helper
    model = onnx.load(str(path))
    for tensor in model.graph.initializer:
        if tensor.name in state:
            tensor.CopyFrom(numpy_helper.from_array(state[tensor.name].numpy(), tensor.name))
    onnx.save(model, str(path))
    print(path.name, path.stat().st_size)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="the folder for networks of torchvision")
    parser.add_argument("--only", nargs="*", default=[], help="the networks that are exported; by default all")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_grad_enabled(False)
    if arguments.all is None:
        for name, (build, shapes) in SMALL.items():
            if not arguments.only or name in arguments.only:
                seed(name)
                network = build()
                if name != "fresh":
                    randomize(network)
                export(Path(__file__).parent, name, network, shapes, FEW.get(name, WAYS))
                if name in TRAINED:
                    export_training(Path(__file__).parent, name, network, shapes, TRAINED[name])
        return
    import torchvision
    arguments.all.mkdir(parents=True, exist_ok=True)
    for i, name in enumerate(ALL):
        if not arguments.only or name in arguments.only:
            seed(name)
            options = {"init_weights": False, "aux_logits": False} if name in ("googlenet", "inception_v3") else {}
            network = getattr(torchvision.models, name)(weights=None, **options)
            randomize(network)
            size = 299 if name == "inception_v3" else 224
            opset = OPSETS[i % len(OPSETS)]
            export(arguments.all, name, network, [[3, size, size]], [(opset, False), (opset, True)])


if __name__ == "__main__":
    sys.exit(main())
