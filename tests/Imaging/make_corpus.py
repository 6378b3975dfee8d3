"""Makes Corpus.zip: small JPEG files of all kinds, and the pixels that Pillow reads from them.

    /usr/bin/python3 tests/Imaging/make_corpus.py [COUNT [SEED [FILE]]]

Needs Pillow, numpy and libjpeg-turbo (libturbojpeg0 and the command cjpeg), as Debian has them. The tests need the archive only.

The archive holds `versions.txt`; `files.bin`, all JPEG files one after another; `pixels.bin`, their RGB pixels in the same order; and
`index.txt`, with a line for each file: name, bytes, width and height of the pixels, flags, offset of its pixels. Flags: o for pixels after
exif_transpose, t for those with LOAD_TRUNCATED_IMAGES (without it, Pillow refuses the file).
"""

import ctypes
import io
import pathlib
import random
import struct
import subprocess
import sys
import zipfile

import numpy as np
import PIL
from PIL import Image, ImageFile, ImageOps, features

TURBO = ctypes.CDLL("libturbojpeg.so.0")
TURBO.tjInitCompress.restype = ctypes.c_void_p
TURBO.tjCompress2.argtypes = [
    ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int,
    ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(ctypes.c_ulong), ctypes.c_int, ctypes.c_int, ctypes.c_int]
TURBO.tjFree.argtypes = [ctypes.c_void_p]
COMPRESSOR = TURBO.tjInitCompress()
CMYK = 11
PROGRESSIVE = 16384
SAMPLINGS = {"444": 0, "422": 1, "420": 2, "440": 4, "411": 5}
WIDE = ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "3x1", "1x3", "3x2", "2x3", "2x2,1x2,2x1", "2x2,2x1,1x2",
        "1x1,2x2,2x2", "2x1,1x1,2x1", "4x1,2x1,1x1", "1x4,1x2,1x1", "2x1,1x1,2x1", "1x2,1x1,1x2"]


def draw(rng, width, height, channels):
    """Smooth colours, edges and a little noise."""
    small = np.frombuffer(rng.randbytes(4 * 4 * channels), np.uint8).reshape(4, 4, channels)
    planes = [np.asarray(Image.fromarray(small[:, :, c]).resize((width, height), Image.BICUBIC)) for c in range(channels)]
    picture = np.stack(planes, axis=2).astype(np.int32)
    for _ in range(rng.randrange(3)):
        x, y = rng.randrange(width), rng.randrange(height)
        picture[y:y + rng.randint(1, 20), x:x + rng.randint(1, 20)] = [rng.randrange(256) for _ in range(channels)]
    noise = np.frombuffer(rng.randbytes(width * height * channels), np.int8).reshape(height, width, channels)
    picture += noise.astype(np.int32) * rng.choice([0, 8, 8, 64]) // 128
    return np.clip(picture, 0, 255).astype(np.uint8)


def turbo(rng, picture, quality, sampling, progressive):
    height, width, channels = picture.shape
    target, size = ctypes.c_void_p(), ctypes.c_ulong()
    status = TURBO.tjCompress2(COMPRESSOR, picture.tobytes(), width, 0, height, CMYK if channels == 4 else 0, ctypes.byref(target),
                               ctypes.byref(size), SAMPLINGS[sampling], quality, PROGRESSIVE if progressive else 0)
    assert status == 0
    data = ctypes.string_at(target, size.value)
    TURBO.tjFree(target)
    return data


def cjpeg(picture, *options):
    height, width, channels = picture.shape
    head = f"P{'5' if channels == 1 else '6'}\n{width} {height}\n255\n".encode()
    return subprocess.run(["cjpeg", *options], input=head + picture.tobytes(), stdout=subprocess.PIPE, check=True,
                          stderr=subprocess.DEVNULL).stdout


def pillow(picture, mode, **options):
    stream = io.BytesIO()
    Image.fromarray(picture[:, :, 0] if mode == "L" else picture, mode).save(stream, "JPEG", **options)
    return stream.getvalue()


def exif(rng, orientation):
    """A directory with the orientation, in either byte order."""
    order, mark = rng.choice([("<", b"II"), (">", b"MM")])
    body = struct.pack(order + "HIH", 42, 8, 2)
    body += struct.pack(order + "HHIHH", 0x0100, 3, 1, 7, 0) + struct.pack(order + "HHIHHI", 0x0112, 3, 1, orientation, 0, 0)
    return b"Exif\0\0" + mark + body


