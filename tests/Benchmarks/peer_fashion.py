#!/usr/bin/env python3
"""What `samples/Zoo -- fashion` does, in PyTorch: ResNet-20 on Fashion-MNIST, with the same recipe and the same lines on standard output.

usage: peer_fashion.py --data DIRECTORY [--epochs N] [--batch N] [--threads N] [--seed N]
"""

import argparse
import gzip
import os
import time

import torch
from torch import nn
from torch.nn import functional

PEAK_RATE, MOMENTUM, WEIGHT_DECAY, CROP_PADDING = 0.2, 0.9, 5e-4, 4
MEAN, DEVIATION = 0.2860, 0.3530


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut: the identity where it fits, else a 1×1 convolution and batch norm."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.downsample = None if stride == 1 and channels == filters else nn.Sequential(
            nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        y = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)), inplace=True)))
        y += x if self.downsample is None else self.downsample(x)
        return functional.relu(y, inplace=True)


def resnet20():
    """He et al. 2016, section 4.2, with PyTorch's initial weights, as samples/Zoo has it."""
    stages = [BasicBlock(channels, filters, stride) for first, filters, first_stride in ((16, 16, 1), (16, 32, 2), (32, 64, 2))
              for channels, stride in ((first, first_stride), (filters, 1), (filters, 1))]
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True),
        *stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def read(directory, name):
    """Images, N×1×28×28 from 0 to 1, and their classes."""
    def elements(file, offset):
        path = os.path.join(directory, file)
        with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as stream:
            return torch.frombuffer(bytearray(stream.read()), dtype=torch.uint8, offset=offset)

    images = elements(name + "-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
    return images.float() / 255, elements(name + "-labels-idx1-ubyte", 8).long()


def augment(images):
    """Crops each image out of a padded one, and mirrors half of them."""
    count, _, height, width = images.shape
    padded = functional.pad(images, [CROP_PADDING] * 4)
    top, left = torch.randint(2 * CROP_PADDING + 1, (2, count, 1))
    rows, columns = top + torch.arange(height), left + torch.arange(width)
    columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns)
    return padded[torch.arange(count)[:, None, None], 0, rows[:, :, None], columns[:, None, :]].unsqueeze(1)


def normalize(images):
    return (images - MEAN) / DEVIATION


def accuracy(network, images, labels):
    network.eval()
    with torch.no_grad():
        right = sum(
            (network(normalize(some)).argmax(1) == wanted).sum().item() for some, wanted in zip(images.split(128), labels.split(128)))
    network.train()
    return right / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    images, labels = read(options.data, "train")
    test_images, test_labels = read(options.data, "t10k")
    network = resnet20()
    optimizer = torch.optim.SGD(network.parameters(), PEAK_RATE, momentum=MOMENTUM, nesterov=True, weight_decay=WEIGHT_DECAY)
    steps = options.epochs * len(labels.split(options.batch))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps, cycle_momentum=False)
    print("PyTorch %s, %d threads, batches of %d" % (torch.__version__, options.threads, options.batch), flush=True)
    for epoch in range(1, options.epochs + 1):
        start, total = time.perf_counter(), 0.0
        for chosen in torch.randperm(len(labels)).split(options.batch):
            optimizer.zero_grad(set_to_none=True)
            loss = functional.cross_entropy(network(normalize(augment(images[chosen]))), labels[chosen])
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(chosen)
        seconds = time.perf_counter() - start
        print("epoch %d of %d: loss %.4f, test accuracy %.2f %%, %.1f s" % (
            epoch, options.epochs, total / len(labels), 100 * accuracy(network, test_images, test_labels), seconds), flush=True)


if __name__ == "__main__":
    main()
