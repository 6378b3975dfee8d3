using System.Runtime.Intrinsics;

namespace Strata.Imaging.Jpeg;

/// <summary>One block of each unit of a scan that is decoded in one pass.</summary>
internal unsafe struct ScanBlock(
    Component component, int plane, int inScan, int x, int y, int horizontal, int vertical, HuffmanTable dc, HuffmanTable ac)
{
    private byte* _samples;
    private nint _stride;

    /// <summary>Finds where a row of units has its samples.</summary>
    public void BeginRow(int row, RowPipeline pipeline)
    {
        int blockRow = (row * vertical) + y;
        _stride = pipeline.Stride(plane);
        _samples = blockRow < component.HeightInBlocks ? pipeline.Block(plane, blockRow) : null;
    }

    /// <summary>Reads the block of a unit. Blocks outside the picture are decoded only.</summary>
    public readonly void Read(EntropySegments segments, bool hasData, int unit, short* block)
    {
        bool hasAc = false;
        if (hasData)
        {
            Vector256<short> zero = Vector256<short>.Zero;
            zero.Store(block);
            zero.Store(block + 16);
            zero.Store(block + 32);
            zero.Store(block + 48);
            hasAc = BlockDecoder.DecodeAll(ref segments.Reader, dc, ac, ref segments.Predictions[inScan], block);
        }

        int column = (unit * horizontal) + x;
        if (_samples != null && column < component.WidthInBlocks)
        {
            byte* samples = _samples + (column * Frame.BlockSize);
            if (hasAc)
            {
                InverseDct.Transform(block, component.Quantization, samples, _stride);
            }
            else
            {
                InverseDct.Fill(hasData ? block[0] : 0, component.Quantization, samples, _stride);
            }
        }
    }
}
