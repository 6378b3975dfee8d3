#!/usr/bin/env python3
"""The training peer: the same network, weights and batch in PyTorch, driven over standard input.

usage: peer_training.py FOLDER BATCH THREADS CHANNELS,HEIGHT,WIDTH LEARNING_RATE MOMENTUM CHECK_STEPS

The protocol is that of Workers/WorkerServer.cs; FOLDER holds what Workers/Case.cs wrote.
"""

import json
import os
import struct
import sys
import time


def read_safetensors(path, torch):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(data, dtype=torch.float32, offset=begin, count=(end - begin) // 4)
            tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors


def build(layers, tensors, torch):
    nn = torch.nn
    modules = []
    for layer in layers:
        kind = layer["kind"]
        if kind in ("Convolution", "Dense"):
            weight = tensors[layer["weight"]]
            bias = tensors.get(layer.get("bias"))
            if kind == "Convolution":
                module = nn.Conv2d(
                    weight.shape[1] * layer["groups"], weight.shape[0], tuple(weight.shape[2:]), stride=layer["stride"],
                    padding=layer["padding"], dilation=layer["dilation"], groups=layer["groups"], bias=bias is not None)
            else:
                module = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
            with torch.no_grad():
                module.weight.copy_(weight)
                if bias is not None:
                    module.bias.copy_(bias)
        elif kind in ("MaxPool", "AveragePool"):
            pool = nn.MaxPool2d if kind == "MaxPool" else nn.AvgPool2d
            module = pool(layer["kernel"], stride=layer["stride"], padding=layer["padding"])
        elif kind == "Softmax":
            continue  # CrossEntropyLoss takes logits.
        else:
            module = {"Flatten": nn.Flatten, "ReLU": nn.ReLU, "Sigmoid": nn.Sigmoid, "Tanh": nn.Tanh}[kind]()
        modules.append(module)
    return nn.Sequential(*modules)


def peak_megabytes():
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def serve(folder, batch, threads, shape, learning_rate, momentum, check_steps):
    import torch

    torch.set_num_threads(threads)
    with open(os.path.join(folder, "layers.json"), encoding="utf-8") as file:
        layers = json.load(file)
    tensors = read_safetensors(os.path.join(folder, "weights.safetensors"), torch)
    model = build(layers, tensors, torch)
    model.train()
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)
    with open(os.path.join(folder, "input.bin"), "rb") as file:
        inputs = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape([batch] + shape).clone()
    with open(os.path.join(folder, "targets.bin"), "rb") as file:
        targets = torch.frombuffer(bytearray(file.read()), dtype=torch.int32).to(torch.int64)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss

    def reply(text):
        print(text, flush=True)

    reply("ready PyTorch " + torch.__version__)
    for line in sys.stdin:
        words = line.strip().split(" ", 1)
        if words[0] == "check":
            results = [step().detach().reshape(1) for _ in range(check_steps)]
            results += [parameter.detach().reshape(-1) for parameter in model.parameters()]
            with open(words[1], "wb") as file:
                file.write(torch.cat(results).numpy().tobytes())
            reply("ok")
        elif words[0] == "run":
            calls = int(words[1])
            for _ in range(calls // 8 + 1):
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
    folder, batch, threads, shape, learning_rate, momentum, check_steps = sys.argv[1:]
    try:
        serve(folder, int(batch), int(threads), [int(extent) for extent in shape.split(",")],
              float(learning_rate), float(momentum), int(check_steps))
    except Exception as error:  # the other side prints it
        print("error %s: %s" % (type(error).__name__, str(error).replace("\n", " ")), flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
