#!/usr/bin/env python3
"""The training peer: the same network, weights and batch in PyTorch, driven over standard input.

usage: peer_training.py FOLDER BATCH THREADS CHANNELS,HEIGHT,WIDTH LEARNING_RATE MOMENTUM CHECK_STEPS TYPE

TYPE is float32, or float64 to tell how far rounding takes the two sides. The protocol is that of Workers/WorkerServer.cs; FOLDER holds what Workers/Case.cs wrote.
"""

import collections
import ctypes
import functools
import json
import math
import operator
import os
import re
import struct
import sys
import time


def read_safetensors(path, torch, kind):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(data, dtype=torch.float32, offset=begin, count=(end - begin) // 4)
            tensors[name] = flat.reshape(entry["shape"]).to(kind, copy=True)
    return tensors


def padded(layer, functional, value=0.0):
    """The padding that a module takes, and what is padded before it where its two sides differ."""
    before, after = layer["before"], layer["after"]
    if before == after:
        return tuple(before), None
    pads = [side for pair in zip(reversed(before), reversed(after)) for side in pair]
    return (0,) * len(before), lambda x: functional.pad(x, pads, value=value)


def window_module(layer, parameters, nn):
    kind, rank = layer["kind"], "%dd" % layer["dimensions"]
    kernel, stride = tuple(layer["kernel"]), tuple(layer["stride"])
    if kind == "MaxPool":
        padding, pad = padded(layer, nn.functional, -math.inf)
        module = getattr(nn, "MaxPool" + rank)(
            kernel, stride=stride, padding=padding, ceil_mode=layer["ceil"], return_indices=layer["gives_indices"])
    elif kind == "AveragePool":
        if layer["before"] != layer["after"]:
            raise ValueError("average pooling with two paddings, '%s'" % layer["name"])
        module, pad = getattr(nn, "AvgPool" + rank)(
            kernel, stride=stride, padding=tuple(layer["before"]), ceil_mode=layer["ceil"], count_include_pad=layer["count_padding"]), None
    else:
        padding, pad = padded(layer, nn.functional)
        mode = layer["padding_mode"].split(".")[-1].lower()
        weight = parameters["weight"]
        options = dict(stride=stride, padding=padding, dilation=tuple(layer["dilation"]), groups=layer["groups"], bias="bias" in parameters)
        if kind == "Conv":
            if pad and mode != "zeros":
                raise ValueError("two paddings of %s, '%s'" % (mode, layer["name"]))
            module = getattr(nn, "Conv" + rank)(
                weight.shape[1] * layer["groups"], weight.shape[0], kernel, padding_mode=mode, **options)
        else:
            if pad:
                raise ValueError("a transposed convolution with two paddings, '%s'" % layer["name"])
            module = getattr(nn, "ConvTranspose" + rank)(
                weight.shape[0], weight.shape[1] * layer["groups"], kernel, output_padding=tuple(layer["output_padding"]), **options)
    return nn.Sequential(wrap(pad, nn), module) if pad else module


def wrap(function, nn):
    """A module that calls a function."""
    class Wrapper(nn.Module):
        def forward(self, *inputs):
            return function(*inputs)

    return Wrapper()


def over_channels(kind):
    """A module of tensors with channels last, for those with channels first."""
    class OverChannels(kind):
        def forward(self, x):
            return super().forward(x.movedim(1, -1)).movedim(-1, 1)

    return OverChannels


def scale(parameters, nn):
    """A factor for each channel, and perhaps a summand."""
    class Scale(nn.Module):
        def __init__(self):
            super().__init__()
            self.names = {suffix: "bias" if suffix == "bias" else "weight" for suffix in parameters}
            for suffix, name in self.names.items():
                self.register_parameter(name, nn.Parameter(parameters[suffix].clone()))

        def forward(self, x):
            each = [-1] + [1] * (x.dim() - 2)
            y = x * self.weight.reshape(each)
            return y + self.bias.reshape(each) if "bias" in self.names else y

    return Scale()


def module_of(layer, parameters, in_place, nn):
    """The module of a layer, which takes its inputs."""
    kind, shape = layer["kind"], layer["output_shape"]
    functional = nn.functional
    if kind in ("Conv", "ConvTranspose", "MaxPool", "AveragePool"):
        return window_module(layer, parameters, nn)
    if kind == "Dense":
        weight = parameters["weight"]
        kind = nn.Linear if len(shape) == 1 else over_channels(nn.Linear)
        return kind(weight.shape[1], weight.shape[0], bias="bias" in parameters)
    if kind == "LayerNorm":
        kind, normalized = (over_channels(nn.LayerNorm), shape[:1]) if layer["over_channels"] else (nn.LayerNorm, shape)
        return kind(normalized, eps=layer["epsilon"], elementwise_affine="weight" in parameters)
    if kind == "Scale":
        return scale(parameters, nn)
    if kind == "BatchNorm":
        rank = len(layer["input_shape"])
        norm = {3: nn.BatchNorm2d, 4: nn.BatchNorm3d}.get(rank, nn.BatchNorm1d)
        return norm(layer["input_shape"][0], eps=layer["epsilon"], momentum=layer["momentum"], affine="weight" in parameters)
    if kind == "PReLU":
        return nn.PReLU(parameters["weight"].numel())
    if kind == "LeakyReLU":
        return nn.LeakyReLU(layer["slope"], inplace=in_place)
    if kind in ("ReLU", "ReLU6"):
        return getattr(nn, kind)(inplace=in_place)
    if kind in ("ELU", "SELU", "SiLU", "GELU", "Sigmoid", "Tanh", "Softplus", "Softsign", "Mish", "LogSigmoid"):
        return getattr(nn, kind)()
    if kind in ("HardSwish", "HardSigmoid"):
        return {"HardSwish": nn.Hardswish, "HardSigmoid": nn.Hardsigmoid}[kind]()
    if kind == "Softmax":
        return nn.Softmax(dim=1)
    if kind == "Dropout":
        return nn.Dropout(layer["rate"])
    if kind == "SpatialDropout":
        return {2: nn.Dropout2d, 3: nn.Dropout3d}[len(shape) - 1](layer["rate"])
    if kind == "StochasticDepth":
        return wrap(lambda x: x * nn.functional.dropout(x.new_ones([x.shape[0]] + [1] * len(shape)), layer["rate"]), nn)
    if kind == "Flatten":
        return nn.Flatten()
    if kind == "Reshape":
        return wrap(lambda x: x.reshape([x.shape[0]] + shape), nn)
    if kind == "Add":
        return wrap(lambda *branches: functools.reduce(operator.add, branches), nn)
    if kind == "Multiply":
        return wrap(lambda *branches: functools.reduce(operator.mul, branches), nn)
    if kind == "Concat":
        import torch
        return wrap(lambda *branches: torch.cat(branches, 1), nn)
    if kind in ("Slice", "Split"):
        return wrap(lambda x: x.narrow(layer["along"], layer["first"], shape[layer["along"] - 1]), nn)
    if kind == "ChannelShuffle":
        return wrap(lambda x: x.unflatten(1, (layer["shuffled_groups"], -1)).transpose(1, 2).flatten(1, 2), nn)
    if kind in ("AdaptiveAveragePool", "GlobalAveragePool"):
        return getattr(nn, "AdaptiveAvgPool%dd" % layer["dimensions"])(tuple(shape[1:]))
    if kind in ("AdaptiveMaxPool", "GlobalMaxPool"):
        return getattr(nn, "AdaptiveMaxPool%dd" % layer["dimensions"])(tuple(shape[1:]))
    if kind == "Pad":
        pads = [side for pair in zip(reversed(layer["before"]), reversed(layer["after"])) for side in pair]
        mode = {"Zeros": "constant"}.get(layer["padding_mode"].split(".")[-1], layer["padding_mode"].split(".")[-1].lower())
        return wrap(lambda x: functional.pad(x, pads, mode=mode), nn)
    if kind == "Upsample":
        if layer["mode"] == "UpsampleMode.Nearest":
            return nn.Upsample(size=tuple(shape[1:]), mode="nearest")
        mode = {1: "linear", 2: "bilinear", 3: "trilinear"}[len(shape) - 1]
        return nn.Upsample(size=tuple(shape[1:]), mode=mode, align_corners=layer["align_corners"])
    if kind == "MaxUnpool":
        return wrap(
            lambda x, indices: getattr(functional, "max_unpool%dd" % layer["dimensions"])(
                x, indices, layer["pool"]["kernel"], layer["pool"]["stride"], layer["pool"]["before"], output_size=shape[1:]), nn)
    raise ValueError("PyTorch has no form here for %s '%s'" % (kind, layer["name"]))


def criterion_of(loss, makers, torch):
    """The tensor that a loss reads, and the function of it and the target. Losses on probabilities take the logits before them."""
    nn, kind, tensor = torch.nn, loss["kind"], loss["tensor"]
    before = makers[tensor]
    if loss["weighs_classes"]:
        raise ValueError("class weights are not told")
    if kind == "CrossEntropy":
        tensor = before["inputs"][0] if before["kind"] == "Softmax" else tensor
        return tensor, nn.CrossEntropyLoss(reduction=loss["reduction"], ignore_index=loss["ignore_index"])
    if kind == "BinaryCrossEntropy":
        if before["kind"] == "Sigmoid":
            return before["inputs"][0], nn.BCEWithLogitsLoss(reduction=loss["reduction"])
        return tensor, nn.BCELoss(reduction=loss["reduction"])
    if kind in ("MeanSquaredError", "MeanAbsoluteError"):
        return tensor, {"MeanSquaredError": nn.MSELoss, "MeanAbsoluteError": nn.L1Loss}[kind](reduction=loss["reduction"])
    raise ValueError("PyTorch has no form here for the loss " + kind)


class Plan:
    """The layers that the losses need, in order, each with the module and the tensors that it reads."""

    # What saves its input for backward, but not its output: who reads that alone may overwrite it, as torchvision's networks do.
    SAVES_INPUT = ("Conv", "ConvTranspose", "Dense", "BatchNorm", "Add")

    def __init__(self, network, tensors, torch):
        layers = network["layers"]
        by_name = {layer["name"]: layer for layer in layers}
        self.losses = [(criterion_of(loss, by_name, torch), loss) for loss in network["losses"]]
        needed = {tensor for (tensor, _), _ in self.losses}
        for layer in reversed(layers):
            if layer["name"] in needed:
                needed.update(layer["inputs"])
        layers = [layer for layer in layers if layer["name"] in needed]
        reads = collections.Counter(name for layer in layers for name in set(layer["inputs"]))
        reads.update(tensor for (tensor, _), _ in self.losses)
        self.modules = torch.nn.ModuleList()
        self.keys = {}
        self.calls = []
        for layer in layers:
            layer["gives_indices"] = False
        for layer in layers:
            if layer["kind"] == "MaxUnpool":
                layer["pool"] = next(by_name[name] for name in layer["inputs"] if name in by_name and by_name[name]["kind"] == "MaxPool")
                layer["pool"]["gives_indices"] = True
        for layer in layers:
            parameters = {suffix: tensors[key] for suffix, key in layer["parameters"].items()}
            source = layer["inputs"][0]
            in_place = reads[source] == 1 and source in by_name and by_name[source]["kind"] in self.SAVES_INPUT
            module = module_of(layer, parameters, in_place, torch.nn)
            # A padded window is a sequence, whose last module has the parameters.
            owner = module[-1] if isinstance(module, torch.nn.Sequential) else module
            own = dict(owner.named_parameters(recurse=False), **dict(owner.named_buffers(recurse=False)))
            if layer["kind"] == "Scale":
                own = {suffix: own[name] for suffix, name in module.names.items()}
            with torch.no_grad():
                for suffix, key in layer["parameters"].items():
                    own[suffix].copy_(parameters[suffix].reshape(own[suffix].shape))
                    self.keys[key] = own[suffix]
            self.modules.append(module)
            inputs = [layer["inputs"][0], layer["pool"]["name"] + "/indices"] if layer["kind"] == "MaxUnpool" else layer["inputs"]
            self.calls.append((module, tuple(inputs), layer["name"], layer["gives_indices"]))
        self.sequence = None
        names = ["input"] + [call[2] for call in self.calls]
        if len(self.losses) == 1 and all(call[1] == (name,) and not call[3] for call, name in zip(self.calls, names)):
            self.sequence = torch.nn.Sequential(*self.modules)

    def run(self, inputs):
        """The tensors of the losses."""
        if self.sequence is not None:
            return [self.sequence(inputs)]
        tensors = {"input": inputs}
        for module, read, name, gives_indices in self.calls:
            result = module(*[tensors[key] for key in read])
            if gives_indices:
                tensors[name], tensors[name + "/indices"] = result
            else:
                tensors[name] = result
        return [tensors[tensor] for (tensor, _), _ in self.losses]


def peak_megabytes():
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def settings(torch):
    """Which kernels the libraries below PyTorch take on this processor."""
    found = re.search(r"CPU capability usage: (\w+)", torch.__config__.show())
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
        libraries = sorted({line.split()[-1] for line in maps if "blas" in line})
    core = "no OpenBLAS"
    for library in libraries:
        library = ctypes.CDLL(library)
        if hasattr(library, "openblas_get_corename"):
            library.openblas_get_corename.restype = ctypes.c_char_p
            core = "OpenBLAS " + library.openblas_get_corename().decode()
    return core + (", ATen " + found.group(1) if found else "")


def serve(folder, batch, threads, shape, learning_rate, momentum, check_steps, kind):
    import torch

    kind = getattr(torch, kind)
    torch.set_default_dtype(kind)
    torch.set_num_threads(threads)
    with open(os.path.join(folder, "network.json"), encoding="utf-8") as file:
        network = json.load(file)
    plan = Plan(network, read_safetensors(os.path.join(folder, "weights.safetensors"), torch, kind), torch)
    plan.modules.train()
    optimizer = torch.optim.SGD(plan.modules.parameters(), lr=learning_rate, momentum=momentum)

    def read(name, stored, wanted):
        with open(os.path.join(folder, name), "rb") as file:
            data = bytearray(file.read())
        return torch.frombuffer(data, dtype=stored).to(wanted, copy=True) if data else torch.zeros(0, dtype=wanted)

    inputs = read("input.bin", torch.float32, kind).reshape([batch] + shape)
    classes = read("targets.bin", torch.int32, torch.int64).reshape(batch, -1)
    values = read("values.bin", torch.float32, kind).reshape(batch, -1)
    targets = []
    for tensor, (_, loss) in zip(plan.run(inputs), plan.losses):
        target = (classes if loss["takes_classes"] else values)[:, loss["target_offset"]:loss["target_offset"] + loss["target_length"]]
        wanted = [batch] + list(tensor.shape[2:]) if loss["takes_classes"] else tensor.shape
        targets.append(target.reshape(wanted).contiguous())
    # Running statistics were moved by that pass.
    tensors = read_safetensors(os.path.join(folder, "weights.safetensors"), torch, kind)
    with torch.no_grad():
        for key, value in plan.keys.items():
            value.copy_(tensors[key].reshape(value.shape))

    def step():
        optimizer.zero_grad(set_to_none=True)
        results = plan.run(inputs)
        losses = [
            criterion(result, target) * data["weight"] if data["weight"] != 1 else criterion(result, target)
            for result, target, ((_, criterion), data) in zip(results, targets, plan.losses)]
        loss = functools.reduce(operator.add, losses)
        loss.backward()
        optimizer.step()
        return loss

    def reply(text):
        print(text, flush=True)

    reply("ready PyTorch %s; %s" % (torch.__version__, settings(torch)))
    for line in sys.stdin:
        words = line.strip().split(" ", 1)
        if words[0] == "check":
            results = [step().detach().reshape(1) for _ in range(check_steps)]
            results += [plan.keys[key].detach().reshape(-1) for key in network["parameters"] if key in plan.keys]
            with open(words[1], "wb") as file:
                file.write(torch.cat(results).to(torch.float32).numpy().tobytes())
            reply("ok")
        elif words[0] == "run":
            calls = int(words[1])
            for _ in range(calls // 8 + (1 if calls > 1 else 0)):
                step()
            start = time.perf_counter()
            for _ in range(calls):
                step()
            reply("time %r" % (time.perf_counter() - start))
        elif words[0] == "peak":
            reply("peak %.1f" % peak_megabytes())
        else:
            return


def main():
    folder, batch, threads, shape, learning_rate, momentum, check_steps, kind = sys.argv[1:]
    try:
        serve(folder, int(batch), int(threads), [int(extent) for extent in shape.split(",")],
              float(learning_rate), float(momentum), int(check_steps), kind)
    except Exception as error:  # the other side prints it
        print("error %s: %s" % (type(error).__name__, str(error).replace("\n", " ")), flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
