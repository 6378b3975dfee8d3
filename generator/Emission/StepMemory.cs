using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

namespace Strata.Compiler.Emission;

/// <summary>Where the tensors of a program lie.</summary>
internal sealed class StepMemory
{
    private readonly Dictionary<TensorBuffer, int> _offsets = new(ReferenceComparer<TensorBuffer>.Instance);

    public StepMemory(params IEnumerable<MemoryPlan> plans)
    {
        foreach (PlannedBuffer buffer in plans.SelectMany(plan => plan.Buffers))
        {
            _offsets.Add(buffer.Buffer, buffer.Offset);
        }
    }

    /// <summary>The distance between the samples of a block in which each sample has its own memory.</summary>
    public int SampleStride { get; init; }

    /// <summary>Where the derived values begin behind the parameters. They have an address of their own.</summary>
    public required int DerivedStart { get; init; }

    /// <summary>The offset of a buffer that has memory of its own, in floats; negative in front of a slot.</summary>
    public int this[TensorBuffer root] => _offsets[root];

    /// <summary>The parameter that has the address of a memory.</summary>
    public static string NameOf(MemorySpace space) => space switch
    {
        MemorySpace.Arena => "arena",
        MemorySpace.Sample => "sample",
        MemorySpace.Slot => "slot",
        MemorySpace.Shared => "shared",
        MemorySpace.Scratch => "scratch",
        _ => throw new InvalidOperationException($"{space} has no address."),
    };
}
