using System;

namespace Strata.CompilerServices;

/// <summary>An <see cref="Augmentation"/> in one call of <c>Fit</c>. The threads that gather the samples of a step call it.</summary>
internal sealed unsafe class BatchAugmentation
{
    private readonly Augmentation _augmentation;
    private readonly (int Channels, int Height, int Width) _extents;
    private readonly ulong _seed;

    /// <param name="augmentation">The changes.</param>
    /// <param name="network">Whose samples are changed.</param>
    /// <param name="inputs">All samples.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The samples, or their targets, are none that can be changed so.</exception>
    public BatchAugmentation(Augmentation augmentation, CompiledNetwork network, ReadOnlySpan<float> inputs, ulong seed)
    {
        NetworkInfo info = network.Info;
        if (CompiledNetwork.Product(info.InputShape) != network.InputFloats)
        {
            throw new ArgumentException($"{info.Name} has several inputs; augmentation is for one.", nameof(augmentation));
        }

        // Targets that belong to the sample as a whole stay right; maps would have to move with the image.
        if (augmentation.IsGeometric && info.OutputShape.Count > 1)
        {
            throw new ArgumentException(
                $"Pixels of {info.Name}'s samples would move away from the targets that lie under them.", nameof(augmentation));
        }

        _augmentation = augmentation;
        _extents = augmentation.Extents(info.InputShape);
        _seed = seed;
        CheckRange(inputs);
    }

    /// <summary>Number of the epoch, counted from 1.</summary>
    public int Epoch { get; set; }

    /// <summary>Changes a sample.</summary>
    /// <param name="index">Its number in the data.</param>
    /// <param name="input">The sample.</param>
    /// <param name="result">Receives what becomes of it.</param>
    /// <param name="scratch">As much memory.</param>
    public void Apply(int index, ReadOnlySpan<float> input, Span<float> result, float* scratch) => _augmentation.Apply(
        input, result, new Span<float>(scratch, input.Length), _extents, new SampleKey(_seed, Epoch, index));

    // Values outside the range would be cut without a word.
    private void CheckRange(ReadOnlySpan<float> inputs)
    {
        bool changes = _augmentation.ChangesValues;
        (float minimum, float maximum) = _augmentation.Range;
        for (int i = 0; changes && i < inputs.Length; i++)
        {
            if (!(inputs[i] >= minimum && inputs[i] <= maximum))
            {
                throw new ArgumentException(
                    $"The samples hold {inputs[i]}, but the augmentation keeps values from {minimum} to {maximum}; set its Range.",
                    nameof(inputs));
            }
        }
    }
}
