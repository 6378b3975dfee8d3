using System;
using System.Linq;

namespace Strata.Imaging.Jpeg;

/// <summary>
/// Estimates the low coefficients of a progressive file that ended before it had them, from the mean brightness of 5×5 blocks, as
/// libjpeg-turbo 2.1 does: otherwise the blocks would be seen.
/// </summary>
internal sealed unsafe class BlockSmoothing
{
    private const int Size = 5, Known = 10;

    // The first AC coefficients in zigzag order, of which the last four are estimated only if none is known.
    private const int AlwaysEstimated = 5;

    private static readonly int[][] WithoutAc =
    [
        [-1, -1, 0, 1, 1, -3, 13, 0, -13, 3, -3, 38, 0, -38, 3, -3, 13, 0, -13, 3, -1, -1, 0, 1, 1],
        [-1, -3, -3, -3, -1, -1, 13, 38, 13, -1, 0, 0, 0, 0, 0, 1, -13, -38, -13, 1, 1, 3, 3, 3, 1],
        [0, 0, 1, 0, 0, 0, 2, 7, 2, 0, 0, -5, -14, -5, 0, 0, 2, 7, 2, 0, 0, 0, 1, 0, 0],
        [-1, 0, 0, 0, 1, 0, 9, 0, -9, 0, 0, 0, 0, 0, 0, 0, -9, 0, 9, 0, 1, 0, 0, 0, -1],
        [0, 0, 0, 0, 0, 0, 2, -5, 2, 0, 1, 7, -14, 7, 1, 0, 2, -5, 2, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, 2, 0, -2, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, -3, 1, 0, 0, 0, 0, 0, 0, 0, -1, 3, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 0, -1, 0, 0, -3, 0, 3, 0, 0, 1, 0, -1, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, -1, -2, -1, 0, 0, 0, 0, 0, 0],
    ];

    private static readonly int[] Mean =
        [-2, -6, -8, -6, -2, -6, 6, 42, 6, -6, -8, 42, 152, 42, -8, -6, 6, 42, 6, -6, -2, -6, -8, -6, -2];

    private static readonly int[][] WithAc =
    [
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -7, 50, 0, -50, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, -7, 0, 0, 0, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, -50, 0, 0, 0, 0, 7, 0, 0],
        [0, 0, -1, 0, 0, 0, 0, 13, 0, 0, 0, 0, -24, 0, 0, 0, 0, 13, 0, 0, 0, 0, -1, 0, 0],
        [0, -1, 0, 1, 0, -1, 10, 0, -10, 1, 0, 0, 0, 0, 0, 1, -10, 0, 10, -1, 0, 1, 0, -1, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 13, -24, 13, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];

    private readonly Frame _frame;
    private readonly int _lastGoodRow;
    private readonly bool _isFirstScan;
    private readonly int[] _means = new int[Size * Size];

    private BlockSmoothing(Frame frame, int lastGoodRow, bool isFirstScan) =>
        (_frame, _lastGoodRow, _isFirstScan) = (frame, lastGoodRow, isFirstScan);

    /// <summary>The smoothing of a file; null if it needs none.</summary>
    /// <param name="frame">The frame, whose components know which bits are missing.</param>
    /// <param name="lastGoodRow">The last row of units that the last scan had data for.</param>
    /// <param name="scans">The number of scans.</param>
    public static BlockSmoothing? Create(Frame frame, int lastGoodRow, int scans)
    {
        bool canSmooth = frame.IsProgressive
            && Array.TrueForAll(frame.Components, c => c.Quantization != null && c.MissingBits[0] >= 0 && HasQuantizers(c));
        return canSmooth && frame.Components.Any(c => c.MissingBits.AsSpan(1, Known - 1).ContainsAnyExcept(0))
            ? new BlockSmoothing(frame, lastGoodRow, scans == 1) : null;
    }

