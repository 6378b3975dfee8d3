using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>A value that an update would make infinite or NaN.</summary>
/// <param name="Slot">The name of the slot; null for the parameter itself.</param>
/// <param name="Place">The index among the packed parameters.</param>
/// <param name="Value">The infinite value or NaN.</param>
/// <param name="Gradient">The gradient at this index, clipped.</param>
internal readonly record struct Overflow(string? Slot, int Place, float Value, float Gradient);

/// <summary>
/// Does updates that may fail: they may make a number infinite or NaN, or the optimizer may throw. Copies are made first, so that an update
/// that fails can be undone. Optimizers without a bound (those of users) always update this way. The others do so only near the end of the
/// range of floats.
/// </summary>
/// <param name="memory">What is updated.</param>
internal sealed unsafe class GuardedUpdate(OptimizerMemory memory) : ParallelJob, IDisposable
{
    private readonly Optimizer _optimizer = memory.Optimizer;
    private readonly ParameterRange[] _ranges = memory.Ranges;
    private readonly int _slots = memory.SlotNames.Length;
    private readonly bool _needsNorms = memory.Info.NeedsNorms;

    // The parameters before the update, followed by the slots.
    private AlignedMemory? _before;
    private AlignedMemory? _directions;

    // For each range, in this order: its padding, whether _before has its copy, its sums of squares, and the norms of its parameter.
    private (int Start, int Length)[][] _padding = [];
    private readonly bool[] _isCopied = new bool[memory.Ranges.Length];
    private readonly ParameterNorms[] _squares = new ParameterNorms[memory.Ranges.Length];
    private readonly ParameterNorms[] _norms = new ParameterNorms[memory.Ranges.Length];

    // For each range, the first value that the update has made infinite or NaN.
    private readonly Overflow?[] _overflows = new Overflow?[memory.Ranges.Length];
    private Work _work;
    private long _number;
    private GradientClipping _clipping = new();

    /// <summary>What the threads do with a range.</summary>
    private enum Work
    {
        Prepare,
        Update,
        Undo,
    }

    /// <summary>Measures the time of updates; null if the network is not profiled.</summary>
    public StepTimes? Times { get; set; }

