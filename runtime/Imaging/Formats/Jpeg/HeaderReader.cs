using System;
using System.Buffers.Binary;
using System.Linq;

namespace Strata.Imaging.Jpeg;

/// <summary>Reads markers and the tables behind them, up to each scan.</summary>
internal sealed unsafe class HeaderReader(Input input, int maxPixels, Arena arena)
{
    private const int Slots = 4, MostFactor = 4, MostScanComponents = 4, AdobeLength = 12, JfifLength = 14;

    private readonly short*[] _quantization = new short*[Slots];
    private readonly (byte[] Counts, byte[] Symbols)?[] _codes = new (byte[] Counts, byte[] Symbols)?[2 * Slots];
    private readonly HuffmanTable?[] _tables = new HuffmanTable?[4 * Slots];
    private bool _hasJfif, _hasExif;
    private int _adobeTransform = -1;

    /// <summary>The frame header; null before.</summary>
    public Frame? Frame { get; private set; }

    /// <summary>Units between restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    /// <summary>The EXIF orientation.</summary>
    public int Orientation { get; private set; } = 1;

    /// <summary>What the components are, as libjpeg guesses it from markers and names.</summary>
    public ColorSpace ColorSpace => Frame!.Components switch
    {
        [_] => ColorSpace.Grey,
        [_, _, _, _] => _adobeTransform is -1 or 0 ? ColorSpace.Cmyk : ColorSpace.Ycck,
        _ when _hasJfif => ColorSpace.YCbCr,
        _ when _adobeTransform >= 0 => _adobeTransform == 0 ? ColorSpace.Rgb : ColorSpace.YCbCr,
        [{ Id: 'R' }, { Id: 'G' }, { Id: 'B' }] => ColorSpace.Rgb,
        _ => ColorSpace.YCbCr,
    };

    /// <summary>Reads up to the data of the next scan.</summary>
    /// <returns>The scan; null at the end of the image.</returns>
    public Scan? ReadScan()
    {
        while (true)
        {
            int marker = input.ReadMarker();
            switch (marker)
            {
                case Marker.EndOfImage:
                    return null;
                case Marker.StartOfScan:
                    return ReadScan(input.ReadBody("a scan header"));
                case >= Marker.Sof0 and <= Marker.Sof15 and not (Marker.HuffmanTables or Marker.ArithmeticConditioning):
                    ReadFrame(marker, input.ReadBody("the frame header"));
                    break;
                case Marker.HuffmanTables:
                    ReadCodes(input.ReadBody("a Huffman table"));
                    break;
                case Marker.QuantizationTables:
                    ReadQuantization(input.ReadBody("a quantization table"));
                    break;
                case Marker.RestartInterval:
                    ReadOnlySpan<byte> interval = input.ReadBody("the restart interval");
                    RestartInterval = interval.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(interval)
                        : throw Damaged($"the restart interval has {interval.Length} bytes; 2 are expected");
                    break;
                case >= Marker.App0 and <= Marker.App15 or Marker.Comment or Marker.NumberOfLines or Marker.ArithmeticConditioning:
                    ReadNote(marker, input.ReadBody($"segment 0x{marker:X2}"));
                    break;
                case Marker.Temporary:
                case >= Marker.Restart0 and <= Marker.Restart7:
                    break;
                default:
                    throw Damaged(marker == Marker.StartOfImage ? "it begins a second time"
                        : $"marker 0xFF{marker:X2} means nothing to a reader");
            }
        }
    }

