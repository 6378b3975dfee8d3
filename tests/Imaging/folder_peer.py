"""What `Soak -- folder` asks of torchvision: writes a folder of photographs, and streams it with ImageFolder and DataLoader.

Commands come in, line by line: "make FOLDER", "hash FOLDER", "epoch FOLDER WORKERS KIND"; an answer goes out for each.
"""

import hashlib
import pathlib
import random
import sys
import time

import torch
import torchvision
import torchvision.transforms as T
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder

from compare_speed import photograph

BATCH, CLASSES, FILES = 32, 4, 100
LOADERS = {}


def make(folder):
    """400 files of four classes, about 500×375, as most of ImageNet's are."""
    rng = random.Random(1)
    for name in range(CLASSES):
        path = pathlib.Path(folder) / f"class{name}"
        path.mkdir(parents=True)
        for file in range(FILES):
            width, height = 500 + rng.randint(-20, 20), 375 + rng.randint(-20, 20)
            if rng.random() < 0.25:
                width, height = height, width
            photograph(width, height, seed=1000 * name + file).save(path / f"{file:03}.jpg", quality=rng.choice([85, 90, 95]))
    return f"{CLASSES * FILES}"


def loader(folder, workers, kind):
    """ImageNet's preprocessing; half of the pictures are mirrored, and cropped at random, if kind says so. Workers stay."""
    key = (folder, workers, kind)
    if key not in LOADERS:
        cut = [T.RandomResizedCrop(224)] if kind == "cropped" else [T.Resize(256), T.CenterCrop(224)]
        steps = [*cut, *([T.RandomHorizontalFlip()] if kind != "plain" else []), T.ToTensor(),
                 T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
        LOADERS[key] = DataLoader(
            ImageFolder(folder, T.Compose(steps)), BATCH, shuffle=kind != "plain", num_workers=workers, persistent_workers=workers > 0)
    return LOADERS[key]


def epoch(folder, workers, kind):
    begin, count = time.perf_counter(), 0
    for _, classes in loader(folder, workers, kind):
        count += len(classes)
    return f"{count / (time.perf_counter() - begin):.3f}"


def main():
    torch.set_num_threads(1)
    print(f"torchvision {torchvision.__version__}, PyTorch {torch.__version__}", flush=True)
    for line in sys.stdin:
        command, folder, *rest = line.rstrip("\n").split("\t")
        if command == "make":
            print(make(folder), flush=True)
        elif command == "hash":
            digest = hashlib.sha256()
            for inputs, _ in loader(folder, 0, "plain"):
                digest.update(inputs.numpy().tobytes())
            print(digest.hexdigest(), flush=True)
        else:
            print(epoch(folder, int(rest[0]), rest[1]), flush=True)


if __name__ == "__main__":
    main()
