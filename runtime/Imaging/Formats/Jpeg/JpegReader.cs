using System;
using System.Linq;
using Strata.Pictures;

namespace Strata.Imaging.Jpeg;

/// <summary>Reads JPEG files (ITU-T T.81): baseline, extended sequential and progressive with Huffman codes, 8 bits a sample.</summary>
internal sealed unsafe class JpegReader
{
    // Decoders of hostile files must end. Files that are meant to be seen have up to 10 scans or so; each goes over blocks once.
    private const int MostVisits = 100, FreeVisits = 1_000_000, MostUnitBlocks = 10, MostShift = 13;

    private readonly Arena _arena;
    private readonly Input _input;
    private readonly HeaderReader _headers;
    private readonly bool _allowTruncated;
    private readonly short* _spareBlock;
    private Frame _frame = null!;
    private int _scans, _lastGoodRow;
    private long _visits;

    private JpegReader(byte* bytes, int length, ImageReadOptions options, Arena arena)
    {
        (_arena, _allowTruncated) = (arena, options.AllowTruncated);
        _input = new Input(bytes, length, options.AllowTruncated, arena);
        _headers = new HeaderReader(_input, options.MaxPixels, arena);
        _spareBlock = arena.Allocate<short>(Zigzag.BlockLength);
    }

    /// <summary>Whether a file begins as a JPEG file.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> file) => file is [0xFF, Marker.StartOfImage, 0xFF, ..];

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Limits and what is allowed.</param>
    /// <param name="cost">What it cost, also if the file is refused.</param>
    /// <exception cref="ImageFormatException">The file cannot be read; the message says why.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, ImageReadOptions options, out ReadCost cost)
    {
        using var arena = new Arena();
        HeaderReader? headers = null;
        try
        {
            fixed (byte* bytes = file)
            {
                // Behind the marker that begins the image.
                var reader = new JpegReader(bytes + 2, file.Length - 2, options, arena);
                headers = reader._headers;
                Picture picture = reader.Read();
                return options.ApplyOrientation ? Orientation.Apply(picture, headers.Orientation) : picture;
            }
        }
        finally
        {
            cost = new ReadCost((long)(headers?.Frame?.Width ?? 0) * (headers?.Frame?.Height ?? 0), arena.Bytes);
        }
    }

    private Picture Read()
    {
        Scan scan = _headers.ReadScan() ?? throw (_input.IsCutOff ? Input.CutOff("its headers")
            : new ImageFormatException("the JPEG file holds no image data"));
        _frame = _headers.Frame!;
        if (!_frame.IsProgressive && scan.Components.Length == _frame.Components.Length)
        {
            BeginScan(scan);
            var picture = new Picture(_frame.Width, _frame.Height);
            ReadInOnePass(scan, new RowPipeline(_frame, _headers.ColorSpace, picture, _arena));
            return picture;
        }

        foreach (Component component in _frame.Components)
        {
            component.Coefficients =
                _arena.Allocate<short>((long)component.WidthInBlocks * component.HeightInBlocks * Zigzag.BlockLength);
        }

        ReadScans(scan);
        return Transform();
    }

    private void ReadScans(Scan first)
    {
        try
        {
            for (Scan? scan = first; scan is not null; scan = _headers.ReadScan())
            {
                BeginScan(scan);
                ReadCoefficients(scan);
            }
        }
        catch (ImageFormatException e) when (e.IsCutOff && _allowTruncated)
        {
            // The file ends in a table between two scans.
        }

        if (_input.IsCutOff && !_allowTruncated)
        {
            throw Input.CutOff("its image data");
        }
    }

    private void BeginScan(Scan scan)
    {
        if (scan.Components.Length > 1 && scan.Components.Sum(c => c.Horizontal * c.Vertical) > MostUnitBlocks)
        {
            throw new ImageFormatException($"the JPEG file is damaged: a scan has more than {MostUnitBlocks} blocks in a unit");
        }

        _scans++;
        _visits += scan.Components.Sum(c => (long)c.WidthInBlocks * c.HeightInBlocks);
        if (_visits > FreeVisits + (MostVisits * _frame.Blocks))
        {
            throw new ImageFormatException($"the JPEG file has {_scans} scans or more; a picture has fewer");
        }

        if (_frame.IsProgressive)
        {
            CheckProgression(scan);
            foreach (Component component in scan.Components)
            {
                for (int i = int.Min(scan.First, 1); i <= int.Max(scan.Last, 9); i++)
                {
                    component.PreviousMissingBits[i] = _scans > 1 ? component.MissingBits[i] : 0;
                }

                component.MissingBits.AsSpan(scan.First, scan.Last - scan.First + 1).Fill(scan.Low);
            }
        }

        _headers.LatchQuantization(scan);
    }

