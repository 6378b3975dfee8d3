using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>
/// Makes a network's input of a picture, in one pass: resizing with antialiasing, cropping or letterboxing, scaling to 0 to 1, and
/// normalisation. Without other settings, the shorter side is resized, and what is beyond the middle is cut off: see <see cref="Fit"/>.
/// </summary>
/// <remarks>
/// The floats are, to the bit, those of torchvision 0.14 on a Pillow image: <c>Resize</c>, <c>CenterCrop</c>, <c>ToTensor</c>,
/// <c>Normalize</c>. Pixels are rounded to bytes after each axis, as Pillow does; parts that are cut off are not computed.
/// <code>
/// var toInput = new ImagePreprocessing(224, 224) { ShorterSide = 256, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };
/// toInput.Apply(ImageFile.Read("cat.jpg"), input);              // a network with [Normalize] needs no Mean and Std
/// </code>
/// </remarks>
public sealed partial record ImagePreprocessing
{
    private const int Levels = 256;

    // A thread is worth its start from about this many source bytes on.
    private const int BytesPerThread = 1 << 19;

    /// <summary>Describes the input.</summary>
    /// <param name="width">Its width, 1 or more.</param>
    /// <param name="height">Its height, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1, or there would be more than 32 million pixels.</exception>
    public ImagePreprocessing(int width, int height)
    {
        Check(width, height);
        (Width, Height, ShorterSide) = (width, height, int.Min(width, height));
    }

    /// <summary>
    /// What torchvision's classifiers expect: the shorter side 256, the middle 224×224, and the mean and deviation of ImageNet's pixels.
    /// </summary>
    public static ImagePreprocessing ImageNet { get; } =
        new(224, 224) { ShorterSide = 256, Mean = [0.485f, 0.456f, 0.406f], Std = [0.229f, 0.224f, 0.225f] };

    /// <summary>The input's width.</summary>
    public int Width { get; private init; }

    /// <summary>The input's height.</summary>
    public int Height { get; private init; }

    /// <summary>How the picture gets this size. Default: the middle is cut out.</summary>
    public ImageFit Fit { get; init; }

