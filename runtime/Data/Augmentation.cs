using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Strata.Pictures;

namespace Strata.Data;

/// <summary>
/// Random changes of training samples, different in each epoch. Give it to <c>FitOptions.Augmentation</c>: the worker threads make
/// the changes while they train. Your arrays and the validation data are not changed.
/// </summary>
/// <remarks>
/// <para>
/// The change of a sample depends only on the seed, the epoch and the sample's number, not on the number of threads or the batch.
/// </para>
/// <list type="table">
/// <listheader><term>Data</term><description>How they are changed</description></listheader>
/// <item><term>image (C, H, W)</term><description>as the transforms say</description></item>
/// <item><term>volume (C, D, H, W)</term><description>all slices alike</description></item>
/// <item><term>signal (C, L), or an image of height 1</term><description>along its length only: crops and erasing take a share of the
/// length and ignore ratios; transforms that would turn it, or move it up or down, are refused</description></item>
/// <item><term>target that is a map of classes</term><description>moves with the sample; pixels from outside the sample get the loss's
/// <c>IgnoreIndex</c></description></item>
/// </list>
/// <code>
/// var augmentation = new Augmentation(
///     new RandomHorizontalFlip(),
///     new RandomAffine { Degrees = 10, Translate = (0.1, 0.1), Scale = (0.9, 1.1) },
///     new ColorJitter { Brightness = 0.2, Contrast = 0.2 },
///     new RandomErasing(0.25));
/// augmentation.SavePreview("preview.png", images.AsSpan(0, 8 * MyNetwork.InputLength), MyNetwork.InputShape);
/// </code>
/// </remarks>
public sealed class Augmentation
{
    /// <summary>Creates a sequence of changes.</summary>
    /// <param name="transforms">The changes, in order.</param>
    public Augmentation(params IReadOnlyList<Transform> transforms)
    {
        ArgumentNullException.ThrowIfNull(transforms);
        Transforms = [.. transforms.Select(t => t ?? throw new ArgumentNullException(nameof(transforms)))];
    }

    /// <summary>The changes, in order.</summary>
    public IReadOnlyList<Transform> Transforms { get; }

