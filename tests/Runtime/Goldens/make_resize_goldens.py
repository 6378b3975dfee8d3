#!/usr/bin/env python3
"""Writes resizes.json: images that Pillow has resized (Debian: apt install python3-pil).

Each image has the pixels (37x + 91y + 5(xy mod 17), x² + 3y, 255 − 7x + 2xy) mod 256 in red, green and blue.
"""
import base64
import json
import os

from PIL import Image

SIZES = [(7, 5, 3, 4), (64, 48, 20, 13), (5, 9, 17, 30), (40, 3, 40, 7), (31, 31, 1, 1), (33, 1, 5, 1), (10, 10, 10, 10), (100, 60, 28, 90)]


def draw(width, height):
    image = Image.new("RGB", (width, height))
    image.putdata([((37 * x + 91 * y + 5 * (x * y % 17)) % 256, (x * x + 3 * y) % 256, (255 - 7 * x + 2 * x * y) % 256)
                   for y in range(height) for x in range(width)])
    return image


cases = [{"from": [w, h], "to": [nw, nh], "pixels": base64.b64encode(draw(w, h).resize((nw, nh), Image.BILINEAR).tobytes()).decode()}
         for w, h, nw, nh in SIZES]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "resizes.json"), "w") as file:
    json.dump(cases, file, indent=1)
    file.write("\n")
