namespace Strata.Imaging.Jpeg;

/// <summary>One component of a frame, such as the brightness, with its sizes, tables and memory.</summary>
internal sealed unsafe class Component
{
    public required int Id { get; init; }

    /// <summary>Samples of this component for <see cref="Frame.MaxHorizontal"/> pixels of a row.</summary>
    public required int Horizontal { get; init; }

    public required int Vertical { get; init; }

    /// <summary>The slot of its quantization table.</summary>
    public required int QuantizationSlot { get; init; }

    public int WidthInBlocks { get; set; }

    public int HeightInBlocks { get; set; }

    /// <summary>Samples of a row; the last block may have more.</summary>
    public int Width { get; set; }

    public int Height { get; set; }

    /// <summary>Slots of the Huffman tables in the current scan.</summary>
    public int DcSlot { get; set; }

    public int AcSlot { get; set; }

    /// <summary>The table when the component's first scan began, in natural order; null before.</summary>
    public short* Quantization { get; set; }

    /// <summary>All coefficients, block after block; null if the picture is decoded in one pass.</summary>
    public short* Coefficients { get; set; }

    /// <summary>How many low bits of each coefficient are missing, in zigzag order; −1 if all are.</summary>
    public int[] MissingBits { get; } = Unknown();

    /// <summary><see cref="MissingBits"/> before the component's last scan.</summary>
    public int[] PreviousMissingBits { get; } = Unknown();

    public short* Block(int row, int column) => Coefficients + ((((long)row * WidthInBlocks) + column) * Zigzag.BlockLength);

    private static int[] Unknown()
    {
        int[] bits = new int[Zigzag.BlockLength];
        System.Array.Fill(bits, -1);
        return bits;
    }
}
