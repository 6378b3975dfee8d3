using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>
/// The samples and targets of a batch's blocks of samples. They are either in the caller's memory, or gathered in a given order,
/// augmented and mixed. Several threads may gather different blocks at the same time.
/// </summary>
/// <param name="network">The network that is trained.</param>
/// <param name="lanes">Samples of a block.</param>
internal sealed unsafe class BatchData(CompiledNetwork network, int lanes) : IDisposable
{
    private readonly int _inputLength = network.InputLength;
    private readonly int _classes = network.Info.ClassTargetLength;
    private readonly int _values = network.Info.ValueTargetLength;

    // For each arena, the gathered block that is computed in it: samples, values, classes, and the classes of the samples that these are
    // mixed with.
    private AlignedMemory[] _inputs = [];
    private AlignedMemory[] _targets = [];

    // Memory of each thread: a sample before its last change, and the sample that is mixed into the first one of a block.
    private AlignedMemory[] _changed = [];
    private AlignedMemory[] _others = [];
    private TrainingBatch _batch;

    /// <summary>Class indices of a sample.</summary>
    public int ClassesOfSample => _classes;

    /// <summary>Target values of a sample.</summary>
    public int ValuesOfSample => _values;

    /// <summary>Begins a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="arenas">The number of arenas, which is the number of blocks that are in memory at once.</param>
    /// <param name="threads">Threads that gather.</param>
    public void Begin(in TrainingBatch batch, int arenas, int threads)
    {
        _batch = batch;
        if (batch.Order != null)
        {
            AlignedMemory.Ensure(ref _inputs, arenas, (long)lanes * _inputLength);
            AlignedMemory.Ensure(ref _targets, arenas, (long)lanes * ((2 * _classes) + _values));
        }

        if (batch.Augmentation is not null)
        {
            AlignedMemory.Ensure(ref _changed, threads, _inputLength);
        }

        if (batch.IsMixed)
        {
            AlignedMemory.Ensure(ref _others, threads, _inputLength);
        }
    }

    /// <summary>The block's samples and targets.</summary>
    /// <param name="block">The block.</param>
    /// <param name="arena">Index of the block's arena. Ignored if the batch is not gathered.</param>
    public BlockOfBatch BlockAt(int block, int arena)
    {
        if (_batch.Order == null)
        {
            nint first = (nint)block * lanes;
            return new BlockOfBatch(_batch.Inputs + (first * _inputLength), _batch.Classes + (first * _classes),
                _batch.Values + (first * _values), null);
        }

        float* values = _targets[arena].Pointer;
        int* classes = (int*)(values + (lanes * _values));
        return new BlockOfBatch(_inputs[arena].Pointer, classes, values, classes + (lanes * _classes));
    }

    /// <summary>Gathers the samples and targets of a block, if the batch has an order.</summary>
    /// <param name="block">The block.</param>
    /// <param name="arena">Index of the block's arena.</param>
    /// <param name="participant">The thread.</param>
    public void Gather(int block, int arena, int participant)
    {
        if (_batch.Order == null)
        {
            return;
        }

        BlockOfBatch to = BlockAt(block, arena);
        int first = block * lanes, count = int.Min(lanes, _batch.Samples - first);
        for (int s = 0; s < count; s++)
        {
            GatherSample(_batch.Order[first + s], InputOf(to, s), ClassesOf(to.Classes, s), participant);
            ValuesOf(_batch.Order[first + s]).CopyTo(ValuesOf(to, s));
        }

        if (!_batch.IsMixed)
        {
            return;
        }

        // Mix each sample with the one before it, and the first with the last, as torchvision's RandomMixup does. Go from the end to the
        // start: then the sample before is not mixed yet.
        for (int s = count - 1; s > 0; s--)
        {
            Mix(InputOf(to, s), InputOf(to, s - 1), _batch.Share);
            Mix(ValuesOf(to, s), ValuesOf(to, s - 1), _batch.Share);
            ClassesOf(to.Classes, s - 1).CopyTo(ClassesOf(to.OtherClasses, s));
        }

        int other = first == 0 ? _batch.Before : _batch.Order[first - 1];
        var otherInput = new Span<float>(_others[participant].Pointer, _inputLength);
        GatherSample(other, otherInput, ClassesOf(to.OtherClasses, 0), participant);
        Mix(InputOf(to, 0), otherInput, _batch.Share);
        Mix(ValuesOf(to, 0), ValuesOf(other), _batch.Share);
    }

