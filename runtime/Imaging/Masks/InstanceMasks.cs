using System;
using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>
/// Makes the masks of a network that segments instances, such as YOLOv8-seg or YOLO11-seg: an object's mask is the sigmoid of a sum of
/// prototypes, each times a coefficient of the object, and is cropped to its box (Bolya et al., YOLACT: Real-time Instance Segmentation,
/// ICCV 2019, section 3.2, equation 1).
/// </summary>
/// <remarks>
/// <code>
/// var masks = new InstanceMasks(160, 160);                             // of an input of 640×640
/// var found = NonMaximumSuppression.Apply(YoloPredictions.InstancesFromColumns(output, classes: 80));
/// InstanceMask mask = masks.Read(prototypes, found[0], placement, photo.Width, photo.Height);
/// </code>
/// </remarks>
public sealed class InstanceMasks
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _stride;
    private readonly int _count;

    /// <summary>Describes the prototypes.</summary>
    /// <param name="height">Their rows, 1 or more.</param>
    /// <param name="width">Their columns, 1 or more.</param>
    /// <param name="stride">Pixels of the network's input for one of theirs, 1 or more.</param>
    /// <param name="count">Number of prototypes, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1, or there are too many for an array.</exception>
    public InstanceMasks(int height, int width, int stride = 4, int count = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((double)height * width * count, int.MaxValue, nameof(count));
        (_height, _width, _stride, _count) = (height, width, stride, count);
    }

    /// <summary>Floats of the prototypes of one sample: count × height × width.</summary>
    public int Length => _count * _height * _width;

    /// <summary>The mask of an object, in pixels of the prototypes: a quarter of the input's, with the default stride.</summary>
    /// <param name="prototypes">The prototypes, <see cref="Length"/> floats (C, H, W).</param>
    /// <param name="detection">The object, with its box in pixels of the network's input.</param>
    /// <returns>
    /// The mask. A pixel is in the box if its left and its upper edge are: the first column is that of the box's left edge, rounded up.
    /// </returns>
    /// <exception cref="ArgumentException">The prototypes have another length, or there is another number of coefficients.</exception>
    public InstanceMask Read(ReadOnlySpan<float> prototypes, InstanceDetection detection)
    {
        Check(prototypes, detection);
        return Sum(prototypes, detection.Coefficients, Region.Of(detection.Box.Scale(1f / _stride, 1f / _stride), _width, _height));
    }

    /// <summary>
    /// The mask of an object, in pixels of the picture. The probabilities of the prototypes' pixels are interpolated linearly, as in
    /// PyTorch's <c>interpolate(mode="bilinear", align_corners=False)</c>; then the mask is cropped to the box.
    /// </summary>
    /// <param name="prototypes">The prototypes, <see cref="Length"/> floats (C, H, W).</param>
    /// <param name="detection">The object, with its box in pixels of the network's input.</param>
    /// <param name="placement">Where the picture lies in the network's input.</param>
    /// <param name="width">The picture's width, 1 or more.</param>
    /// <param name="height">The picture's height, 1 or more.</param>
    /// <returns>
    /// The mask. A pixel is in the box if its left and its upper edge are: the first column is that of the box's left edge, rounded up.
    /// </returns>
    /// <exception cref="ArgumentException">The prototypes have another length, or there is another number of coefficients.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The picture has no pixels, or more than an array holds.</exception>
    /// <exception cref="InvalidOperationException">The placement is <c>default</c>: its scales are 0.</exception>
    public InstanceMask Read(
        ReadOnlySpan<float> prototypes, InstanceDetection detection, ImagePlacement placement, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, Array.MaxLength, nameof(width));
        Check(prototypes, detection);
        Region region = Region.Of(placement.ToPicture(detection.Box), width, height);
        Tap[] columns = Taps(region.Left, region.Width, placement.ScaleX, placement.Left, _width);
        Tap[] rows = Taps(region.Top, region.Height, placement.ScaleY, placement.Top, _height);
        float[] probabilities = new float[region.Width * region.Height];
        if (probabilities.Length > 0)
        {
            // Scales are positive, so the first and the last pixel reach farthest.
            InstanceMask source = Sum(prototypes, detection.Coefficients, Region.Between(columns[0], columns[^1], rows[0], rows[^1]));
            int next = 0;
            foreach (Tap row in rows)
            {
                foreach (Tap column in columns)
                {
                    probabilities[next++] = row.Between(
                        column.Between(source[column.First, row.First], source[column.Second, row.First]),
                        column.Between(source[column.First, row.Second], source[column.Second, row.Second]));
                }
            }
        }

        return new InstanceMask(region.Left, region.Top, region.Width, region.Height, probabilities);
    }

    /// <summary>The sigmoid of the weighted sum of the prototypes.</summary>
    private InstanceMask Sum(ReadOnlySpan<float> prototypes, IReadOnlyList<float> coefficients, Region region)
    {
        float[] sums = new float[region.Width * region.Height];
        for (int c = 0; c < _count; c++)
        {
            float coefficient = coefficients[c];
            for (int y = 0; y < region.Height; y++)
            {
                ReadOnlySpan<float> from = prototypes.Slice((c * _height + region.Top + y) * _width + region.Left, region.Width);
                Span<float> to = sums.AsSpan(y * region.Width, region.Width);
                for (int x = 0; x < to.Length; x++)
                {
                    to[x] += coefficient * from[x];
                }
            }
        }

        foreach (ref float sum in sums.AsSpan())
        {
            sum = Logistic.Sigmoid(sum);
        }

        return new InstanceMask(region.Left, region.Top, region.Width, region.Height, sums);
    }

    private void Check(ReadOnlySpan<float> prototypes, InstanceDetection detection)
    {
        ArgumentNullException.ThrowIfNull(detection);
        DecoderChecks.Length(prototypes.Length, Length, nameof(prototypes));
        if (detection.Coefficients.Count != _count)
        {
            throw new ArgumentException(
                $"'{nameof(detection)}' must have {_count} coefficients, one for each prototype, but has {detection.Coefficients.Count}.",
                nameof(detection));
        }
    }

    /// <summary>Where the middles of pixels of the picture lie among the prototypes' pixels.</summary>
    private Tap[] Taps(int start, int count, float scale, float offset, int extent)
    {
        var taps = new Tap[count];
        for (int i = 0; i < count; i++)
        {
            double place = ((start + i + 0.5) * scale + offset) / _stride - 0.5;
            place = double.Clamp(place, 0, extent - 1);
            taps[i] = new Tap((int)place, int.Min((int)place + 1, extent - 1), (float)(place - (int)place));
        }

        return taps;
    }

    /// <summary>Two pixels, and how much of the second is taken.</summary>
    private readonly record struct Tap(int First, int Second, float Share)
    {
        public float Between(float first, float second) => first + Share * (second - first);
    }

    /// <summary>Columns and rows.</summary>
    private readonly record struct Region(int Left, int Top, int Width, int Height)
    {
        /// <summary>The pixels of a picture whose upper left corner is in a box; none if a number is NaN.</summary>
        public static Region Of(Box box, int width, int height)
        {
            (int left, int right) = (First(box.Left, width), First(box.Right, width));
            (int top, int bottom) = (First(box.Top, height), First(box.Bottom, height));
            return right > left && bottom > top ? new Region(left, top, right - left, bottom - top) : default;
        }

        public static Region Between(Tap left, Tap right, Tap top, Tap bottom) =>
            new(left.First, top.First, right.Second + 1 - left.First, bottom.Second + 1 - top.First);

        private static int First(float edge, int extent) => float.IsNaN(edge) ? 0 : (int)float.Clamp(float.Ceiling(edge), 0, extent);
    }
}
