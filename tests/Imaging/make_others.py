"""Makes Others.zip: small BMP, GIF, PNG and TIFF files, and the pixels that Pillow reads from them, in the form of Corpus.zip.

    /usr/bin/python3 tests/Imaging/make_others.py [COUNT [SEED [FILE]]]
"""

import io
import pathlib
import random
import struct
import sys

import numpy as np
import PIL
from PIL import Image

from make_corpus import draw, pack


def save(picture, kind, **options):
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def bitmap(rng, width, height, bits, masks=None, top_down=False):
    """A bitmap that Pillow does not write: any bits, masks and order of rows."""
    stride = (width * bits + 31) // 32 * 4
    extra = struct.pack("<III", *masks) if masks else b""
    offset = 14 + 40 + len(extra)
    header = struct.pack("<IiiHHIIiiII", 40, width, -height if top_down else height, 1, bits, 3 if masks else 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", offset + stride * height, 0, 0, offset) + header + extra + rng.randbytes(stride * height)


def core_bitmap(rng, width, height):
    """The header of OS/2, with a palette of three bytes a colour."""
    stride = (width * 4 + 31) // 32 * 4
    offset = 14 + 12 + 48
    return (b"BM" + struct.pack("<IHHI", offset + stride * height, 0, 0, offset) + struct.pack("<IHHHH", 12, width, height, 1, 4)
            + rng.randbytes(48 + stride * height))


def make(rng):
    width, height = rng.randint(1, 40), rng.randint(1, 40)
    name = f"{width}x{height}"
    colours = Image.fromarray(draw(rng, width, height, 3), "RGB")
    kind = rng.choice(["bmp", "bmp-raw", "bmp-core", "gif", "gif", "gif-frame", "gif-animation", "apng", "png"])
    if kind == "bmp":
        mode = rng.choice(["1", "L", "P", "RGB", "RGBA"])
        return f"{name}-bmp-{mode}", save(colours.convert(mode), "BMP")
    if kind == "bmp-raw":
        bits = rng.choice([16, 24, 32])
        masks = rng.choice([None, (0xF800, 0x7E0, 0x1F), (0x7C00, 0x3E0, 0x1F)]) if bits == 16 else None
        top_down = rng.random() < 0.5
        return f"{name}-bmp-{bits}", bitmap(rng, width, height, bits, masks, top_down)
    if kind == "bmp-core":
        return f"{name}-bmp-core", core_bitmap(rng, width, height)
    if kind == "gif":
        picture = colours.quantize(rng.choice([2, 3, 16, 200, 256])) if rng.random() < 0.8 else colours.convert("L")
        options = {"transparency": rng.randrange(2)} if rng.random() < 0.4 else {}
        return f"{name}-gif", save(picture, "GIF", interlace=rng.random() < 0.5, optimize=rng.random() < 0.5, **options)
    if kind == "gif-frame":
        # A frame that is smaller than the screen.
        options = {"transparency": 1} if rng.random() < 0.5 else {}
        data = bytearray(save(colours.quantize(64), "GIF", optimize=False, **options))
        struct.pack_into("<HH", data, 6, width + rng.randrange(9), height + rng.randrange(9))
        return f"{name}-gif-frame", bytes(data)
    if kind == "gif-animation":
        more = [Image.fromarray(draw(rng, width, height, 3), "RGB").quantize(32) for _ in range(2)]
        return f"{name}-gif-animation", save(colours.quantize(32), "GIF", save_all=True, append_images=more)
    if kind == "apng":
        more = [Image.fromarray(draw(rng, width, height, 3), "RGB") for _ in range(2)]
        return f"{name}-apng", save(colours, "PNG", save_all=True, append_images=more)
    return f"{name}-png", save(colours.convert(rng.choice(["L", "RGB"])), "PNG")


def make_tiff(rng):
    width, height = rng.randint(1, 40), rng.randint(1, 40)
    colours = Image.fromarray(draw(rng, width, height, 3), "RGB")
    mode = rng.choice(["1", "L", "P", "RGB", "RGBA", "CMYK"])
    compression = rng.choice([None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
    options = {"tiffinfo": {278: rng.randint(1, height)}} if rng.random() < 0.5 else {}
    return f"{width}x{height}-tiff-{mode}-{compression}", save(colours.convert(mode), "TIFF", compression=compression, **options)


def main(count=200, seed=1, target=None):
    rng = random.Random(seed)
    files, pixels, index = b"", b"", []
    for number in range(count + count // 3):
        name, data = make(rng) if number < count else make_tiff(rng)
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        index.append(f"{name} {len(data)} {picture.width} {picture.height} - {len(pixels)}")
        files += data
        pixels += picture.tobytes()

    versions = f"Pillow {PIL.__version__}, numpy {np.__version__}, seed {seed}"
    pack(target or pathlib.Path(__file__).with_name("Others.zip"), versions, index, files, pixels)


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:3]], *sys.argv[3:4])