    private static void CheckProgression(Scan scan)
    {
        bool isGood = scan.First == 0 ? scan.Last == 0
            : scan.First <= scan.Last && scan.Last < Zigzag.BlockLength && scan.Components.Length == 1;
        if (!isGood || (scan.High != 0 && scan.Low != scan.High - 1) || scan.Low > MostShift)
        {
            throw new ImageFormatException(
                $"the JPEG file is damaged: a progressive scan of {scan.Components.Length} components has coefficients {scan.First} to "
                + $"{scan.Last}, from bit {scan.High} to bit {scan.Low}");
        }
    }

    /// <summary>Decodes and transforms block by block, without memory for coefficients.</summary>
    private void ReadInOnePass(Scan scan, RowPipeline pipeline)
    {
        var segments = new EntropySegments(_input, _headers.RestartInterval, _allowTruncated);
        ScanBlock[] blocks = Blocks(scan);
        int columns = scan.Components.Length > 1 ? _frame.McuColumns : scan.Components[0].WidthInBlocks;
        int rowsInUnit = scan.Components.Length > 1 ? 1 : scan.Components[0].Vertical;
        int rows = scan.Components.Length > 1 ? _frame.McuRows : scan.Components[0].HeightInBlocks;
        for (int row = 0; row < rows; row++)
        {
            foreach (ref ScanBlock block in blocks.AsSpan())
            {
                block.BeginRow(row, pipeline);
            }

            for (int column = 0; column < columns; column++)
            {
                bool hasData = segments.Begin();
                foreach (ref ScanBlock block in blocks.AsSpan())
                {
                    block.Read(segments, hasData, column, _spareBlock);
                }

                if (hasData)
                {
                    segments.End();
                }
            }

            if ((row + 1) % rowsInUnit == 0 || row == rows - 1)
            {
                pipeline.Complete(row / rowsInUnit);
            }
        }
    }

    private ScanBlock[] Blocks(Scan scan) =>
    [
        .. from c in Enumerable.Range(0, scan.Components.Length)
        let component = scan.Components[c]
        let isOnly = scan.Components.Length == 1
        from y in Enumerable.Range(0, isOnly ? 1 : component.Vertical)
        from x in Enumerable.Range(0, isOnly ? 1 : component.Horizontal)
        select new ScanBlock(component, Array.IndexOf(_frame.Components, component), c, x, y,
            isOnly ? 1 : component.Horizontal, isOnly ? 1 : component.Vertical,
            _headers.Table(true, component.DcSlot, true), _headers.Table(false, component.AcSlot, true)),
    ];

    private void ReadCoefficients(Scan scan)
    {
        var decoder = new CoefficientScan(scan, _headers, _frame.IsProgressive, _spareBlock);
        var segments = new EntropySegments(_input, _headers.RestartInterval, _allowTruncated);
        _lastGoodRow = scan.Components.Length > 1 ? decoder.ReadInterleaved(segments, _frame) : decoder.ReadSingle(segments);
    }

    /// <summary>Makes samples of all coefficients.</summary>
    private Picture Transform()
    {
        var picture = new Picture(_frame.Width, _frame.Height);
        var pipeline = new RowPipeline(_frame, _headers.ColorSpace, picture, _arena);
        var smoothing = BlockSmoothing.Create(_frame, _lastGoodRow, _scans);
        short* none = _arena.Allocate<short>(Zigzag.BlockLength);
        for (int mcuRow = 0; mcuRow < _frame.McuRows; mcuRow++)
        {
            for (int c = 0; c < _frame.Components.Length; c++)
            {
                Component component = _frame.Components[c];
                int begin = mcuRow * component.Vertical, count = int.Min(component.Vertical, component.HeightInBlocks - begin);
                for (int row = 0; row < count; row++)
                {
                    byte* samples = pipeline.Block(c, begin + row);
                    if (smoothing is not null)
                    {
                        smoothing.Transform(component, mcuRow, row, count, samples, pipeline.Stride(c));
                        continue;
                    }

                    short* quantization = component.Quantization == null ? none : component.Quantization;
                    for (int column = 0; column < component.WidthInBlocks; column++)
                    {
                        InverseDct.Transform(component.Block(begin + row, column), quantization,
                            samples + (column * Frame.BlockSize), pipeline.Stride(c));
                    }
                }
            }

            pipeline.Complete(mcuRow);
        }

        return picture;
    }
}
