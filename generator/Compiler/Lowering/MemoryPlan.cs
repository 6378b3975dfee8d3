using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

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

    /// <summary>Whether a buffer still holds its contents after this many steps, because none of them has reused its memory.</summary>
    public bool Holds(TensorBuffer buffer, int steps) =>
        _byBuffer.TryGetValue(buffer, out PlannedBuffer planned)
        && (planned.LastStep >= steps || !Buffers.Any(b => b.FirstStep > planned.LastStep && b.FirstStep < steps
            && b.Offset < planned.Offset + buffer.Floats && planned.Offset < b.Offset + b.Buffer.Floats));

    /// <summary>The same plan with negative offsets, for memory that ends where this plan's memory begins.</summary>
    public MemoryPlan InFront() => new(Buffers.Select(b => b with { Offset = b.Offset - Length }).ToEquatableArray(), Length);

    /// <summary>
    /// Plans the buffers of one memory space. A buffer is alive from the first step that uses it to the last. The largest buffers are
    /// placed first. Each gets the lowest offset at which it overlaps no other buffer that is alive at the same time. Scratch memory does
    /// not outlive a step, so the scratch buffers of each step begin at 0.
    /// </summary>
    /// <param name="stages">
    /// Steps in a row that run in any order or repeatedly. The buffers that they use are alive during the whole stage. Null if there are
    /// none.
    /// </param>
    /// <exception cref="InvalidOperationException">Two steps use the same buffer of scratch memory.</exception>
    public static MemoryPlan Create(IEnumerable<Step> steps, MemorySpace space, StagePlan? stages, CancellationToken cancellationToken)
    {
        List<PlannedBuffer> lifetimes = UsesOf(steps, space);
        if (space is MemorySpace.Slot or MemorySpace.Shared)
        {
            // A slot is read after the program has ended, and shared memory in both passes.
            lifetimes = [.. lifetimes.WithCancellation().Select(l => l with { FirstStep = 0, LastStep = int.MaxValue })];
        }

        if (space == MemorySpace.Arena && stages is not null)
        {
            lifetimes =
            [
                .. lifetimes.WithCancellation()
                    .Select(l => l with { FirstStep = stages.FirstOf(l.FirstStep), LastStep = stages.LastOf(l.LastStep) }),
            ];
        }

        return Place(lifetimes, cancellationToken);
    }

    /// <summary>The buffers of a memory space, from the first step that uses each to the last. They have no addresses yet.</summary>
    private static List<PlannedBuffer> UsesOf(IEnumerable<Step> steps, MemorySpace space)
    {
        var lifetimes = new List<PlannedBuffer>();
        var known = new Dictionary<TensorBuffer, int>(ReferenceComparer<TensorBuffer>.Instance);
        int index = 0;
        foreach (Step step in steps)
        {
            Cancellation.ThrowIfRequested();
            foreach (Operand operand in step.Operands)
            {
                if (operand is not BufferOperand { Buffer.Root: var buffer } || buffer.Space != space)
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

        return lifetimes;
    }

    /// <summary>Gives each buffer an address: the largest ones first, each the lowest that is free while it is alive.</summary>
    private static MemoryPlan Place(List<PlannedBuffer> lifetimes, CancellationToken cancellationToken)
    {
        long length = 0;

        // Sorted by offset.
        var placed = new List<PlannedBuffer>();
        foreach (PlannedBuffer candidate in lifetimes
            .OrderByDescending(l => Cancellation.Checked(l.Buffer.Floats)).ThenBy(l => Cancellation.Checked(l.FirstStep)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long offset = 0;
            foreach (PlannedBuffer other in placed.WithCancellation().Where(candidate.Overlaps))
            {
                if (offset + candidate.Buffer.Floats <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, RoundUp((long)other.Offset + other.Buffer.Floats));
            }

            length = Math.Max(length, RoundUp(offset + candidate.Buffer.Floats));
            _ = NetworkTooLargeException.Check(length, $"memory for a block of {Arithmetic.Number(candidate.Buffer.Lanes)} samples");
            int place = placed.WithCancellation().TakeWhile(p => p.Offset <= offset).Count();
            placed.Insert(place, candidate with { Offset = (int)offset });
        }

        return new MemoryPlan(
            placed.OrderBy(p => Cancellation.Checked(p.FirstStep)).ThenBy(p => Cancellation.Checked(p.Offset)).ToEquatableArray(),
            (int)length);
    }

    /// <summary>Rounds up to a multiple of a cache line.</summary>
    public static long RoundUp(long length) => Arithmetic.RoundUp(length, Alignment);
}

/// <summary>A buffer, the first and last step that it is alive in, and its offset.</summary>
internal sealed record PlannedBuffer(TensorBuffer Buffer, int FirstStep, int LastStep, int Offset)
{
    public bool Overlaps(PlannedBuffer other) => FirstStep <= other.LastStep && other.FirstStep <= LastStep;
}
