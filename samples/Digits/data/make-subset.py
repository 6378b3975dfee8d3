#!/usr/bin/env python3
"""Makes the subset of MNIST that is checked in beside this script.

    python3 make-subset.py DIRECTORY

DIRECTORY holds the full set's four IDX files, plain or as .gz. Every sixth training image
(10,000 of 60,000) and every fifth test image (2,000 of 10,000) are taken, with their labels:
evenly spaced, since MNIST's files are ordered by writer and their first halves differ from
their second halves. The result depends on nothing but the input (no time stamps or names in
the gzip headers; the same bytes come out wherever Python is built with zlib itself).
"""

import gzip
import hashlib
import struct
import sys
import zlib
from pathlib import Path

FILES = {
    # name: (magic number, items, bytes per item, take every n-th)
    "train-images-idx3-ubyte": (0x0803, 60_000, 28 * 28, 6),
    "train-labels-idx1-ubyte": (0x0801, 60_000, 1, 6),
    "t10k-images-idx3-ubyte": (0x0803, 10_000, 28 * 28, 5),
    "t10k-labels-idx1-ubyte": (0x0801, 10_000, 1, 5),
}


def read(path: Path) -> bytes:
    packed = path.with_name(path.name + ".gz")
    return gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()


def subset(data: bytes, magic: int, items: int, size: int, every: int) -> bytes:
    if struct.unpack_from(">II", data) != (magic, items):
        raise SystemExit(f"not the expected IDX file: {data[:8].hex()}")
    header = 4 * (1 + (magic & 0xFF))
    if len(data) != header + items * size:
        raise SystemExit(f"{len(data)} bytes instead of {header + items * size}")
    kept = b"".join(data[header + i * size : header + (i + 1) * size] for i in range(0, items, every))
    return struct.pack(">II", magic, items // every) + data[8:header] + kept


def compress(data: bytes) -> bytes:
    """The smallest of zlib's strategies, in a gzip frame without time and name."""

    def deflate(strategy: int) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
        return packer.compress(data) + packer.flush()

    body = min((deflate(s) for s in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED)), key=len)
    header = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    return header + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    source, target = Path(sys.argv[1]), Path(__file__).resolve().parent
    for name, layout in FILES.items():
        data = subset(read(source / name), *layout)
        packed = compress(data)
        (target / f"{name}.gz").write_bytes(packed)
        print(f"{hashlib.sha256(data).hexdigest()}  {name}  {len(packed):,} bytes packed")


if __name__ == "__main__":
    main()
