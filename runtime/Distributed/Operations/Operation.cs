using System.Buffers;

namespace Strata.Distributed.Operations;

internal enum OperationKind
{
    SumFloats,
    SumDoubles,
    Broadcast,
    Barrier,
    Meet,
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

    /// <summary>A meeting that may come to no end; null for other operations.</summary>
    public PatientMeeting? Meeting;

    /// <summary>What it does, for messages.</summary>
    public readonly string Describe() => Kind switch
    {
        OperationKind.Broadcast => $"{Count} bytes from rank {Root}",
        OperationKind.SumFloats or OperationKind.SumDoubles => $"a sum of {Count} numbers",
        _ => "a barrier",
    };
}
