using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Data;

namespace Strata.Training;

/// <summary>
/// Applies an <see cref="Augmentation"/> during one call of <c>Fit</c>. The threads that gather a step's samples call it.
/// </summary>
internal sealed unsafe class BatchAugmentation
{
    // The option's name in messages.
    private static readonly string Name = $"options.{nameof(FitOptions.Augmentation)}";

    private readonly NetworkInfo _network;
    private readonly Augmentation _augmentation;
    private readonly (int Channels, int Height, int Width) _extents;
    private readonly ulong _seed;
    private readonly LossInfo[] _maps;
    private int[] _moved = [];
    private float[] _scratch = [];

    /// <param name="augmentation">The changes.</param>
    /// <param name="network">The network that is trained.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The augmentation cannot change such samples, or such targets.</exception>
    public BatchAugmentation(Augmentation augmentation, CompiledNetwork network, ulong seed)
    {
        _network = network.Info;
        if (CompiledNetwork.Product(_network.InputShape) != network.InputLength)
        {
            throw new ArgumentException($"{_network.Name} has several inputs; augmentation is for one.", Name);
        }

        _augmentation = augmentation;
        _extents = augmentation.Extents([.. _network.InputShape], Name);
        _seed = seed;

        // Several losses may share a target. Move it only once.
        _maps = augmentation.IsGeometric ? [.. _network.Losses.Where(IsMap).DistinctBy(loss => loss.TargetOffset)] : [];
    }

    /// <summary>Number of the epoch, counted from 1.</summary>
    public int Epoch { get; set; }

    /// <summary>The position, in the epoch's data, of the sample with index 0.</summary>
    public int First { get; set; }

    /// <summary>Changes a sample.</summary>
    /// <param name="index">Its number among the step's data.</param>
    /// <param name="input">The sample.</param>
    /// <param name="result">Receives the changed sample.</param>
    /// <param name="scratch">Memory for a sample.</param>
    public void Apply(int index, ReadOnlySpan<float> input, Span<float> result, float* scratch) => _augmentation.Apply(
        input, result, new Span<float>(scratch, input.Length), _extents, KeyOf(index));

    /// <summary>Moves a sample's targets as <see cref="Apply"/> moves the sample.</summary>
    /// <param name="index">Its number among the step's data.</param>
    /// <param name="target">The classes of all losses.</param>
    /// <param name="scratch">As much memory as a sample takes.</param>
    public void MoveTarget(int index, Span<int> target, float* scratch)
    {
        foreach (LossInfo map in _maps)
        {
            Span<int> classes = target.Slice(map.TargetOffset, map.TargetLength);
            _augmentation.ApplyToClasses(
                classes,
                new Span<int>(scratch, classes.Length),
                _extents.Height,
                _extents.Width,
                map.IgnoreIndex!.Value,
                KeyOf(index));
        }
    }

    /// <summary>
    /// A sample's targets after the change: the targets themselves, or a copy that the next call overwrites. Only one thread may call it.
    /// </summary>
    /// <param name="index">Its number among the step's data.</param>
    /// <param name="target">The classes of all losses.</param>
    public ReadOnlySpan<int> Moved(int index, ReadOnlySpan<int> target)
    {
        if (_maps.Length == 0)
        {
            return target;
        }

        if (_moved.Length < target.Length)
        {
            (_moved, _scratch) = (new int[target.Length], new float[target.Length]);
        }

        Span<int> moved = _moved.AsSpan(0, target.Length);
        target.CopyTo(moved);
        fixed (float* scratch = _scratch)
        {
            MoveTarget(index, moved, scratch);
        }

        return moved;
    }

    private SampleKey KeyOf(int index) => new(_seed, Epoch, unchecked(First + index));

    /// <summary>
    /// Whether a target is a map of classes, which must move with the sample. A vector belongs to the whole sample and stays.
    /// </summary>
    /// <exception cref="ArgumentException">The target is a map, but cannot move with the sample.</exception>
    private bool IsMap(LossInfo loss)
    {
        // Don't use the network's output shape: with several outputs it describes all of them concatenated.
        IReadOnlyList<int> shape = _network.Layers.FirstOrDefault(layer => layer.Name == loss.Tensor)?.OutputShape ?? _network.InputShape;
        if (loss.TargetLength == 1 || (!loss.TakesClasses && shape.Count == 1))
        {
            return false;
        }

        return loss.IgnoreIndex is not null && loss.TargetLength == _extents.Height * _extents.Width
            ? true
            : throw new ArgumentException(
                $"Pixels of {_network.Name}'s samples would move away from the targets of {loss.Name}: only maps of classes of the "
                + "samples' size, with an index to ignore, move along.",
                Name);
    }

    /// <param name="inputs">Samples.</param>
    /// <param name="name">What the caller's argument is called, for messages.</param>
    /// <exception cref="ArgumentException">A value is out of the range, and the augmentation would clip it.</exception>
    public void CheckRange(ReadOnlySpan<float> inputs, string name)
    {
        bool changes = _augmentation.ChangesValues;
        (float minimum, float maximum) = _augmentation.Range;
        for (int i = 0; changes && i < inputs.Length; i++)
        {
            if (!(inputs[i] >= minimum && inputs[i] <= maximum))
            {
                string range = InvariantText.Format(() => $"{minimum} to {maximum}");
                string found = inputs[i].ToString(CultureInfo.InvariantCulture);
                throw new ArgumentException(
                    $"The samples hold {found}, but the augmentation keeps values from {range}; set its Range.", name);
            }
        }
    }
}