def make(rng, kind):
    """One file: its name and its bytes."""
    width, height = rng.randint(1, 67), rng.randint(1, 67)
    quality = rng.choice([rng.randint(1, 100), rng.randint(60, 95), 1, 100])
    progressive = rng.random() < 0.4
    name = f"{width}x{height}-q{quality}{'-progressive' if progressive else ''}"
    if kind == "pillow":
        sampling, orientation = rng.randrange(3), rng.randint(0, 8)
        options = dict(quality=quality, subsampling=sampling, progressive=progressive, optimize=rng.random() < 0.5)
        if orientation:
            options["exif"] = exif(rng, orientation)
        return f"{name}-s{sampling}-exif{orientation}", pillow(draw(rng, width, height, 3), "RGB", **options)
    if kind == "grey":
        return f"{name}-grey", pillow(draw(rng, width, height, 1), "L", quality=quality, progressive=progressive)
    if kind == "cmyk":
        return f"{name}-cmyk", pillow(draw(rng, width, height, 4), "CMYK", quality=quality, progressive=progressive)
    if kind == "ycck":
        sampling = rng.choice(list(SAMPLINGS))
        return f"{name}-ycck-{sampling}", turbo(rng, draw(rng, width, height, 4), quality, sampling, progressive)
    if kind == "turbo":
        sampling = rng.choice(list(SAMPLINGS))
        return f"{name}-{sampling}", turbo(rng, draw(rng, width, height, 3), quality, sampling, progressive)
    options = ["-quality", str(quality)]
    if progressive:
        options.append("-progressive")
    if kind == "restart":
        interval, sampling = rng.randint(1, 9), rng.choice(WIDE[:4])
        options += ["-restart", f"{interval}B", "-sample", sampling]
        return f"{name}-restart{interval}-{sampling}", cjpeg(draw(rng, width, height, 3), *options)
    if kind == "wide":
        sampling = rng.choice(WIDE)
        options += ["-sample", sampling]
        return f"{name}-{sampling}", cjpeg(draw(rng, width, height, 3), *options)
    if kind == "rgb":
        return f"{name}-rgb", cjpeg(draw(rng, width, height, 3), "-rgb", *options)
    if kind == "scans":
        # A sequential file with a scan for each component, or for two and one.
        text, sampling = rng.choice(["0;1;2;", "0;1 2;", "2;0;1;", "0 1;2;"]), rng.choice(WIDE[:4])
        with open("/tmp/scans.txt", "w") as file:
            file.write(text)
        options = ["-quality", str(quality), "-sample", sampling, "-scans", "/tmp/scans.txt"]
        return f"{width}x{height}-q{quality}-scans-{sampling}", cjpeg(draw(rng, width, height, 3), *options)
    assert kind == "grey-sampled"
    sampling = rng.choice(WIDE[:4])
    return f"{name}-grey-{sampling}", cjpeg(draw(rng, width, height, 1), "-grayscale", "-sample", sampling, *options)


def read(data, flags):
    ImageFile.LOAD_TRUNCATED_IMAGES = "t" in flags
    try:
        picture = Image.open(io.BytesIO(data))
        picture = ImageOps.exif_transpose(picture) if "o" in flags else picture
        return picture.convert("RGB")
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def cut(rng, data):
    """A file without its end, from somewhere in its image data on."""
    begin = data.index(b"\xff\xda") + 14
    return data[:rng.randint(min(begin + 1, len(data) - 3), len(data) - 3)]


def in_table(data):
    """Whether a file ends in a table or a header between two scans: Pillow gives a black picture, Strata what is there."""
    position, scan = data.rfind(b"\xff\xc4"), data.rfind(b"\xff\xda")
    return position > scan or scan + 4 > len(data) or scan + 2 + data[scan + 3] > len(data) or data.endswith(b"\xff")


def pack(target, versions, index, files, pixels):
    """Writes the archive that Corpus.cs reads."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in (("versions.txt", versions), ("index.txt", "\n".join(index)), ("files.bin", files), ("pixels.bin", pixels)):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)
    print(versions, len(index), "files of", len(files), "bytes,", len(pixels), "bytes of pixels,", pathlib.Path(target).stat().st_size,
          "packed")


def main(count=400, seed=1, target=None):
    rng = random.Random(seed)
    kinds = ["pillow"] * 6 + ["grey", "cmyk", "ycck", "turbo", "turbo", "restart", "restart", "wide", "wide", "wide", "rgb", "scans",
                              "grey-sampled", "cut", "cut", "cut", "cut"]
    files, pixels, index = b"", b"", []
    while len(index) < count:
        kind, flags = rng.choice(kinds), ""
        if kind == "cut":
            kind = rng.choice(["pillow", "turbo", "restart", "scans"])
            name, whole = make(rng, kind)
            data = cut(rng, whole)
            name, flags = name + "-cut", "t"
            try:
                read(data, "")
                continue
            except OSError:
                pass
            if in_table(data) or read(data, "t").tobytes() == read(whole, "").tobytes():
                continue
        else:
            name, data = make(rng, kind)
            flags = "o" if "-exif" in name and rng.random() < 0.7 else ""
        picture = read(data, flags)
        index.append(f"{name} {len(data)} {picture.width} {picture.height} {flags or '-'} {len(pixels)}")
        files += data
        pixels += picture.tobytes()

    versions = f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}, numpy {np.__version__}, seed {seed}"
    pack(target or pathlib.Path(__file__).with_name("Corpus.zip"), versions, index, files, pixels)


if __name__ == "__main__":
    main(*[int(value) for value in sys.argv[1:3]], *sys.argv[3:4])