    /// <summary>Puts the smoothed coefficients of a row of blocks into the samples.</summary>
    public void Transform(Component component, int mcuRow, int rowInUnit, int rowsInUnit, byte* samples, nint stride)
    {
        int[] missing = mcuRow <= _lastGoodRow ? component.MissingBits : component.PreviousMissingBits;
        bool isUnknown = _isFirstScan && mcuRow > _lastGoodRow;
        bool hasNoAc = isUnknown || !missing.AsSpan(1, Known - 1).ContainsAnyExcept(-1);
        Span<int> rows = stackalloc int[Size];
        FindRows(component, mcuRow, rowInUnit, rowsInUnit, rows);
        for (int i = 0; i < Size; i++)
        {
            _means.AsSpan(i * Size, Size).Fill(component.Block(rows[i], 0)[0]);
        }

        short* block = stackalloc short[Zigzag.BlockLength];
        int last = component.WidthInBlocks - 1;
        for (int column = 0; column <= last; column++)
        {
            for (int i = 0; i < Size; i++)
            {
                Span<int> means = _means.AsSpan(i * Size, Size);
                if (column == 0 && last > 0)
                {
                    means[3] = component.Block(rows[i], 1)[0];
                }

                if (column + 1 < last)
                {
                    means[4] = component.Block(rows[i], column + 2)[0];
                }
            }

            new ReadOnlySpan<short>(component.Block(rows[2], column), Zigzag.BlockLength)
                .CopyTo(new Span<short>(block, Zigzag.BlockLength));
            Estimate(block, component.Quantization, missing, isUnknown, hasNoAc);
            InverseDct.Transform(block, component.Quantization, samples + (column * Frame.BlockSize), stride);
            for (int i = 0; i < Size; i++)
            {
                _means.AsSpan((i * Size) + 1, Size - 1).CopyTo(_means.AsSpan(i * Size));
            }
        }
    }

    private static bool HasQuantizers(Component component)
    {
        for (int i = 0; i < Known; i++)
        {
            if (component.Quantization[Zigzag.Natural[i]] == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The rows above and below. libjpeg-turbo takes a nearer row where the farther one is in a unit that it does not look at.
    /// </summary>
    private void FindRows(Component component, int mcuRow, int rowInUnit, int rowsInUnit, Span<int> rows)
    {
        int row = (mcuRow * component.Vertical) + rowInUnit, lastUnit = _frame.McuRows - 1;
        rows[2] = row;
        rows[1] = rowInUnit > 0 || mcuRow > 0 ? row - 1 : row;
        rows[0] = rowInUnit > 1 || mcuRow > 1 ? row - 2 : rows[1];
        rows[3] = rowInUnit < rowsInUnit - 1 || mcuRow < lastUnit ? row + 1 : row;
        rows[4] = rowInUnit < rowsInUnit - 2 || mcuRow + 1 < lastUnit ? row + 2 : rows[3];
    }

    private void Estimate(short* block, short* quantization, int[] missing, bool isUnknown, bool hasNoAc)
    {
        int[][] weights = hasNoAc ? WithoutAc : WithAc;
        long scale = (ushort)quantization[0];
        int count = hasNoAc ? WithoutAc.Length : AlwaysEstimated;
        for (int i = 1; i <= count; i++)
        {
            int place = Zigzag.Natural[i], bits = isUnknown ? -1 : missing[i];
            if (bits != 0 && block[place] == 0)
            {
                int estimate = Divide(scale * Sum(weights[i - 1]), (ushort)quantization[place], bits);
                block[place] = (short)estimate;
            }
        }

        if (hasNoAc)
        {
            block[0] = (short)Divide(scale * Sum(Mean), scale, 0);
        }
    }

    private int Sum(int[] weights)
    {
        int sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * _means[i];
        }

        return sum;
    }

    /// <summary>The rounded quotient; what would have shown among the bits that are known is less.</summary>
    private static int Divide(long sum, long quantizer, int missingBits)
    {
        int quotient = (int)(((quantizer << 7) + long.Abs(sum)) / (quantizer << 8));
        if (missingBits > 0 && quotient >= 1 << missingBits)
        {
            quotient = (1 << missingBits) - 1;
        }

        return sum >= 0 ? quotient : -quotient;
    }
}
