using System;

namespace Strata.Imaging.Jpeg;

/// <summary>Reads one of several scans into the coefficients of its components.</summary>
internal sealed unsafe class CoefficientScan
{
    private readonly Scan _scan;
    private readonly Kind _kind;
    private readonly HuffmanTable?[] _dc, _ac;
    private readonly short* _spareBlock;

    public CoefficientScan(Scan scan, HeaderReader headers, bool isProgressive, short* spareBlock)
    {
        _scan = scan;
        _spareBlock = spareBlock;
        _kind = !isProgressive ? Kind.All
            : scan.First == 0 ? (scan.High == 0 ? Kind.Dc : Kind.DcBit)
            : scan.High == 0 ? Kind.Ac : Kind.AcBit;
        _dc = Array.ConvertAll(scan.Components, c => _kind is Kind.All or Kind.Dc ? headers.Table(true, c.DcSlot, true) : null);
        _ac = Array.ConvertAll(scan.Components,
            c => _kind is Kind.Dc or Kind.DcBit ? null : headers.Table(false, c.AcSlot, _kind != Kind.AcBit));
    }

    private enum Kind
    {
        /// <summary>All coefficients of a sequential file.</summary>
        All,
        Dc,
        DcBit,
        Ac,
        AcBit,
    }

    /// <summary>Reads a scan of several components.</summary>
    /// <returns>The last row of units that there were data for.</returns>
    public int ReadInterleaved(EntropySegments segments, Frame frame)
    {
        int good = 0;
        for (int row = 0; row < frame.McuRows && !segments.IsOver; row++)
        {
            for (int column = 0; column < frame.McuColumns && !segments.IsOver; column++)
            {
                good = segments.IsInsufficient ? good : row;
                if (segments.Begin())
                {
                    ReadUnit(segments, row, column);
                    segments.End();
                }
            }
        }

        return good;
    }

    /// <summary>Reads a scan of one component, whose units are its blocks.</summary>
    /// <returns>The last row of units of the frame that there were data for.</returns>
    public int ReadSingle(EntropySegments segments)
    {
        Component component = _scan.Components[0];
        int good = 0, columns = component.WidthInBlocks;
        for (int row = 0; row < component.HeightInBlocks && !segments.IsOver; row++)
        {
            for (int column = 0; column < columns && !segments.IsOver; column++)
            {
                good = segments.IsInsufficient ? good : row / component.Vertical;
                if (_kind == Kind.Ac && segments.EndOfBandRun > 0 && !segments.IsInsufficient)
                {
                    int skipped = int.Min(int.Min(segments.EndOfBandRun, columns - column), segments.UnitsToRestart);
                    if (skipped > 0)
                    {
                        segments.Skip(skipped);
                        column += skipped - 1;
                        continue;
                    }
                }

                if (segments.Begin())
                {
                    ReadBlock(segments, 0, component.Block(row, column));
                    segments.End();
                }
            }
        }

        return good;
    }

    private void ReadUnit(EntropySegments segments, int row, int column)
    {
        for (int c = 0; c < _scan.Components.Length; c++)
        {
            Component component = _scan.Components[c];
            for (int y = 0; y < component.Vertical; y++)
            {
                for (int x = 0; x < component.Horizontal; x++)
                {
                    // Units reach beyond the picture.
                    int blockRow = (row * component.Vertical) + y, blockColumn = (column * component.Horizontal) + x;
                    bool isInside = blockRow < component.HeightInBlocks && blockColumn < component.WidthInBlocks;
                    ReadBlock(segments, c, isInside ? component.Block(blockRow, blockColumn) : _spareBlock);
                }
            }
        }
    }

    private void ReadBlock(EntropySegments segments, int component, short* block)
    {
        switch (_kind)
        {
            case Kind.All:
                _ = BlockDecoder.DecodeAll(
                    ref segments.Reader, _dc[component]!, _ac[component]!, ref segments.Predictions[component], block);
                break;
            case Kind.Dc:
                BlockDecoder.DecodeDc(ref segments.Reader, _dc[component]!, ref segments.Predictions[component], block, _scan.Low);
                break;
            case Kind.DcBit:
                BlockDecoder.RefineDc(ref segments.Reader, block, _scan.Low);
                break;
            case Kind.Ac:
                segments.EndOfBandRun = segments.EndOfBandRun > 0 ? segments.EndOfBandRun
                    : BlockDecoder.DecodeAc(ref segments.Reader, _ac[component]!, block, _scan);
                segments.EndOfBandRun -= segments.EndOfBandRun > 0 ? 1 : 0;
                break;
            default:
                segments.EndOfBandRun = BlockDecoder.RefineAc(ref segments.Reader, _ac[component]!, block, _scan, segments.EndOfBandRun);
                segments.EndOfBandRun -= segments.EndOfBandRun > 0 ? 1 : 0;
                break;
        }
    }
}
