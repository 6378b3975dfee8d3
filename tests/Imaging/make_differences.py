"""Makes Differences.txt: small files that Strata reads otherwise than Pillow, on purpose.

    /usr/bin/python3 tests/Imaging/make_differences.py

A line for each file, with tabs between: the row of the package's page, flags as in make_corpus.py, the file (Base64), the pixels of Pillow
(width, height, hexadecimal numbers; "refused" if it reads none), and those that Strata reads, written down here by hand.
"""

import base64
import pathlib
import struct
import warnings
import zlib

import formats
from make_corpus import read

GREYS = b"".join(bytes([i, i, i, 0]) for i in range(16))
BLACK_AND_WHITE = bytes([0, 0, 0, 0, 255, 255, 255, 0])
COLOURS = bytes(range(64))


def colour(number):
    """A colour of COLOURS, which has blue first."""
    return (4 * number + 2, 4 * number + 1, 4 * number)


def grey(*values):
    return [(value, value, value) for value in values]


def png(raw, color, depth, width, height, *extra):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + formats.chunk(b"IHDR", header) + b"".join(formats.chunk(kind, body) for kind, body in extra)
            + formats.chunk(b"IDAT", zlib.compress(raw)) + formats.chunk(b"IEND", b""))


def tiff(order, width, bits, samples, photometric, parts, more=()):
    entries = {256: (3, [width]), 257: (3, [1]), 258: (3, [bits] * samples), 259: (3, [1]), 262: (3, [photometric]), 277: (3, [samples]),
               278: (3, [1])}
    return formats.tiff(order, entries | dict(more), parts)


def two_colours(bits, data):
    file = bytearray(formats.bitmap(4, 1, bits, data, 0, BLACK_AND_WHITE))
    struct.pack_into("<I", file, 46, 2)
    return bytes(file)


def masks(*values):
    file = bytearray(formats.bitmap(2, 1, 16, struct.pack("<HH", 0x0F21, 0x8765), 3, b"", False, 108))
    struct.pack_into("<IIII", file, 54, *values)
    return bytes(file)


def damaged():
    """PNG files that Pillow reads nevertheless."""
    good = png(bytes([0, 7, 8]), formats.GREY, 8, 2, 1)
    yield good[:-12]
    place = good.index(b"IDAT")
    length, = struct.unpack(">I", good[place - 4:place])
    wrong = bytearray(good)
    wrong[place + 4 + length] ^= 1
    yield bytes(wrong)
    yield png(bytes([0, 7, 8, 9]), formats.GREY, 8, 2, 1)
    yield png(bytes([0, 1, 9]), formats.PALETTE, 8, 2, 1, (b"PLTE", bytes(6)))
    yield png(bytes([0, 1, 9]), formats.PALETTE, 8, 2, 1)
    yield png(bytes([0, 7, 8]), formats.GREY, 8, 2, 1, (b"ABCD", b""))


