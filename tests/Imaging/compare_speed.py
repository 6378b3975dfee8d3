"""Reads and prepares pictures with Strata and with Pillow and torchvision in turn, and prints tables of the median times.

    dotnet build -c Release tests/Soak
    /usr/bin/python3 tests/Imaging/compare_speed.py [ROUNDS]
"""

import hashlib
import io
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import PIL
from PIL import Image, features

SOAK = pathlib.Path(__file__).parent.parent / "Soak/bin/Release/net10.0/Strata.Soak"
KINDS = {
    "4:2:0": dict(subsampling=2), "4:2:2": dict(subsampling=1), "4:4:4": dict(subsampling=0),
    "4:2:0, progressive": dict(subsampling=2, progressive=True), "4:4:4, progressive": dict(subsampling=0, progressive=True), "grey": {},
}


def photograph(width, height, seed=1):
    """Structure on all scales, and a little noise."""
    random = np.random.RandomState(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for size, weight in ((4, 60), (16, 50), (64, 30), (256, 16), (1024, 8)):
        small = random.randint(0, 256, (max(2, height * size // width), size, 3)).astype(np.uint8)
        picture += (np.asarray(Image.fromarray(small).resize((width, height), Image.BICUBIC)).astype(np.float32) - 128) * (weight / 128)
    picture += random.randn(height, width, 3) * 2
    return Image.fromarray(np.clip(picture + 128, 0, 255).astype(np.uint8))


def pillow(data):
    begin = time.perf_counter()
    Image.open(io.BytesIO(data)).load()
    return 1000 * (time.perf_counter() - begin)


def prepared(picture):
    """ImageNet's preprocessing: the time of torchvision, and the floats."""
    import torchvision.transforms as T

    steps = T.Compose([T.Resize(256), T.CenterCrop(224), T.ToTensor(), T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
    begin = time.perf_counter()
    tensor = steps(picture)
    return 1000 * (time.perf_counter() - begin), hashlib.sha256(tensor.numpy().tobytes()).hexdigest()


def prepare(strata, folder, rounds):
    """The table of preprocessing, and whether twenty photographs become the same floats."""
    import torch
    import torchvision

    torch.set_num_threads(1)
    print(f"\ntorchvision {torchvision.__version__}\n")
    print("| picture | threads | Strata | torchvision | Strata / torchvision |\n|---|--:|--:|--:|--:|")
    for width, height in ((4000, 3000), (803, 601)):
        path = pathlib.Path(folder) / f"prepare{width}.jpg"
        photograph(width, height).save(path, quality=90)
        picture = Image.open(path).convert("RGB")
        for threads in (1, 2):
            times = ([], [])
            for _ in range(rounds):
                strata.stdin.write(f"prepare {threads} {path}\n")
                times[0].append(float(strata.stdout.readline().split()[0]))
                times[1].append(prepared(picture)[0])
            ours, theirs = map(statistics.median, times)
            print(f"| {width}×{height} | {threads} | {ours:.2f} ms | {theirs:.2f} ms | {ours / theirs:.2f} |", flush=True)
    equal = 0
    for index in range(20):
        path = pathlib.Path(folder) / f"equal{index}.jpg"
        photograph(300 + 37 * index, 620 - 13 * index).save(path, quality=60 + 2 * index, subsampling=index % 3, progressive=index % 2 == 1)
        strata.stdin.write(f"prepare 2 {path}\n")
        equal += strata.stdout.readline().split()[1] == prepared(Image.open(path).convert("RGB"))[1]
    print(f"\n{equal} of 20 photographs become the same floats")


def main(rounds=21):
    family = next((line.split()[-1] for line in open("/proc/cpuinfo") if line.startswith("cpu family")), platform.processor())
    versions = f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}"
    print(f"{versions}, CPU family {family}; medians of {rounds} in turn\n")
    print("| picture | kind | Strata | Pillow | Strata / Pillow |\n|---|---|--:|--:|--:|")
    strata = subprocess.Popen([SOAK, "decode"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    with tempfile.TemporaryDirectory() as folder:
        for width, height in ((4000, 3000), (803, 601)):
            picture = photograph(width, height)
            for kind, options in KINDS.items():
                path = pathlib.Path(folder) / "picture.jpg"
                (picture.convert("L") if kind == "grey" else picture).save(path, quality=85, **options)
                data, times = path.read_bytes(), ([], [])
                for round in range(rounds + 20):
                    strata.stdin.write(f"{path}\n")
                    ours, theirs = float(strata.stdout.readline()), pillow(data)
                    if round >= 20:
                        times[0].append(ours)
                        times[1].append(theirs)
                ours, theirs = map(statistics.median, times)
                print(f"| {width}×{height} | {kind} | {ours:.2f} ms | {theirs:.2f} ms | {ours / theirs:.2f} |", flush=True)
        prepare(strata, folder, rounds)
    strata.stdin.close()


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:]])
