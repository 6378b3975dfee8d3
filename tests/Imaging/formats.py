"""Encoders for PNG, BMP, GIF and TIFF files of kinds that Pillow does not write. make_others.py uses them."""

import struct
import zlib

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def filtered(rng, rows, step):
    """The rows, each with a filter by chance."""
    result, above = bytearray(), bytes(len(rows[0]) if rows else 0)
    for row in rows:
        kind = rng.randrange(5)
        result.append(kind)
        for x, value in enumerate(row):
            left, up, corner = row[x - step] if x >= step else 0, above[x], above[x - step] if x >= step else 0
            estimate = left + up - corner
            paeth = min((left, up, corner), key=lambda one: abs(estimate - one))
            result.append((value - [0, left, up, (left + up) // 2, paeth][kind]) & 255)
        above = row
    return bytes(result)


def png(rng, width, height, color, depth, interlaced, extra=()):
    """A file of random samples. Numbers in a palette are below 2 to the depth, or 200."""
    channels = CHANNELS[color]
    most = min(1 << depth, 200) if color == PALETTE else 1 << depth
    samples = [[rng.randrange(most) for _ in range(width * channels)] for _ in range(height)]

    def packed(left, top, across, down):
        rows = []
        for y in range(top, height, down):
            values = [samples[y][x * channels + c] for x in range(left, width, across) for c in range(channels)]
            bits = "".join(format(value, f"0{depth}b") for value in values)
            bits += "0" * (-len(bits) % 8)
            rows.append(bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)))
        return filtered(rng, rows, max(1, channels * depth // 8)) if rows and rows[0] else b""

    data = zlib.compress(b"".join(packed(*step) for step in (PASSES if interlaced else [(0, 0, 1, 1)])))
    cut = rng.randint(1, len(data))
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(kind, body) for kind, body in extra)
            + chunk(b"IDAT", data[:cut]) + chunk(b"IDAT", data[cut:]) + chunk(b"IEND", b""))


def run_lengths(rows, bits):
    """Compresses rows of a bitmap: runs, and pixels as they are. Pillow reads the wrong bytes for jumps, so there are none."""
    result = bytearray()

    def pack(values):
        return bytes(values) if bits == 8 else bytes((a << 4) | b for a, b in zip(values[::2], values[1::2] + [0]))

    for row in rows:
        x = 0
        while x < len(row):
            run = next((i for i in range(x, len(row)) if row[i] != row[x]), len(row)) - x
            rest = len(row) - x
            if rest >= 4 and run < 3:
                # An even number: Pillow loses the last pixel of an odd one with 4 bits.
                count = min(rest, 20) // 2 * 2
                body = pack(row[x:x + count])
                result += bytes([0, count]) + body + bytes(len(body) % 2)
                x += count
            else:
                result += bytes([run, row[x] if bits == 8 else row[x] * 17])
                x += run
        result += b"\0\0"
    return bytes(result) + b"\0\1"


def bitmap(width, height, bits, data, compression=0, palette=b"", top_down=False, header=40, extra=b""):
    body = struct.pack("<IiiHHIIiiII", header, width, -height if top_down else height, 1, bits, compression, len(data), 0, 0,
                       len(palette) // 4, 0).ljust(header, b"\0") + extra
    offset = 14 + len(body) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(data), 0, 0, offset) + body + palette + data


def tiff(order, entries, data):
    """A file of one directory. Entries are tag → (type, values); the data begin at byte 8. `data` has the offsets' parts."""
    sizes = {1: "B", 3: "H", 4: "I"}
    parts, place, offsets = b"", 8, []
    for part in data:
        offsets.append(place + len(parts))
        parts += part + bytes(len(part) % 2)
    entries = dict(entries)
    tiled = 322 in entries
    entries[324 if tiled else 273] = (4, offsets)
    entries[325 if tiled else 279] = (4, [len(part) for part in data])
    start = place + len(parts)
    directory, beyond = struct.pack(order + "H", len(entries)), b""
    end = start + 2 + 12 * len(entries) + 4
    for tag, (kind, values) in sorted(entries.items()):
        body = struct.pack(order + sizes[kind] * len(values), *values)
        directory += struct.pack(order + "HHI", tag, kind, len(values))
        if len(body) <= 4:
            directory += body.ljust(4, b"\0")
        else:
            directory += struct.pack(order + "I", end + len(beyond))
            beyond += body + bytes(len(body) % 2)
    magic = b"II*\0" if order == "<" else b"MM\0*"
    return magic + struct.pack(order + "I", start) + parts + directory + bytes(4) + beyond
