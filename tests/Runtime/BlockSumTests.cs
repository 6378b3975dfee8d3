using System;
using System.Linq;
using System.Runtime.Intrinsics;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

public class BlockSumTests
{
    private const int Lanes = 16;

    // Of sizes so different that every rounding shows. Each row is a term of 16 sums.
    private static readonly float[][] Rows = MakeRows(1000);

    [Fact]
    public void Lanes_of_every_width_sum_as_one_float_does()
    {
        var sums = new BlockSum[Lanes];
        BlockSum512 sums512 = default;
        BlockSum256 sums256 = default;
        BlockSum128 sums128 = default;
        foreach (float[] row in Rows)
        {
            sums512.Add(Vector512.Create(row));
            sums256.Add(Vector256.Create(row));
            sums128.Add(Vector128.Create(row));
            for (int s = 0; s < Lanes; s++)
            {
                sums[s].Add(row[s]);
            }
        }

        float[] expected = [.. sums.Select(s => s.Value)];
        Assert.Equal(Vector512.Create(expected), sums512.Value);
        Assert.Equal(Vector256.Create(expected), sums256.Value);
        Assert.Equal(Vector128.Create(expected), sums128.Value);
    }

    [Fact]
    public void Compensated_sums_in_memory_are_the_same_at_every_width()
    {
        float[] at16 = new float[Lanes], at8 = new float[Lanes], at4 = new float[Lanes];
        float[] lost16 = new float[Lanes], lost8 = new float[Lanes], lost4 = new float[Lanes];
        foreach (float[] row in Rows)
        {
            BlockSum512.Add(ref at16[0], ref lost16[0], Vector512.Create(row));
            for (int s = 0; s < Lanes; s += 8)
            {
                BlockSum256.Add(ref at8[s], ref lost8[s], Vector256.Create(row, s));
            }

            for (int s = 0; s < Lanes; s += 4)
            {
                BlockSum128.Add(ref at4[s], ref lost4[s], Vector128.Create(row, s));
            }
        }

        Assert.Equal(at16, at8);
        Assert.Equal(at16, at4);
        Assert.Equal(lost16, lost8);
        Assert.Equal(lost16, lost4);
        Assert.Contains(lost16, lost => lost != 0);
    }

    private static float[][] MakeRows(int count)
    {
        var random = new Random(3);
        float NextTerm() => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7)));
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Lanes).Select(_ => NextTerm()).ToArray())];
    }
}