    /// <summary>Does an update. All gradients must have been computed, the deferred ones too.</summary>
    /// <param name="clipping">How gradients are clipped.</param>
    /// <param name="number">Number of the update, counted from 1.</param>
    /// <returns>The value that the update has made infinite or NaN; the update was then undone. Null if all values are finite.</returns>
    public Overflow? Run(in GradientClipping clipping, long number)
    {
        Allocate();
        (_clipping, _number) = (clipping, number);
        Array.Clear(_isCopied);
        Array.Clear(_overflows);
        try
        {
            if (_needsNorms)
            {
                RunAll(Work.Prepare);
                SumNorms();
            }

            RunAll(Work.Update);
        }
        catch
        {
            RunAll(Work.Undo);
            throw;
        }

        // Report the first one in the order of the ranges, so that the message does not depend on the threads.
        foreach (Overflow? overflow in _overflows)
        {
            if (overflow is not null)
            {
                RunAll(Work.Undo);
                return overflow;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _before?.Dispose();
        _directions?.Dispose();
    }

    protected override void Run(int piece, int participant)
    {
        long begin = StepTimes.Now;
        ParameterRange range = _ranges[piece];
        Span<float> gradient = memory.Gradient(range);
        switch (_work)
        {
            case Work.Prepare:
                Begin(piece, range, gradient);
                Prepare(piece, range, gradient);
                break;
            case Work.Update:
                if (!_needsNorms)
                {
                    Begin(piece, range, gradient);
                }

                UpdateContext context = memory.Context(range, gradient, _number);
                _optimizer.Run(_needsNorms ? context with { Direction = Direction(range), Norms = _norms[piece] } : context);
                End(piece, range, gradient);
                break;
            default:
                if (_isCopied[piece])
                {
                    Undo(range);
                }

                break;
        }

        Times?.AddUpdate(participant, begin);
    }

    private void RunAll(Work work)
    {
        _work = work;
        Times?.Ensure(memory.Network.Threads);
        RunAll(_ranges.Length, memory.Threads);
    }

    private void Allocate()
    {
        if (_needsNorms)
        {
            AlignedMemory.Ensure(ref _directions, memory.Stride);
        }

        if (_before is null)
        {
            _before = new AlignedMemory((1L + _slots) * memory.Stride);
            FindPadding(_before);
        }
    }

    /// <summary>Finds the padding: elements that belong to no parameter. Uses memory that is all 0.</summary>
    private void FindPadding(AlignedMemory zeros)
    {
        Span<float> ones = stackalloc float[1024];
        ones.Fill(1);
        foreach (Parameter parameter in memory.Network.Parameters)
        {
            for (int start = 0; parameter.IsTrainable && start < parameter.Length; start += ones.Length)
            {
                parameter.Scatter(ones[..int.Min(ones.Length, parameter.Length - start)], start, zeros);
            }
        }

        _padding = new (int, int)[_ranges.Length][];
        var found = new List<(int Start, int Length)>();
        for (int piece = 0; piece < _ranges.Length; piece++)
        {
            found.Clear();
            ReadOnlySpan<float> marks = new(zeros.Pointer + _ranges[piece].Start, _ranges[piece].Length);
            for (int start = 0, length; (length = marks[start..].IndexOf(0f)) >= 0; start += length)
            {
                start += length;
                length = marks[start..].IndexOf(1f);
                length = length >= 0 ? length : marks.Length - start;
                found.Add((start, length));
            }

            _padding[piece] = [.. found];
        }
    }

    private Span<float> Direction(ParameterRange range) => new(_directions!.Pointer + range.Start, range.Length);

    /// <summary>A range's parameters before the update; for <paramref name="index"/> k from 1 on, its slot k − 1.</summary>
    private Span<float> Before(ParameterRange range, int index) =>
        new(_before!.Pointer + ((nint)index * memory.Stride) + range.Start, range.Length);

    /// <summary>Clips the gradients, and copies what the update will change.</summary>
    private void Begin(int piece, ParameterRange range, Span<float> gradient)
    {
        _clipping.Apply(gradient);
        memory.Parameters(range).CopyTo(Before(range, 0));
        for (int k = 0; k < _slots; k++)
        {
            memory.Slot(range, k).CopyTo(Before(range, 1 + k));
        }

        _isCopied[piece] = true;
    }

    private void Undo(ParameterRange range)
    {
        Before(range, 0).CopyTo(memory.Parameters(range));
        for (int k = 0; k < _slots; k++)
        {
            Before(range, 1 + k).CopyTo(memory.Slot(range, k));
        }
    }

    private void Prepare(int piece, ParameterRange range, Span<float> gradient)
    {
        Span<float> direction = Direction(range);
        gradient.CopyTo(direction);
        _optimizer.RunPrepare(memory.Context(range, gradient, _number) with { Direction = direction });
        ClearPadding(piece, direction);
        ClearPadding(piece, memory.Parameters(range));
        _squares[piece] = new ParameterNorms(
            OptimizerPass.SumOfSquares(memory.Parameters(range)),
            OptimizerPass.SumOfSquares(gradient),
            OptimizerPass.SumOfSquares(direction));
    }

    /// <summary>Gives each range the norms of its whole parameter. A parameter's ranges are consecutive.</summary>
    private void SumNorms()
    {
        for (int first = 0, end; first < _ranges.Length; first = end)
        {
            double parameter = 0, gradient = 0, direction = 0;
            for (end = first; end < _ranges.Length && _ranges[end].Parameter == _ranges[first].Parameter; end++)
            {
                parameter += _squares[end].Parameter;
                gradient += _squares[end].Gradient;
                direction += _squares[end].Direction;
            }

            _norms.AsSpan(first..end).Fill(new ParameterNorms(Math.Sqrt(parameter), Math.Sqrt(gradient), Math.Sqrt(direction)));
        }
    }

    /// <summary>Sets padding and nearly denormal numbers to 0, and looks for numbers that are not finite.</summary>
    private void End(int piece, ParameterRange range, ReadOnlySpan<float> gradient)
    {
        // Check the slots before the parameter: if both are infinite, the slot is the cause.
        for (int k = 0; k <= _slots; k++)
        {
            Span<float> values = k < _slots ? memory.Slot(range, k) : memory.Parameters(range);
            ClearPadding(piece, values);
            if (!Flush(values) && _overflows[piece] is null)
            {
                int place = NonFiniteSearch.IndexOfNonFinite(values);
                _overflows[piece] = new Overflow(
                    k < _slots ? memory.SlotNames[k] : null, range.Start + place, values[place], gradient[place]);
            }
        }
    }

    private void ClearPadding(int piece, Span<float> values)
    {
        foreach ((int start, int length) in _padding[piece])
        {
            values.Slice(start, length).Clear();
        }
    }

    /// <summary>Sets nearly denormal numbers to 0.</summary>
    /// <returns>Whether all numbers are finite.</returns>
    private static bool Flush(Span<float> values)
    {
        var infinity = new Vector<float>(float.PositiveInfinity);
        Vector<int> finite = Vector<int>.AllBitsSet;
        foreach (ref Vector<float> vector in MemoryMarshal.Cast<float, Vector<float>>(values))
        {
            vector = Fading.Flush(vector);
            finite &= Vector.LessThan(Vector.Abs(vector), infinity);
        }

        return finite == Vector<int>.AllBitsSet;
    }
}
