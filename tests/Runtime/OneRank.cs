using System;
using Strata.Training;

namespace Strata.Runtime.Tests;

/// <summary>A world of one rank, in which there is nothing to do.</summary>
internal sealed class OneRank : ICollectives
{
    public int Rank => 0;

    public int Size => 1;

    public long BeginAllReduce(Memory<float> values) => 0;

    public long BeginAllReduce(Memory<double> values) => 0;

    public long BeginBroadcast(Memory<byte> values, int root) => 0;

    public void Wait(long operation)
    {
    }

    public void Barrier()
    {
    }

    public void Abort(string message) => throw new InvalidOperationException(message);
}