    /// <summary>
    /// The least and the largest value of samples. Transforms that change values clip them to this range, and <c>Fit</c> then refuses
    /// samples outside. Default 0 and 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite, or the first one is not less than the second.</exception>
    public (float Minimum, float Maximum) Range
    {
        get;
        init => field = float.IsFinite(value.Minimum) && float.IsFinite(value.Maximum) && value.Minimum < value.Maximum
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Range), value, "The range must be two finite numbers, the smaller one first.");
    } = (0, 1);

    /// <summary>The value of erased pixels, and of pixels that come from outside the image. Default 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Infinite or not a number.</exception>
    public float Fill
    {
        get;
        init => field = float.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Fill), value, "Must be finite.");
    }

    internal bool IsGeometric => Transforms.Any(t => t is GeometricTransform);

    internal bool ChangesValues => Transforms.Any(t => t.ChangesValues);

    /// <summary>Changes one sample, as <c>Fit</c> does.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="destination">Receives the changed sample. Must not overlap the sample.</param>
    /// <param name="shape">Its extents: (C, H, W), (C, L), (C, D, H, W), or (F) where no transform moves pixels.</param>
    /// <param name="seed"><c>FitOptions.Seed</c>.</param>
    /// <param name="epoch">Number of the epoch, counted from 1.</param>
    /// <param name="index">Number of the sample in the data.</param>
    /// <exception cref="ArgumentException">
    /// The lengths do not fit the shape, or a transform would move a vector's elements, or turn a signal or move it up or down.
    /// </exception>
    public void Apply(
        ReadOnlySpan<float> sample, Span<float> destination, ReadOnlySpan<int> shape, ulong seed, int epoch, int index)
    {
        (int channels, int height, int width) = Extents(shape);
        int length = channels * height * width;
        if (sample.Length != length || destination.Length != length)
        {
            throw new ArgumentException(
                $"A sample of {Format(shape)} has {MessageText.Count(length, "float")}; here are {sample.Length} and {destination.Length}.",
                nameof(sample));
        }

        float[] scratch = ArrayPool<float>.Shared.Rent(length);
        try
        {
            Apply(sample, destination, scratch.AsSpan(0, length), (channels, height, width), new SampleKey(seed, epoch, index));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    /// <summary>
    /// Writes a preview as a PNG file. Each sample has a row: first the sample, then its changes in epochs 1, 2, and so on. Black and white
    /// are the ends of <see cref="Range"/>.
    /// </summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="samples">Some samples, one after the other.</param>
    /// <param name="shape">Extents of one: (C, H, W). Three channels are red, green and blue; else the first is shown.</param>
    /// <param name="variants">Number of changed samples per row, 1 or more.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The samples are not images, or the length is not a multiple of a sample's.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePreview(string path, ReadOnlySpan<float> samples, ReadOnlySpan<int> shape, int variants = 8, ulong seed = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(variants, 1);
        if (shape.Length != 3)
        {
            throw new ArgumentException($"An image has three extents (C, H, W), not {Format(shape)}.", nameof(shape));
        }

        (int channels, int height, int width) = Extents(shape);
        (int rows, int rest) = Math.DivRem(samples.Length, channels * height * width);
        if (rest != 0 || rows == 0)
        {
            throw new ArgumentException(
                $"Images of {Format(shape)} do not fill {MessageText.Count(samples.Length, "float")}.", nameof(samples));
        }

        var sheet = new TileSheet(rows, variants + 1, height, width, enlargement: 1, gap: 2, background: new Rgb(128, 128, 128));
        var scale = new ColorScale(ColorMap.Grey, Range.Minimum, Range.Maximum);
        int shown = channels == 3 ? channels * height * width : height * width;
        float[] variant = new float[channels * height * width];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> sample = samples.Slice(row * variant.Length, variant.Length);
            sheet.Draw(row, 0, sample[..shown], scale);
            for (int epoch = 1; epoch <= variants; epoch++)
            {
                Apply(sample, variant, shape, seed, epoch, row);
                sheet.Draw(row, epoch, variant.AsSpan(0, shown), scale);
            }
        }

        sheet.Picture.Save(path);
    }

    private static string Format(ReadOnlySpan<int> shape) => MessageText.Shape(shape.ToArray());

    /// <summary>The transforms with their settings, the same text in every culture.</summary>
    public override string ToString() => InvariantText.Format(() => $"{string.Join(", ", Transforms)}; range {Range}, fill {Fill}");

    /// <summary>Channels, rows and columns of a sample. For a volume, the slices count as channels.</summary>
    /// <param name="shape">The extents of a sample.</param>
    /// <param name="name">Name of the caller's argument, for messages.</param>
    /// <exception cref="ArgumentException">A transform would move a vector's elements, or turn a signal or move it up or down.</exception>
    internal (int Channels, int Height, int Width) Extents(ReadOnlySpan<int> shape, string name = "shape")
    {
        if (shape.Length < 2 && (IsGeometric || Transforms.Any(t => t is RandomErasing)))
        {
            throw new ArgumentException("A sample of features alone has no pixels to move or to blot out.", name);
        }

        int channels = 1;
        foreach (int extent in shape[..int.Max(0, shape.Length - 2)])
        {
            channels = checked(channels * extent);
        }

        // A signal has the shape (C, L). Its channels are not rows.
        (channels, int height, int width) = shape.Length == 2 ? (shape[0], 1, shape[1])
            : (channels, shape.Length > 2 ? shape[^2] : 1, shape[^1]);
        if (height == 1 && Transforms.FirstOrDefault(t => t.LeavesRow) is { } transform)
        {
            throw new ArgumentException(
                $"A sample of {Format(shape)} has a single row, which {transform} would leave: it can be scaled, and "
                + "shifted and mirrored sideways.",
                name);
        }

        return (channels, height, width);
    }

    /// <summary>Changes one sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="destination">Receives the changed sample.</param>
    /// <param name="scratch">Memory as long as the sample.</param>
    /// <param name="extents">Channels, rows and columns.</param>
    /// <param name="key">What the random numbers depend on.</param>
    internal void Apply(
        ReadOnlySpan<float> sample,
        Span<float> destination,
        Span<float> scratch,
        (int Channels, int Height, int Width) extents,
        SampleKey key)
    {
        (int channels, int height, int width) = extents;
        sample.CopyTo(destination);
        for (int i = 0; i < Transforms.Count; i++)
        {
            if (Transforms[i] is GeometricTransform)
            {
                AffineMap map = DrawMap(ref i, height, width, key);
                if (map != AffineMap.Identity)
                {
                    destination.CopyTo(scratch);
                    map.Resample(scratch, destination, channels, height, width, Fill);
                }
            }
            else
            {
                TransformRandom random = key.Random(i);
                Transforms[i].Apply(new SampleImage(destination, channels, height, width, this), ref random);
            }
        }
    }

    /// <summary>Moves a map of classes in the same way as its sample.</summary>
    /// <param name="classes">height × width classes, which are replaced.</param>
    /// <param name="scratch">Memory for as many classes.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="beyond">The class of pixels from outside.</param>
    /// <param name="key">What the random numbers depend on.</param>
    internal void ApplyToClasses(Span<int> classes, Span<int> scratch, int height, int width, int beyond, SampleKey key)
    {
        for (int i = 0; i < Transforms.Count; i++)
        {
            AffineMap map = Transforms[i] is GeometricTransform ? DrawMap(ref i, height, width, key) : AffineMap.Identity;
            if (map != AffineMap.Identity)
            {
                classes.CopyTo(scratch);
                map.Pick(scratch, classes, height, width, beyond);
            }
        }
    }

    /// <summary>
    /// Joins the affine maps of consecutive geometric transforms, beginning at <paramref name="index"/>. The index becomes that of the last
    /// one.
    /// </summary>
    private AffineMap DrawMap(ref int index, int height, int width, SampleKey key)
    {
        AffineMap map = AffineMap.Identity;
        for (int i = index; i < Transforms.Count && Transforms[i] is GeometricTransform transform; i++)
        {
            TransformRandom random = key.Random(i);
            map = map.Then(transform.Draw(height, width, ref random));
            index = i;
        }

        return map;
    }
}

/// <summary>The numbers on which the changes of a sample depend.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Epoch">Number of the epoch.</param>
/// <param name="Index">Number of the sample in the data.</param>
internal readonly record struct SampleKey(ulong Seed, int Epoch, int Index)
{
    /// <summary>The random numbers of a transform.</summary>
    public TransformRandom Random(int transform) => new(Seed, Epoch, transform, Index);
}
