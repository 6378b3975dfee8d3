using System;
using Strata.CompilerServices;

namespace Strata.Data;

/// <summary>
/// One random change of a sample: a step of an <see cref="Augmentation"/>. Names and settings are those of <c>torchvision.transforms</c>.
/// </summary>
public abstract record Transform
{
    private protected Transform()
    {
    }

    /// <summary>The settings as text, the same in every culture.</summary>
    public sealed override string ToString() => InvariantText.Format(GetType().Name, PrintMembers);

    /// <summary>
    /// Whether the transform changes values, not only their places. Values are then clipped to <see cref="Augmentation.Range"/>.
    /// </summary>
    internal virtual bool ChangesValues => false;

    /// <summary>
    /// Whether the transform turns the sample, or moves it up or down. That is impossible for a signal, which has a single row.
    /// </summary>
    internal virtual bool LeavesRow => false;

    /// <summary>Changes a sample in place.</summary>
    internal abstract void Apply(SampleImage image, ref TransformRandom random);

    private protected static double CheckShare(double value, string name) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be from 0 to 1.");

    private protected static double CheckNotNegative(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");

    private protected static (double, double) CheckRange((double Minimum, double Maximum) value, string name) =>
        value.Minimum > 0 && value.Maximum >= value.Minimum && double.IsFinite(value.Maximum)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be two numbers more than 0, the smaller one first.");
}

/// <summary>
/// A transform that moves pixels by an affine map. Consecutive ones are joined into one map, so the image is interpolated only once. It is
/// blurred less, and pixels that leave the image and come back are kept.
/// </summary>
public abstract record GeometricTransform : Transform
{
    private protected GeometricTransform()
    {
    }

    internal sealed override void Apply(SampleImage image, ref TransformRandom random) => throw new NotSupportedException();

    /// <summary>Draws a map for an image of a given size. A signal has height 1.</summary>
    internal abstract AffineMap Draw(int height, int width, ref TransformRandom random);
}

/// <summary>A sample that is being changed.</summary>
internal readonly ref struct SampleImage(Span<float> values, int channels, int height, int width, Augmentation settings)
{
    /// <summary>channels × height × width values.</summary>
    public Span<float> Values { get; } = values;

    public int Channels => channels;

    public int Height => height;

    public int Width => width;

    public Augmentation Settings => settings;

    public Span<float> Channel(int index) => Values.Slice(index * height * width, height * width);

    /// <summary>Clips a value to the range.</summary>
    public float Clamp(float value) => float.Clamp(value, settings.Range.Minimum, settings.Range.Maximum);
}

/// <summary>
/// The random numbers of one transform, for one sample in one epoch. They depend on the seed, the transform, the sample and the epoch, not
/// on the thread.
/// </summary>
internal struct TransformRandom
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _sample;
    private uint _draws;

    public TransformRandom(ulong seed, int epoch, int transform, int sample)
    {
        // The mixing (the finaliser of SplitMix64; Steele, Lea and Flood 2014) is a bijection, so different epochs and transforms have
        // different keys. Dropout mixes its keys in the same way. Its input never has the highest bit set, so the keys differ from these.
        ulong z = ((1UL << 63) | ((ulong)(uint)epoch << 16) | (uint)transform) + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z = seed ^ z ^ (z >> 31);
        (_key0, _key1, _sample) = ((uint)z, (uint)(z >> 32), (uint)sample);
    }

    public (uint, uint) NextBits() => Threefry.Next(_key0, _key1, _sample, _draws++);

    /// <summary>A number from 0 to less than 1.</summary>
    public double NextUnit()
    {
        (uint low, uint high) = NextBits();
        return ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A number from the minimum to less than the maximum.</summary>
    public double NextBetween(double minimum, double maximum) => minimum + ((maximum - minimum) * NextUnit());

    /// <summary>A whole number from 0 to <paramref name="count"/> − 1.</summary>
    public int NextIndex(int count) => (int)(NextUnit() * count);

    /// <summary>Returns true with the given probability.</summary>
    public bool Happens(double probability) => NextUnit() < probability;
}