    /// <summary>The Huffman table of a slot.</summary>
    /// <param name="isDc">Whether it is for DC coefficients.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="joinsValues">Whether the lookup finds coefficients as well as symbols.</param>
    public HuffmanTable Table(bool isDc, int slot, bool joinsValues)
    {
        if (slot >= Slots)
        {
            throw Damaged($"a scan uses Huffman table {slot}; 0 to {Slots - 1} exist");
        }

        int place = slot + (isDc ? 0 : Slots);
        ref HuffmanTable? table = ref _tables[place + (joinsValues ? 0 : 2 * Slots)];
        if (table is null)
        {
            // Frames of motion JPEG leave their tables out.
            (byte[] counts, byte[] symbols) = _codes[place] ?? (Frame!.IsProgressive ? null : StandardCodes.Find(isDc, slot))
                ?? throw Damaged($"Huffman table {slot} for {(isDc ? "DC" : "AC")} coefficients is missing");
            table = HuffmanTable.Create(counts, symbols, isDc, joinsValues, arena);
        }

        return table;
    }

    /// <summary>Gives the components of a scan the quantization tables that hold now, unless an earlier scan had them.</summary>
    public void LatchQuantization(Scan scan)
    {
        foreach (Component component in scan.Components.Where(c => c.Quantization == null))
        {
            int slot = component.QuantizationSlot;
            if (slot >= Slots || _quantization[slot] == null)
            {
                throw Damaged($"quantization table {slot} is missing");
            }

            component.Quantization = arena.Allocate<short>(Zigzag.BlockLength);
            new ReadOnlySpan<short>(_quantization[slot], Zigzag.BlockLength)
                .CopyTo(new Span<short>(component.Quantization, Zigzag.BlockLength));
        }
    }

    private static ImageFormatException Damaged(string how) => new($"the JPEG file is damaged: {how}");

    private void ReadFrame(int marker, ReadOnlySpan<byte> body)
    {
        CheckProcess(marker);
        if (Frame is not null)
        {
            throw Damaged("it has two frame headers");
        }

        if (body.Length < 6 || body.Length != 6 + (3 * body[5]))
        {
            throw Damaged($"the frame header has {body.Length} bytes; {(body.Length < 6 ? "6 or more" : 6 + (3 * body[5]))} are expected");
        }

        int bits = body[0], count = body[5];
        int height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        if (bits != 8)
        {
            throw new ImageFormatException($"the JPEG file has {bits} bits a sample; 8 are read");
        }

        if (width == 0 || height == 0)
        {
            throw new ImageFormatException($"the JPEG file's header says {width}×{height} pixels; 1×1 or more are read");
        }

        if ((long)width * height > maxPixels)
        {
            throw new ImageFormatException($"the image has {width}×{height} pixels; at most {maxPixels:N0} are read");
        }

        if (count is not (1 or 3 or 4))
        {
            throw new ImageFormatException($"the JPEG file has {count} components; 1, 3 or 4 are read");
        }

        Frame = new Frame(width, height, marker == Marker.Sof2, ReadComponents(body[6..]));
        if (Frame.Components.FirstOrDefault(c =>
            Frame.MaxHorizontal % c.Horizontal != 0 || Frame.MaxVertical % c.Vertical != 0) is { } odd)
        {
            throw new ImageFormatException(
                $"the JPEG file has a component of {odd.Horizontal}×{odd.Vertical} samples for {Frame.MaxHorizontal}×{Frame.MaxVertical} "
                + "pixels; whole ratios are read");
        }
    }

    private static void CheckProcess(int marker)
    {
        if (marker is not (Marker.Sof0 or Marker.Sof1 or Marker.Sof2))
        {
            throw new ImageFormatException(
                $"the JPEG file is {marker switch
                {
                    0xC3 => "lossless",
                    0xC9 or 0xCA => "coded arithmetically",
                    0xCB => "lossless and coded arithmetically",
                    Marker.Jpg => "an extension of JPEG",
                    _ => "hierarchical",
                }} (marker 0xFF{marker:X2}); baseline, extended sequential and progressive files with Huffman codes are read");
        }
    }

    private static Component[] ReadComponents(ReadOnlySpan<byte> body)
    {
        var components = new Component[body.Length / 3];
        for (int i = 0; i < components.Length; i++)
        {
            int horizontal = body[(3 * i) + 1] >> 4, vertical = body[(3 * i) + 1] & 15;
            if (horizontal is 0 or > MostFactor || vertical is 0 or > MostFactor)
            {
                throw Damaged($"component {i} has the sampling factors {horizontal}×{vertical}; 1 to {MostFactor} are expected");
            }

            components[i] = new Component
            {
                Id = body[3 * i],
                Horizontal = horizontal,
                Vertical = vertical,
                QuantizationSlot = body[(3 * i) + 2],
            };
        }

        return components;
    }

