using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// The address of each buffer of a program. Buffers whose lifetimes do not overlap share memory. Offsets are multiples of 16 floats, a
/// cache line.
/// </summary>
internal sealed record MemoryPlan(EquatableArray<PlannedBuffer> Buffers, int Length)
{
    private const int Alignment = 16;

    public static readonly MemoryPlan Empty = new(EquatableArray<PlannedBuffer>.Empty, 0);

    private readonly Dictionary<TensorBuffer, PlannedBuffer> _byBuffer =
        Buffers.ToDictionary(b => b.Buffer, ReferenceComparer<TensorBuffer>.Instance);

    /// <summary>Whether a buffer still holds its contents after a number of steps: none of them has reused its memory.</summary>
    public bool Holds(TensorBuffer buffer, int steps) =>
        _byBuffer.TryGetValue(buffer, out PlannedBuffer planned)
        && (planned.LastStep >= steps || !Buffers.Any(b => b.FirstStep > planned.LastStep && b.FirstStep < steps
            && b.Offset < planned.Offset + buffer.Floats && planned.Offset < b.Offset + b.Buffer.Floats));

    /// <summary>The same plan before a place instead of after it, with negative offsets.</summary>
    public MemoryPlan InFront() => new(Buffers.Select(b => b with { Offset = b.Offset - Length }).ToEquatableArray(), Length);

    /// <summary>
    /// Plans the buffers of one memory space. A buffer lives from the first step that touches it to the last. The largest
    /// are placed first, each at the lowest offset where it overlaps no other that is alive at the same time. Scratch memory does not
    /// outlive a step, so that the buffers of each step begin at 0.
    /// </summary>
    /// <param name="stages">Neighbouring steps that are done in any order or repeatedly: their buffers live throughout the stage. Null for
    /// none.</param>
    /// <exception cref="InvalidOperationException">Two steps touch a buffer of scratch memory.</exception>
    public static MemoryPlan Of(IEnumerable<Step> steps, MemorySpace space, StagePlan? stages, CancellationToken cancellationToken)
    {
        var lifetimes = new List<PlannedBuffer>();
        var known = new Dictionary<TensorBuffer, int>(ReferenceComparer<TensorBuffer>.Instance);
        int index = 0;
        foreach (Step step in steps)
        {
            Cancellation.Look();
            foreach (Argument argument in step.Arguments)
            {
                if (argument is not BufferArgument { Buffer.Root: var buffer } || buffer.Space != space)
                {
                    continue;
                }

                if (known.TryGetValue(buffer, out int place))
                {
                    if (space == MemorySpace.Scratch && lifetimes[place].FirstStep != index)
                    {
                        throw new InvalidOperationException(
                            $"{buffer.Name} lies in scratch memory, which '{step.Name}' would find overwritten.");
                    }

                    lifetimes[place] = lifetimes[place] with { LastStep = index };
                }
                else
                {
                    known.Add(buffer, lifetimes.Count);
                    lifetimes.Add(new PlannedBuffer(buffer, index, index, 0));
                }
            }

            index++;
        }

        if (space is MemorySpace.Slot or MemorySpace.Shared)
        {
            // A slot is read after the program has ended, and shared memory in both passes.
            lifetimes = [.. lifetimes.Looking().Select(l => l with { FirstStep = 0, LastStep = int.MaxValue })];
        }

        if (space == MemorySpace.Arena && stages is not null)
        {
            lifetimes =
            [
                .. lifetimes.Looking()
                    .Select(l => l with { FirstStep = stages.FirstOf(l.FirstStep), LastStep = stages.LastOf(l.LastStep) }),
            ];
        }

        long length = 0;

        // Sorted by offset.
        var placed = new List<PlannedBuffer>();
        foreach (PlannedBuffer candidate in lifetimes
            .OrderByDescending(l => Cancellation.Looked(l.Buffer.Floats)).ThenBy(l => Cancellation.Looked(l.FirstStep)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long offset = 0;
            foreach (PlannedBuffer other in placed.Looking().Where(candidate.Overlaps))
            {
                if (offset + candidate.Buffer.Floats <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, RoundUp((long)other.Offset + other.Buffer.Floats));
            }

            length = Math.Max(length, RoundUp(offset + candidate.Buffer.Floats));
            _ = NetworkTooLargeException.Check(length, $"memory for a block of {Arithmetic.Number(candidate.Buffer.Lanes)} samples");
            int place = placed.Looking().TakeWhile(p => p.Offset <= offset).Count();
            placed.Insert(place, candidate with { Offset = (int)offset });
        }

        return new MemoryPlan(
            placed.OrderBy(p => Cancellation.Looked(p.FirstStep)).ThenBy(p => Cancellation.Looked(p.Offset)).ToEquatableArray(),
            (int)length);
    }

    /// <summary>The next multiple of a cache line.</summary>
    public static long RoundUp(long length) => Arithmetic.RoundUp(length, Alignment);
}

/// <summary>A buffer, the steps between which it is alive, and its place.</summary>
internal sealed record PlannedBuffer(TensorBuffer Buffer, int FirstStep, int LastStep, int Offset)
{
    public bool Overlaps(PlannedBuffer other) => FirstStep <= other.LastStep && other.FirstStep <= LastStep;
}