def rows():
    words = struct.pack("<HH", 0x1234, 0x0050), struct.pack(">HH", 0x1234, 0x0050)
    yield "16-bit grey", "", png(bytes([0]) + words[1], formats.GREY, 16, 2, 1), (2, 1, grey(0x12, 0))
    yield "16-bit grey", "", tiff("<", 2, 16, 1, 1, [words[0]]), (2, 1, grey(0x12, 0))
    yield "16-bit grey", "", tiff(">", 2, 16, 1, 1, [words[1]]), (2, 1, grey(0x12, 0))
    yield "16-bit grey", "", tiff("<", 2, 16, 1, 0, [words[0]]), (2, 1, grey(255 - 0x12, 255))
    planes = [struct.pack("<HH", 0x1080 * (i + 1), 0x2000) for i in range(3)]
    yield "16-bit TIFF in planes, not compressed", "", tiff("<", 2, 16, 3, 2, planes, {284: (3, [2])}.items()), (
        2, 1, [(0x10, 0x21, 0x31), (0x20, 0x20, 0x20)])
    for extra in ([0], None):
        more = {338: (3, extra)}.items() if extra else ()
        yield "grey TIFF with undeclared samples", "", tiff("<", 2, 8, 2, 1, [bytes([100, 128, 200, 255])], more), (2, 1, grey(100, 200))
    yield "grey TIFF with undeclared samples", "", tiff("<", 2, 8, 2, 1, [bytes([100, 128, 200, 255])], {338: (3, [1])}.items()), (
        2, 1, grey(199, 200))
    yield "TIFF with `ApplyOrientation`", "o", tiff("<", 2, 8, 1, 1, [bytes([1, 2])], {274: (3, [6])}.items()), (1, 2, grey(1, 2))
    xmp = b'XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta tiff:Orientation="6"/>'
    yield "PNG whose orientation is in XMP only", "o", png(bytes([0, 7, 8]), formats.GREY, 8, 2, 1, (b"iTXt", xmp)), (2, 1, grey(7, 8))
    yield "bitmaps with a palette of greys", "", formats.bitmap(4, 1, 4, bytes([0x12, 0x34, 0, 0]), 0, GREYS), (4, 1, grey(1, 2, 3, 4))
    yield "bitmaps with a palette of greys", "", two_colours(8, bytes([0, 1, 1, 0])), (4, 1, grey(0, 255, 255, 0))
    yield "bitmaps with run lengths", "", formats.bitmap(
        7, 1, 4, bytes([0, 5, 0x12, 0x34, 0x50, 0, 2, 0x66, 0, 0, 0, 1]), 2, COLOURS), (7, 1, [colour(i) for i in (1, 2, 3, 4, 5, 6, 6)])
    yield "bitmaps with run lengths", "", formats.bitmap(
        3, 2, 4, bytes([0, 2, 2, 0, 1, 0x11, 0, 0, 1, 0x22, 0, 2, 1, 0, 1, 0x33, 0, 1]), 2, COLOURS), (
        3, 2, [colour(i) for i in (2, 0, 3, 0, 0, 1)])
    yield "bitmaps with run lengths", "", formats.bitmap(2, 3, 4, bytes([2, 0x11, 0, 0, 0, 0, 2, 0x22, 0, 1]), 2, COLOURS), (
        2, 3, [colour(i) for i in (2, 2, 0, 0, 1, 1)])
    yield "bitmaps with run lengths", "", formats.bitmap(2, 2, 4, bytes([2, 0x11, 0, 0, 0, 1]), 2, COLOURS), (
        2, 2, [colour(i) for i in (0, 0, 1, 1)])
    yield "bitmaps with run lengths", "t", formats.bitmap(2, 2, 4, bytes([2, 0x11, 0, 0]), 2, COLOURS), (
        2, 2, [colour(i) for i in (0, 0, 1, 1)])
    for header in (52, 56):
        file = bytearray(formats.bitmap(1, 1, 32, bytes([1, 2, 3, 4]), 3, b"", False, header))
        struct.pack_into("<III", file, 54, 0xFF, 0xFF00, 0xFF0000)
        yield "bitmaps with rare headers or masks", "", bytes(file), (1, 1, [(1, 2, 3)])
    yield "bitmaps with rare headers or masks", "", masks(0xF00, 0xF0, 0xF, 0), (2, 1, [(255, 34, 17), (119, 102, 85)])
    for file in damaged():
        yield "damaged PNG", "", file, None


def text(pixels):
    if pixels is None:
        return "refused"
    width, height, colours = pixels
    return f"{width} {height} {''.join(f'{value:02X}' for one in colours for value in one)}"


def main():
    warnings.simplefilter("ignore")
    lines = []
    for row, flags, data, expected in rows():
        try:
            picture = read(data, flags)
            pillow = (picture.width, picture.height, list(picture.getdata()))
        except Exception:
            pillow = None
        assert text(pillow) != text(expected), row
        lines.append("\t".join([row, flags or "-", base64.b64encode(data).decode(), text(pillow), text(expected)]))
    pathlib.Path(__file__).with_name("Differences.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