    public void Dispose()
    {
        AlignedMemory.DisposeAll(_inputs);
        AlignedMemory.DisposeAll(_targets);
        AlignedMemory.DisposeAll(_changed);
        AlignedMemory.DisposeAll(_others);
    }

    /// <summary>a ← share·a + (1 − share)·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(Span<float> a, ReadOnlySpan<float> b, float share)
    {
        Span<Vector<float>> va = MemoryMarshal.Cast<float, Vector<float>>(a);
        ReadOnlySpan<Vector<float>> vb = MemoryMarshal.Cast<float, Vector<float>>(b)[..va.Length];
        var other = new Vector<float>(1 - share);
        int i = 0;
        using Denormals.Scope flush = Denormals.Flush();
        for (; i < va.Length; i++)
        {
            va[i] = (share * va[i]) + (other * vb[i]);
        }

        for (i *= Vector<float>.Count; i < a.Length; i++)
        {
            a[i] = (share * a[i]) + ((1 - share) * b[i]);
        }
    }

    private Span<float> InputOf(BlockOfBatch block, int place) => new(block.Inputs + (place * _inputLength), _inputLength);

    private Span<float> ValuesOf(BlockOfBatch block, int place) => new(block.Values + (place * _values), _values);

    private Span<int> ClassesOf(int* classes, int place) => new(classes + (place * _classes), _classes);

    private ReadOnlySpan<float> ValuesOf(int sample) => new(_batch.Values + ((nint)sample * _values), _values);

    private void GatherSample(int sample, Span<float> input, Span<int> classes, int participant)
    {
        var own = new ReadOnlySpan<float>(_batch.Inputs + ((nint)sample * _inputLength), _inputLength);
        new ReadOnlySpan<int>(_batch.Classes + ((nint)sample * _classes), _classes).CopyTo(classes);
        if (_batch.Augmentation is { } augmentation)
        {
            augmentation.MoveTarget(sample, classes, _changed[participant].Pointer);
            augmentation.Apply(sample, own, input, _changed[participant].Pointer);
        }
        else
        {
            own.CopyTo(input);
        }
    }
}

/// <summary>A block's samples and targets.</summary>
internal readonly unsafe struct BlockOfBatch(float* inputs, int* classes, float* values, int* otherClasses)
{
    public float* Inputs { get; } = inputs;

    public int* Classes { get; } = classes;

    public float* Values { get; } = values;

    /// <summary>The classes of the samples that these are mixed with.</summary>
    public int* OtherClasses { get; } = otherClasses;
}

/// <summary>The data of one step. The caller has pinned its memory.</summary>
internal unsafe struct TrainingBatch()
{
    /// <summary>Samples, one after the other.</summary>
    public float* Inputs;

    /// <summary>Class indices, one sample after the other; null if no loss takes them.</summary>
    public int* Classes;

    /// <summary>Target values, one sample after the other; null if no loss takes them.</summary>
    public float* Values;

    /// <summary>The divisor of each loss's sum.</summary>
    public double[]? Divisors;

    /// <summary>Which samples and targets form the batch; null for the first ones.</summary>
    public int* Order;

    /// <summary>Changes the samples that <see cref="Order"/> chooses; null for no changes.</summary>
    public BatchAugmentation? Augmentation;

    /// <summary>
    /// λ of MixUp: the weight of the sample itself. The sample with which it is mixed has the weight 1 − λ. 1 for no MixUp.
    /// </summary>
    public float Share = 1;

    /// <summary>This process's samples of the batch.</summary>
    public int Samples;

    /// <summary>The place of the first of them in the batch, if processes share the batch.</summary>
    public int FirstSample;

    /// <summary>The sample that MixUp mixes into the first one: the sample before it in the batch, or the batch's last one.</summary>
    public int Before;

    public readonly bool IsMixed => Share != 1;
}
