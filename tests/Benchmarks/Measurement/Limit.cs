using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Benchmarks.Measurement;

/// <summary>The multiply-add limit, in slices that stand between those of the network.</summary>
internal sealed class Limit(Isa isa, int threads, TimeSpan slice)
{
    private readonly List<double> _slices = [];

    /// <summary>A limit is the most that was seen; so a share of it is never flattered by a busy machine.</summary>
    public double Best => _slices.Max();

    /// <summary>Far below the best where the machine is busy.</summary>
    public double Median => Statistics.Median(_slices);

    public void MeasureSlice() => _slices.Add(MachineLimits.MeasureMultiplyAdd(isa, threads, slice));
}
