"""Writes goldens.json: hashes of what torchvision's transforms make of Pillow images, whose pixels a formula gives."""
import hashlib
import json
import pathlib

import numpy as np
import PIL
import torchvision
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def picture(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return Image.fromarray((((x * 7 + y * 13 + c * 29) ^ (x * y * (c + 1))) & 255).astype(np.uint8))


def fingerprint(tensor):
    return hashlib.sha256(tensor.numpy().astype("<f4").tobytes()).hexdigest()


cases = []
sizes = [(1, 1), (5, 3), (17, 64), (64, 17), (100, 75), (256, 256), (301, 203), (333, 500), (640, 427), (803, 601)]
for index, (w, h) in enumerate(sizes):
    for shorter, crop in [(32, (24, 20)), (16, (28, 28)), (256, (224, 224))]:
        for filter in ["Bilinear", "Bicubic"]:
            mode = InterpolationMode[filter.upper()]
            steps = [T.Resize(shorter, mode), T.CenterCrop((crop[1], crop[0])), T.ToTensor(), T.Normalize(MEAN, STD)]
            cases.append({"size": [w, h], "fit": "Crop", "shorter": shorter, "to": crop, "filter": filter,
                          "hash": fingerprint(T.Compose(steps)(picture(w, h)))})
            steps = [T.Resize((crop[1], crop[0]), mode), T.ToTensor(), T.Normalize(MEAN, STD)]
            cases.append({"size": [w, h], "fit": "Stretch", "shorter": shorter, "to": crop, "filter": filter,
                          "hash": fingerprint(T.Compose(steps)(picture(w, h)))})

# One channel: Grayscale comes first. A part of the picture: what RandomResizedCrop does with a part that is drawn.
grays, parts = [], []
for w, h in sizes[1:]:
    for resize in (T.Resize((20, 24)), T.Compose([T.Resize(32), T.CenterCrop((20, 24))])):
        steps = [T.Grayscale(), resize, T.ToTensor(), T.Normalize([0.5], [0.25])]
        grays.append({"size": [w, h], "fit": "Crop" if len(grays) % 2 else "Stretch", "hash": fingerprint(T.Compose(steps)(picture(w, h)))})
    top, left, rows, columns = h // 5, w // 4, max(1, h // 2), max(1, w // 3)
    part = T.functional.resized_crop(picture(w, h), top, left, rows, columns, (20, 24))
    parts.append({"size": [w, h], "part": [left, top, columns, rows],
                  "hash": fingerprint(T.Normalize(MEAN, STD)(T.functional.to_tensor(part)))})

# Warped pictures: bytes of Pillow.
def solve(start, end):
    """The coefficients of torchvision's perspective, in double precision."""
    rows, right = [], []
    for (x, y), (u, v) in zip(end, start):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.linalg.solve(np.array(rows, float), np.array(right, float))


warps = []
for w, h in [(1, 1), (9, 9), (40, 31), (31, 40), (101, 67)]:
    image = picture(w, h)
    for degrees in [0, 1, 30, 45, 90, 137.5, 180, 200, 270, -15, 400]:
        turned = image.rotate(degrees, Image.BILINEAR, fillcolor=(10, 200, 30))
        warps.append({"size": [w, h], "degrees": degrees, "hash": hashlib.sha256(turned.tobytes()).hexdigest()})
    start, end = [(0, 0), (w, 0), (w, h), (0, h)], [(w * 0.1, h * 0.2), (w * 0.8, 0), (w, h * 0.9), (w * 0.2, h)]
    end = [[float(np.float32(v)) for v in p] for p in end]
    warped = image.transform((w, h), Image.PERSPECTIVE, solve(start, end), Image.BILINEAR, fillcolor=(10, 200, 30))
    warps.append({"size": [w, h], "to": end, "hash": hashlib.sha256(warped.tobytes()).hexdigest()})

goldens = {"versions": f"torchvision {torchvision.__version__}, Pillow {PIL.__version__}", "cases": cases,
           "grays": grays, "parts": parts, "warps": warps}
pathlib.Path(__file__).with_name("goldens.json").write_text(json.dumps(goldens, indent=0) + "\n")
print(goldens["versions"], len(cases))
