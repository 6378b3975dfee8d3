using System;

namespace Strata.Training;

/// <summary>The losses of a batch's blocks of samples.</summary>
/// <param name="blocks">The most blocks of a batch.</param>
/// <param name="losses">The number of losses of the network.</param>
internal sealed class BlockLosses(int blocks, int losses)
{
    private readonly double[] _values = new double[losses];

    /// <summary>The weighted sum of all losses, for each block.</summary>
    public double[] OfBlocks { get; } = new double[blocks];

    /// <summary>The value of each loss, without its weight, for each block.</summary>
    public double[] ValuesOfBlocks { get; } = new double[blocks * losses];

    /// <summary>The value of each loss, without its weight, of the batch.</summary>
    public Span<double> Values => _values;

    /// <summary>The place of a block's first value.</summary>
    public int FirstValueOf(int block) => block * _values.Length;

    /// <summary>The values of a block.</summary>
    public Span<double> ValuesOf(int block) => ValuesOfBlocks.AsSpan(FirstValueOf(block), _values.Length);

    /// <summary>Sets the values of all blocks to 0.</summary>
    /// <returns>These values.</returns>
    public double[] ClearBlocks()
    {
        Array.Clear(ValuesOfBlocks);
        return ValuesOfBlocks;
    }

    /// <summary>Adds up the blocks of a batch, one after the other. Sets <see cref="Values"/>.</summary>
    /// <returns>The weighted sum of all losses.</returns>
    public double Sum(int count)
    {
        double sum = 0;
        Values.Clear();
        for (int block = 0; block < count; block++)
        {
            sum += OfBlocks[block];
            AddValues(block);
        }

        return sum;
    }

    /// <summary>Adds a block to <see cref="Values"/>.</summary>
    public void AddValues(int block)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] += ValuesOfBlocks[FirstValueOf(block) + i];
        }
    }
}
