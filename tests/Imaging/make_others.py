"""Makes Others.zip: small BMP, GIF, PNG and TIFF files, and the pixels that Pillow reads from them, in the form of Corpus.zip.

    /usr/bin/python3 tests/Imaging/make_others.py [COUNT [SEED [FILE]]]

The first files are of kinds by chance. Then each kind of `all_kinds` comes ROUNDS times.
"""

import io
import pathlib
import random
import struct
import sys
import warnings
import zlib

import numpy as np
import PIL
from PIL import Image

import formats
from make_corpus import draw, exif, pack, read

ROUNDS = 1


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


def kinds_of_png(rng):
    depths = {formats.GREY: (1, 2, 4, 8), formats.RGB: (8, 16), formats.PALETTE: (1, 2, 4, 8), formats.GREY_ALPHA: (8, 16),
              formats.RGBA: (8, 16)}
    for color, all_depths in depths.items():
        for depth in all_depths:
            for interlaced in (0, 1):
                for transparent in ((0, 1) if color in (formats.GREY, formats.RGB, formats.PALETTE) else (0,)):
                    extra = []
                    if rng.random() < 0.3:
                        extra.append((b"gAMA", struct.pack(">I", rng.choice([45455, 100000, 22000]))))
                    if color == formats.PALETTE:
                        colours = min(1 << depth, 200)
                        extra.append((b"PLTE", rng.randbytes(3 * colours)))
                        if transparent:
                            extra.append((b"tRNS", rng.randbytes(rng.randint(1, colours))))
                    elif transparent:
                        count = formats.CHANNELS[color]
                        extra.append((b"tRNS", b"".join(struct.pack(">H", rng.randrange(1 << depth)) for _ in range(count))))
                    width, height = rng.randint(1, 13), rng.randint(1, 13)
                    name = f"png-{color}-{depth}{'-adam7' if interlaced else ''}{'-trns' if transparent else ''}"
                    yield name, "", formats.png(rng, width, height, color, depth, interlaced, extra)
                    if not transparent:
                        data = formats.png(rng, 13, 12, color, depth, interlaced, extra)
                        yield name + "-cut", "t", data[:len(data) - 12 - rng.randint(5, len(data) // 2)]
    for orientation in range(1, 9):
        info = exif(rng, orientation)[6:]
        yield f"png-exif{orientation}", "o", formats.png(rng, 5, 3, formats.RGB, 8, 0, [(b"eXIf", info)])
    yield "png-exif6-stored", "", formats.png(rng, 5, 3, formats.RGB, 8, 0, [(b"eXIf", exif(rng, 6)[6:])])


def kinds_of_bitmap(rng):
    for bits in (4, 8):
        for top_down in (False, True):
            width, height, colours = rng.randint(1, 14), rng.randint(1, 14), 1 << bits
            palette = rng.randbytes(4 * colours)
            rows = [[rng.choice([0, 0, rng.randrange(colours)])] * rng.randint(1, 9) for _ in range(40 * height)]
            flat = [value for run in rows for value in run]
            rows = [flat[y * width:(y + 1) * width] for y in range(height)]
            # The last pixel counts in Pillow's decoder: it refuses a bitmap that ends before it.
            rows = [row[:-1] + [max(1, row[-1])] for row in rows]
            yield f"bmp-rle{bits}", "", formats.bitmap(
                width, height, bits, formats.run_lengths(rows, bits), 1 if bits == 8 else 2, palette, top_down)
    for bits in (1, 4, 8):
        width, height, colours = rng.randint(1, 14), rng.randint(1, 14), rng.randint(2, 1 << bits)
        stride = (width * bits + 31) // 32 * 4
        for header in (40, 64, 108, 124):
            top_down = rng.random() < 0.5
            yield f"bmp-palette{bits}-{header}", "", formats.bitmap(
                width, height, bits, rng.randbytes(stride * height), 0, rng.randbytes(4 * colours), top_down, header)
        data = formats.bitmap(width, 9, bits, rng.randbytes(stride * 9), 0, rng.randbytes(4 * colours))
        yield f"bmp-palette{bits}-cut", "t", data[:-rng.randint(1, stride * 9 - 1)]
    masks = {32: [(0xFF0000, 0xFF00, 0xFF, 0), (0xFF000000, 0xFF0000, 0xFF00, 0), (0xFF000000, 0xFF0000, 0xFF00, 0xFF),
                  (0xFF, 0xFF00, 0xFF0000, 0xFF000000), (0xFF0000, 0xFF00, 0xFF, 0xFF000000), (0, 0, 0, 0)],
             24: [(0xFF0000, 0xFF00, 0xFF, 0)], 16: [(0xF800, 0x7E0, 0x1F, 0), (0x7C00, 0x3E0, 0x1F, 0)]}
    for bits, all_masks in masks.items():
        for mask in all_masks:
            width, height = rng.randint(1, 14), rng.randint(1, 14)
            data = bytearray(formats.bitmap(width, height, bits, rng.randbytes((width * bits + 31) // 32 * 4 * height), 3, b"",
                                            rng.random() < 0.5, rng.choice([108, 124])))
            struct.pack_into("<IIII", data, 54, *mask)
            yield f"bmp-masks{bits}", "", bytes(data)


def kinds_of_gif(rng):
    for interlace in (False, True):
        for local in (False, True):
            for transparent in (False, True):
                width, height = rng.randint(1, 14), rng.randint(1, 14)
                palette = Image.fromarray(draw(rng, width, height, 3), "RGB").quantize(32)
                options = {"transparency": rng.randrange(8)} if transparent else {}
                data = bytearray(save(palette, "GIF", optimize=False, interlace=interlace, **options))
                size = 3 * (2 << (data[10] & 7))
                frame = data.index(b",", 13 + size)
                # A frame with an offset, within a larger screen.
                struct.pack_into("<HH", data, frame + 1, rng.randrange(4), rng.randrange(4))
                struct.pack_into("<HH", data, 6, width + rng.randrange(3), height + rng.randrange(3))
                if local:
                    colours, flags = bytes(data[13:13 + size]), data[10] & 7
                    data[frame + 9] |= 0x80 | flags
                    data[frame + 10:frame + 10] = colours
                    data[13:13 + size] = rng.randbytes(size)
                    if rng.random() < 0.5:
                        del data[13:13 + size]
                        data[10] &= 0x7F
                name = f"gif{'-interlaced' if interlace else ''}{'-local' if local else ''}{'-transparent' if transparent else ''}"
                yield name + "-offset", "", bytes(data)
    data = save(Image.fromarray(draw(rng, 20, 20, 3), "RGB").quantize(64), "GIF", optimize=False)
    yield "gif-cut", "t", data[:-rng.randint(3, 150)]


def strips(rng, width, height, bits, samples, planar, tile, order):
    """Random samples in strips or tiles, and the entries that tell where they are."""
    part_width, part_height = tile or (width, rng.randint(1, height))
    planes, together = (samples, 1) if planar else (1, samples)
    row = (part_width * together * bits + 7) // 8
    across, down = -(-width // part_width), -(-height // part_height)
    parts = []
    for _ in range(planes):
        for y in range(down):
            rows = part_height if tile else min(part_height, height - y * part_height)
            parts += [rng.randbytes(row * rows) for _ in range(across)]
    entries = {322: (3, [part_width]), 323: (3, [part_height])} if tile else {278: (3, [part_height])}
    return parts, entries


def kinds_of_tiff(rng):
    # Photometric, bits, samples, kinds of the extra samples.
    modes = [(0, 1, 1, []), (1, 1, 1, []), (0, 2, 1, []), (1, 2, 1, []), (0, 4, 1, []), (1, 4, 1, []), (0, 8, 1, []), (1, 8, 1, []),
             (1, 8, 2, [2]), (2, 8, 3, []), (2, 8, 4, [0]), (2, 8, 4, [1]), (2, 8, 4, [2]), (2, 8, 5, [1, 0]), (2, 16, 3, []),
             (2, 16, 4, [0]), (2, 16, 4, [1]), (2, 16, 4, [2]), (3, 1, 1, []), (3, 2, 1, []), (3, 4, 1, []), (3, 8, 1, []),
             (5, 8, 4, []), (5, 8, 5, [0])]
    for photometric, bits, samples, extra in modes:
        for order in "<>":
            for compression in (1, 8):
                tile = (16, 16) if rng.random() < 0.3 else None
                width, height = rng.randint(1, 14), rng.randint(1, 14)
                parts, entries = strips(rng, width, height, bits, samples, False, tile, order)
                orientation = rng.choice([1, 1, 2, 3, 4, 5, 6, 7, 8])
                entries |= {256: (3, [width]), 257: (3, [height]), 258: (3, [bits] * samples), 259: (3, [compression]),
                            262: (3, [photometric]), 274: (3, [orientation]), 277: (3, [samples])}
                if extra:
                    entries[338] = (3, extra)
                if photometric == 3:
                    entries[320] = (3, [rng.randrange(65536) for _ in range(3 << bits)])
                if compression == 8:
                    parts = [zlib.compress(part) for part in parts]
                    if bits >= 8 and rng.random() < 0.5:
                        entries[317] = (3, [2])
                name = f"tiff-p{photometric}-{bits}x{samples}{'-tiled' if tile else ''}-orientation{orientation}"
                yield f"{name}-extra{extra[0]}" if extra else name, "", formats.tiff(order, entries, parts)
    for compression in (1, 8):
        # Of 16 bits that are not compressed, Pillow takes each byte for a pixel.
        for bits, samples, extra in ((8, 3, []), (8, 4, [2]), (16, 3, []))[:3 if compression == 8 else 2]:
            width, height = rng.randint(1, 14), rng.randint(1, 14)
            parts, entries = strips(rng, width, height, bits, samples, True, None, "<")
            entries |= {256: (3, [width]), 257: (3, [height]), 258: (3, [bits] * samples), 259: (3, [compression]), 262: (3, [2]),
                        277: (3, [samples]), 284: (3, [2])}
            if extra:
                entries[338] = (3, extra)
            parts = [zlib.compress(part) if compression == 8 else part for part in parts]
            yield f"tiff-planar-{bits}x{samples}", "", formats.tiff("<", entries, parts)
    for fill in (1, 2):
        parts, entries = strips(rng, 11, 7, 1, 1, False, None, "<")
        entries |= {256: (3, [11]), 257: (3, [7]), 258: (3, [1]), 259: (3, [1]), 262: (3, [1]), 266: (3, [fill]), 277: (3, [1])}
        yield f"tiff-fill{fill}", "", formats.tiff("<", entries, parts)


def all_kinds(rng):
    for _ in range(ROUNDS):
        for kinds in (kinds_of_png, kinds_of_bitmap, kinds_of_gif, kinds_of_tiff):
            yield from kinds(rng)


def main(count=200, seed=1, target=None):
    rng = random.Random(seed)
    files, pixels, index = b"", b"", []
    for number in range(count + count // 3):
        name, data = make(rng) if number < count else make_tiff(rng)
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        index.append(f"{name} {len(data)} {picture.width} {picture.height} - {len(pixels)}")
        files += data
        pixels += picture.tobytes()

    warnings.simplefilter("ignore")
    for name, flags, data in all_kinds(rng):
        try:
            picture = read(data, flags)
        except Exception as failure:
            print(f"Pillow does not read {name}: {failure}")
            continue
        index.append(f"{name} {len(data)} {picture.width} {picture.height} {flags or '-'} {len(pixels)}")
        files += data
        pixels += picture.tobytes()

    versions = f"Pillow {PIL.__version__}, numpy {np.__version__}, seed {seed}"
    pack(target or pathlib.Path(__file__).with_name("Others.zip"), versions, index, files, pixels)


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:3]], *sys.argv[3:4])