    private Scan ReadScan(ReadOnlySpan<byte> body)
    {
        if (Frame is null)
        {
            throw Damaged("a scan comes before the frame header");
        }

        int count = body.Length > 0 ? body[0] : 0;
        if (count is 0 or > MostScanComponents || body.Length != 4 + (2 * count))
        {
            throw Damaged($"a scan header has {body.Length} bytes and {count} components");
        }

        var components = new Component[count];
        for (int i = 0; i < count; i++)
        {
            int id = body[1 + (2 * i)];
            components[i] = Frame.Components.FirstOrDefault(c => c.Id == id && !components.Contains(c))
                ?? throw Damaged($"a scan has component {id}, which the frame has not or which it has twice");
            (components[i].DcSlot, components[i].AcSlot) = (body[2 + (2 * i)] >> 4, body[2 + (2 * i)] & 15);
        }

        ReadOnlySpan<byte> end = body[^3..];
        return new Scan(components, end[0], end[1], end[2] >> 4, end[2] & 15);
    }

    private void ReadCodes(ReadOnlySpan<byte> body)
    {
        while (body.Length > 16)
        {
            int kind = body[0], count = 0;
            foreach (byte length in body[1..17])
            {
                count += length;
            }

            if (kind is not (< Slots or (>= 16 and < 16 + Slots)) || count > 256 || count > body.Length - 17)
            {
                throw Damaged($"Huffman table 0x{kind:X2} has {count} symbols in {body.Length} bytes");
            }

            byte[] symbols = new byte[256];
            body.Slice(17, count).CopyTo(symbols);
            int place = (kind & 15) + (kind >= 16 ? Slots : 0);
            _codes[place] = (body[1..17].ToArray(), symbols);
            (_tables[place], _tables[place + (2 * Slots)]) = (null, null);
            body = body[(17 + count)..];
        }

        if (body.Length > 0)
        {
            throw Damaged($"{body.Length} bytes are left behind the Huffman tables");
        }
    }

    private void ReadQuantization(ReadOnlySpan<byte> body)
    {
        while (body.Length > 0)
        {
            int slot = body[0] & 15, size = body[0] >> 4 == 0 ? 1 : 2;
            if (slot >= Slots || body.Length < 1 + (size * Zigzag.BlockLength))
            {
                throw Damaged($"quantization table {slot} has {body.Length - 1} bytes; {size * Zigzag.BlockLength} are expected");
            }

            if (_quantization[slot] == null)
            {
                _quantization[slot] = arena.Allocate<short>(Zigzag.BlockLength);
            }

            for (int i = 0; i < Zigzag.BlockLength; i++)
            {
                int value = size == 1 ? body[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(body[(1 + (2 * i))..]);
                _quantization[slot][Zigzag.Natural[i]] = (short)value;
            }

            body = body[(1 + (size * Zigzag.BlockLength))..];
        }
    }

    /// <summary>Reads what application segments tell of colours and orientation.</summary>
    private void ReadNote(int marker, ReadOnlySpan<byte> body)
    {
        if (marker == Marker.App0 && body.Length >= JfifLength && body.StartsWith("JFIF\0"u8))
        {
            _hasJfif = true;
        }
        else if (marker == Marker.App14 && body.Length >= AdobeLength && body.StartsWith("Adobe"u8))
        {
            _adobeTransform = body[AdobeLength - 1];
        }
        else if (marker == Marker.App1 && !_hasExif && body.StartsWith("Exif\0"u8))
        {
            _hasExif = true;
            Orientation = body.Length > 6 ? Exif.ReadOrientation(body[6..]) : 1;
        }
    }
}
