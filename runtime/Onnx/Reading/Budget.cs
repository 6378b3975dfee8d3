namespace Strata.Onnx.Reading;

/// <summary>
/// What reading a file may cost. Both limits grow with the file, so that a network never meets them, and a small file cannot ask for much.
/// </summary>
internal sealed class Budget
{
    /// <summary>
    /// What may be computed while reading: so much for any file, and so much for each of its bytes. A weight of integers becomes floats,
    /// is multiplied by its scales, and perhaps transposed.
    /// </summary>
    private const long FreeBytes = 24_000_000, BytesPerByte = 3 * sizeof(float);

    /// <summary>The same for what a computation holds at a time.</summary>
    private const long FreeHeldBytes = 60_000_000, HeldBytesPerByte = 4;

    /// <summary>The same for numbers that are read or multiplied: a second for a small file.</summary>
    private const long FreeWork = 200_000_000, WorkPerByte = 16;

    /// <summary>More nodes do not come from a network; functions that call functions make them.</summary>
    private const int MaximumNodes = 200_000;

    private long _bytes, _heldBytes, _work;
    private int _nodes;

    /// <param name="length">The file's length.</param>
    public Budget(long length)
    {
        (_bytes, _heldBytes, _work) = (FreeBytes, FreeHeldBytes, FreeWork);
        AddFile(length);
    }

    /// <summary>Weights beside the file count as the file does.</summary>
    public void AddFile(long length)
    {
        _bytes += BytesPerByte * length;
        _heldBytes += HeldBytesPerByte * length;
        _work += WorkPerByte * length;
    }

    /// <summary>Whether so many bytes may still be computed, by so many operations; then they count as spent.</summary>
    /// <param name="bytes">The bytes of the result.</param>
    /// <param name="work">The operations.</param>
    /// <param name="held">The bytes that are needed meanwhile. They are given up again.</param>
    public bool Spend(long bytes, long work = 0, long held = 0)
    {
        if (bytes > _bytes || work > _work || held > _heldBytes)
        {
            return false;
        }

        _bytes -= bytes;
        _work -= work;
        return true;
    }

    /// <summary>Counts nodes, and what stands beside them, each time that they are walked through.</summary>
    public void CountNodes(int count)
    {
        _nodes += count;
        if (_nodes > MaximumNodes)
        {
            throw new ReadingException($"with its functions the graph has more than {MaximumNodes:N0} nodes");
        }
    }
}
