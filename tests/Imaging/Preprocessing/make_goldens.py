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

goldens = {"versions": f"torchvision {torchvision.__version__}, Pillow {PIL.__version__}", "cases": cases}
pathlib.Path(__file__).with_name("goldens.json").write_text(json.dumps(goldens, indent=0) + "\n")
print(goldens["versions"], len(cases))
