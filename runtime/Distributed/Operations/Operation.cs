using System.Buffers;

namespace Strata.Distributed.Operations;

internal enum OperationKind
{
    SumFloats,
    SumDoubles,
    Broadcast,
    Barrier,
}

/// <summary>An operation of all ranks, with its memory held in place.</summary>
internal struct Operation
{
    public OperationKind Kind;

    public MemoryHandle Memory;

    /// <summary>The number of elements; of bytes, if it is a broadcast.</summary>
    public int Count;

    /// <summary>The rank that sends.</summary>
    public int Root;
}