    /// <summary>With <see cref="ImageFit.Crop"/>, the shorter side after resizing. Default: that of the input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int ShorterSide
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ShorterSide), value, "Must be 1 or more.");
    }

    /// <summary>How pixels between pixels are computed. Default: bilinear.</summary>
    public Interpolation Interpolation { get; init; }

    /// <summary>
    /// Whether the input has one channel, of the brightness of each pixel, instead of three: torchvision's <c>Grayscale()</c> before
    /// <c>Resize</c>, which is Pillow's <c>convert("L")</c>. Default false.
    /// </summary>
    public bool Grayscale { get; init; }

    /// <summary>Channels of the input: 3, or 1 with <see cref="Grayscale"/>.</summary>
    public int Channels => Grayscale ? 1 : 3;

    /// <summary>What is subtracted from each channel after scaling to 0 to 1: a number for each channel. Default 0.</summary>
    public IReadOnlyList<float> Mean
    {
        get => field ?? (Grayscale ? [0] : [0, 0, 0]);
        init;
    }

    /// <summary>What each channel is divided by afterwards: a number for each channel, not 0. Default 1.</summary>
    public IReadOnlyList<float> Std
    {
        get => field ?? (Grayscale ? [1] : [1, 1, 1]);
        init;
    }

    /// <summary>The colour of what no pixel of the picture covers. Default black; YOLO networks are trained with (114, 114, 114).</summary>
    public Rgb Fill { get; init; }

    /// <summary>The largest number of threads; 0 (the default) means one for each processor. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Floats of the input: <see cref="Channels"/> × Height × Width.</summary>
    public int Length => Channels * Width * Height;

    /// <summary>Makes the input of a picture.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="destination">Receives <see cref="Length"/> floats (C, H, W), red first: one sample of a batch.</param>
    /// <returns>Where the picture lies in the input.</returns>
    /// <exception cref="ArgumentException">The destination has another length, or <see cref="Mean"/> or <see cref="Std"/> has.</exception>
    public ImagePlacement Apply(Picture picture, Span<float> destination) => Apply(new PixelBuffer(picture), destination);

    /// <summary>Makes the input of pixels in memory.</summary>
    /// <param name="pixels">The pixels.</param>
    /// <param name="destination">Receives <see cref="Length"/> floats (C, H, W), red first: one sample of a batch.</param>
    /// <returns>Where the picture lies in the input.</returns>
    /// <exception cref="ArgumentException">The destination has another length, or <see cref="Mean"/> or <see cref="Std"/> has.</exception>
    /// <exception cref="InvalidOperationException">The pixels are <c>default</c>.</exception>
    public unsafe ImagePlacement Apply(PixelBuffer pixels, Span<float> destination)
    {
        pixels.CheckNotEmpty();
        if (destination.Length != Length)
        {
            throw new ArgumentException(
                $"An input of {Channels}×{Height}×{Width} has {Length} floats, but there is room for {destination.Length}.",
                nameof(destination));
        }

        float[][] levels = LevelsOfChannels();
        if (Grayscale && pixels.Format != PixelFormat.Gray8)
        {
            pixels = pixels.ToGray();
        }

        (int width, int height, int left, int top) = Place(pixels.Width, pixels.Height);
        int plane = Width * Height;
        int firstRow = int.Max(0, top), lastRow = int.Min(Height, top + height);
        int firstColumn = int.Max(0, left), lastColumn = int.Min(Width, left + width);
        if (lastRow - firstRow < Height || lastColumn - firstColumn < Width)
        {
            byte[] fill = Grayscale ? [PixelBuffer.Brightness(Fill.Red, Fill.Green, Fill.Blue)] : [Fill.Red, Fill.Green, Fill.Blue];
            for (int channel = 0; channel < Channels; channel++)
            {
                destination.Slice(channel * plane, plane).Fill(levels[channel][fill[channel]]);
            }
        }

        var horizontal = ResamplingWeights.Compute(pixels.Width, width, firstColumn - left, lastColumn - left, Interpolation);
        var vertical = ResamplingWeights.Compute(pixels.Height, height, firstRow - top, lastRow - top, Interpolation);
        int rows = lastRow - firstRow;
        int most = Threads > 0 ? Threads : Environment.ProcessorCount;
        int threads = int.Clamp((int)((long)pixels.Width * pixels.Height * pixels.PixelSize / BytesPerThread), 1, int.Min(most, rows));
        fixed (byte* source = pixels.Bytes)
        fixed (float* target = destination)
        {
            var pass = new ResamplingPass(
                source, source + pixels.Bytes.Length, pixels.Stride, pixels.Format, horizontal, vertical, levels,
                target + (firstRow * Width) + firstColumn, Width, plane);
            if (threads == 1)
            {
                pass.Run(0, rows);
            }
            else
            {
                Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads },
                    i => pass.Run(i * rows / threads, (i + 1) * rows / threads));
            }
        }

        return new ImagePlacement((float)width / pixels.Width, (float)height / pixels.Height, left, top);
    }

    /// <summary>The size of the resized picture, and where its corner lies in the input.</summary>
    private (int Width, int Height, int Left, int Top) Place(int width, int height)
    {
        switch (Fit)
        {
            case ImageFit.Stretch:
                return (Width, Height, 0, 0);
            case ImageFit.Letterbox or ImageFit.Pad:
                (int w, int h) = Inside(width, height);
                return (w, h, (Width - w) / 2, (Height - h) / 2);
            default:
                (w, h) = (Scaled(width, height), Scaled(height, width));
                return (w, h, Begin(Width - w), Begin(Height - h));
        }

        int Scaled(int side, int other) =>
            side <= other ? ShorterSide : (int)long.Min(int.MaxValue, (long)ShorterSide * side / other);

        // As in torchvision: a margin is rounded down; what is cut off is rounded to even.
        static int Begin(int margin) => margin >= 0 ? margin / 2 : -(int)double.Round(-margin / 2.0);
    }

    /// <summary>The size of the whole picture, with its proportions, in the input.</summary>
    private (int Width, int Height) Inside(int width, int height)
    {
        double ratio = double.Min((double)Width / width, (double)Height / height);
        ratio = Fit == ImageFit.Pad ? double.Min(1, ratio) : ratio;
        return (int.Clamp((int)double.Round(width * ratio), 1, Width), int.Clamp((int)double.Round(height * ratio), 1, Height));
    }

    private static void Check(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, 32_000_000, nameof(height));
    }

    /// <summary>What each byte becomes, for each channel.</summary>
    private float[][] LevelsOfChannels()
    {
        if (Mean.Count != Channels || Std.Count != Channels || Std.Any(s => s == 0 || !float.IsFinite(s)) || !Mean.All(float.IsFinite))
        {
            throw new ArgumentException(
                $"Mean and Std have {(Grayscale ? "one number" : "three numbers")}, and no Std is 0; "
                + $"here are ({string.Join(", ", Mean)}) and ({string.Join(", ", Std)}).");
        }

        float[][] levels = new float[Channels][];
        for (int channel = 0; channel < Channels; channel++)
        {
            levels[channel] = new float[Levels];
            for (int level = 0; level < Levels; level++)
            {
                levels[channel][level] = (level / 255f - Mean[channel]) / Std[channel];
            }
        }

        return levels;
    }
}
