using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Strata.Pictures;

/// <summary>
/// An image of red, green and blue pixels: the content of a PNG file, a network's kernels, or its activations.
/// </summary>
/// <remarks>
/// <code>
/// Picture.Load("cat.png").Resize(256).CenterCrop(224, 224).ToTensor(input);
///
/// Picture.OfKernels(net.Conv1.Weight).Save("kernels.png");
///
/// // MyNetwork is declared with [Network(Observable = true)].
/// using var seen = new MyNetwork(new NetworkOptions { Weights = "my.safetensors", Observe = ["relu1"] });
/// seen.Forward(image, outputs);
/// Picture.OfActivation(seen, "relu1").Save("maps.png");
/// </code>
/// </remarks>
public sealed class Picture
{
    /// <summary>The largest number of pixels of a picture; each pixel takes three bytes.</summary>
    internal const int MaxPixels = 32_000_000;

    private readonly Rgb[] _pixels;

    /// <summary>Creates a black picture.</summary>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is less than 1, or there are more than 32 million pixels.</exception>
    public Picture(int width, int height)
    {
        CheckSize(width, height);
        (Width, Height) = (width, height);
        _pixels = new Rgb[width * height];
    }

    /// <summary>Creates a picture from existing pixels.</summary>
    internal Picture(int width, int height, Rgb[] pixels) => (Width, Height, _pixels) = (width, height, pixels);

    /// <summary>The width: pixels of a row.</summary>
    public int Width { get; }

    /// <summary>The height: number of rows.</summary>
    public int Height { get; }

    /// <summary>A pixel.</summary>
    /// <param name="x">Its column, from the left, counted from 0.</param>
    /// <param name="y">Its row, from the top, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The pixel is outside the picture.</exception>
    public Rgb this[int x, int y]
    {
        get => _pixels[Index(x, y)];
        set => _pixels[Index(x, y)] = value;
    }

    /// <summary>The pixels of a row, which can be read and written. Rows lie one after the other in memory.</summary>
    /// <param name="y">The row, from the top, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row is outside the picture.</exception>
    public Span<Rgb> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return _pixels.AsSpan(y * Width, Width);
    }

    /// <summary>All pixels, row by row from the top, three bytes each.</summary>
    internal ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_pixels.AsSpan());

    /// <summary>Draws the kernels of a convolution, or the weights of a dense layer.</summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Weights</term><description>Picture</description></listheader>
    /// <item><term>(O, I, kH, kW)</term><description>one row for each kernel, with its channels side by
    /// side</description></item>
    /// <item><term>(O, 3, kH, kW)</term><description>the kernels in red, green and blue</description></item>
    /// <item><term>(O, 1, kH, kW)</term><description>the kernels side by side</description></item>
    /// <item><term>(O, I) or 1×1 kernels</term><description>one image of O rows and I columns</description></item>
    /// <item><term>(O, I, K), over a sequence</term><description>one image of I rows for each kernel</description></item>
    /// <item><term>(O, I, kD, kH, kW), over a volume</term><description>one row of I·kD planes for each
    /// kernel</description></item>
    /// </list>
    /// </remarks>
    /// <param name="weight">The weight: <c>net.Conv1.Weight</c>.</param>
    /// <param name="options">Colours and sizes; null for the defaults. Infinities and NaN are drawn in magenta.</param>
    /// <exception cref="ArgumentException">
    /// The parameter has one axis, or the picture would have more than 32 million pixels.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static Picture OfKernels(Parameter weight, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Shape.Count < 2)
        {
            throw new ArgumentException($"'{weight}' has no kernels; a weight has two extents or more.", nameof(weight));
        }

        float[] values = new float[weight.Length];
        weight.CopyTo(values);
        return OfKernels(values, [.. weight.Shape], options);
    }

    /// <summary>Draws any numbers as <see cref="OfKernels(Parameter, PictureOptions?)"/> draws weights.</summary>
    /// <param name="weight">The weight in PyTorch's (row-major) order.</param>
    /// <param name="shape">Its extents: (O, I), (O, I, K), (O, I, kH, kW) or (O, I, kD, kH, kW).</param>
    /// <param name="options">Colours and sizes; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The numbers do not fit the shape, or the picture would have more than 32 million pixels.
    /// </exception>
    public static Picture OfKernels(ReadOnlySpan<float> weight, ReadOnlySpan<int> shape, PictureOptions? options = null)
    {
        options ??= new PictureOptions();
        weight = CheckLength(weight, shape, nameof(weight));
        return TensorPicture.OfKernels(shape, options.Colors is null).Draw(weight, options.Colors ?? ColorMap.Diverging, options);
    }

    /// <summary>Draws what a layer computed for one sample of the last <see cref="CompiledNetwork.Forward"/>.</summary>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Activation</term><description>Picture</description></listheader>
    /// <item><term>(C, H, W)</term><description>one map for each channel</description></item>
    /// <item><term>(C, D, H, W)</term><description>one row for each channel, with its planes side by side</description></item>
    /// <item><term>(C, L)</term><description>one image of C rows</description></item>
    /// <item><term>(F)</term><description>one row</description></item>
    /// </list>
    /// </remarks>
    /// <param name="network">The network, which must observe the layer.</param>
    /// <param name="layer">The layer's key, one of <see cref="NetworkOptions.Observe"/>: <c>conv1</c>.</param>
    /// <param name="sample">Number of the sample, counted from 0.</param>
    /// <param name="options">Colours and sizes; null for the defaults. Infinities and NaN are drawn in magenta.</param>
    /// <exception cref="ArgumentException">
    /// The layer is not observed, or the picture would have more than 32 million pixels.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The last call had fewer samples, or there was none.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    public static Picture OfActivation(CompiledNetwork network, string layer, int sample = 0, PictureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ReadOnlySpan<float> activations = network.Activation(layer);
        LayerInfo info = network.Info.Layers.First(l => l.Name == layer);
        int length = CompiledNetwork.Product(info.OutputShape), samples = activations.Length / length;
        if (sample < 0 || sample >= samples)
        {
            throw new ArgumentOutOfRangeException(
                nameof(sample), sample,
                $"The last call of {network.Info.Name} had {MessageText.Count(samples, "sample")}; '{layer}' has none of this number.");
        }

        return OfActivation(activations.Slice(sample * length, length), [.. info.OutputShape], options);
    }

    /// <summary>
    /// Draws any numbers as <see cref="OfActivation(CompiledNetwork, string, int, PictureOptions?)"/> draws activations.
    /// </summary>
    /// <param name="activation">The activation of one sample in PyTorch's (row-major) order.</param>
    /// <param name="shape">Its extents: (F), (C, L), (C, H, W) or (C, D, H, W).</param>
    /// <param name="options">Colours and sizes; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The numbers do not fit the shape, or the picture would have more than 32 million pixels.
    /// </exception>
    public static Picture OfActivation(ReadOnlySpan<float> activation, ReadOnlySpan<int> shape, PictureOptions? options = null)
    {
        options ??= new PictureOptions();
        activation = CheckLength(activation, shape, nameof(activation));
        return TensorPicture.OfActivation(shape).Draw(activation, options.Colors ?? ColorMap.Viridis, options);
    }

    /// <summary>Stacks pictures vertically, each centred, on the background of <see cref="PictureOptions"/>.</summary>
    /// <param name="pictures">The pictures, from the top; one or more.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There would be more than 32 million pixels.</exception>
    public static Picture Stack(params IReadOnlyList<Picture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0)
        {
            throw new ArgumentException("No pictures to put together.", nameof(pictures));
        }

        long height = pictures.Sum(p => (long)p.Height);
        var stack = new Picture(pictures.Max(p => p.Width), (int)long.Min(height, int.MaxValue));
        stack.Fill(new PictureOptions().Background);
        int top = 0;
        foreach (Picture picture in pictures)
        {
            stack.Draw(picture, (stack.Width - picture.Width) / 2, top);
            top += picture.Height;
        }

        return stack;
    }

    /// <summary>Reads a PNG file (ISO/IEC 15948).</summary>
    /// <remarks>
    /// The file may be grey, RGB or palette, with or without transparency, interlaced or not, of at most 32 million pixels.
    /// Of 16 bits, the high 8 are used. Of an animation (APNG), the default image is read. Transparent pixels become white or
    /// black, whichever shows the rest better. Gamma and colour profiles are ignored.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">
    /// The largest number of pixels to read: 1 to 32,000,000, the default. Each takes three bytes.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><c>maxPixels</c> is out of its range.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is not such an image, or is damaged. The message names common other formats, such as JPEG.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Picture Load(string path, int maxPixels = MaxPixels)
    {
        using FileStream stream = InputFile.Open(path, bufferSize: 65_536);
        try
        {
            return Load(stream, maxPixels);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Reads a PNG file from a stream, as <see cref="Load(string, int)"/> does. The stream stays open, at the first byte after
    /// the picture.
    /// </summary>
    /// <param name="stream">The stream, at the first byte of the file.</param>
    /// <param name="maxPixels">The largest number of pixels to read: 1 to 32,000,000, the default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><c>maxPixels</c> is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data are not such an image, or are damaged.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Picture Load(Stream stream, int maxPixels = MaxPixels)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return PngReader.Read(stream, new PngReadOptions { MaxPixels = CheckLimit(maxPixels) });
    }

    /// <summary>Reads a PNG file from memory, as <see cref="Load(string, int)"/> does.</summary>
    /// <param name="file">The content of a file.</param>
    /// <param name="maxPixels">The largest number of pixels to read: 1 to 32,000,000, the default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><c>maxPixels</c> is out of its range.</exception>
    /// <exception cref="InvalidDataException">The data are not such an image, or are damaged.</exception>
    public static Picture Load(ReadOnlySpan<byte> file, int maxPixels = MaxPixels) =>
        PngReader.Read(file, new PngReadOptions { MaxPixels = CheckLimit(maxPixels) });

    /// <summary>Reads a PNG file from memory, with options for transparency and for files that are cut off.</summary>
    /// <param name="file">The content of a file.</param>
    /// <param name="options">Limits and what is allowed.</param>
    /// <exception cref="InvalidDataException">
    /// The data are not such an image, or are damaged. If they are cut off, the cause is an <see cref="EndOfStreamException"/>.
    /// </exception>
    public static Picture Load(ReadOnlySpan<byte> file, PngReadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PngReader.Read(file, options);
    }

    /// <summary>Writes a PNG file of 8 bits a channel.</summary>
    /// <remarks>
    /// The file appears complete or not at all: it is written beside its place, flushed to the disk, and renamed. Links are
    /// followed, and permissions are kept.
    /// </remarks>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <exception cref="IOException">
    /// The file cannot be written, for example without permission or on a full disk. An existing file is unchanged.
    /// </exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes the PNG file to a stream, at its position. The stream stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Png.Write(this, stream);
    }

    /// <summary>The brightness of each pixel (luma of ITU-R BT.601): 0.299·R + 0.587·G + 0.114·B, rounded.</summary>
    /// <returns>Height × Width bytes, row by row from the top; 0 is black, 255 white.</returns>
    public byte[] ToGrey() => Array.ConvertAll(_pixels, Luminance);

    /// <summary>Converts the picture to a network's input, as torchvision's <c>to_tensor</c> does.</summary>
    /// <param name="channels">3 for red, green and blue; 1 for the brightness of each pixel.</param>
    /// <returns>channels × Height × Width floats (C, H, W) from 0 (black) to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Neither 1 nor 3 channels.</exception>
    public float[] ToTensor(int channels = 3)
    {
        float[] tensor = new float[channels is 1 or 3 ? channels * _pixels.Length : 0];
        ToTensor(tensor, channels);
        return tensor;
    }

    /// <summary>
    /// Converts the picture as <see cref="ToTensor(int)"/> does, into existing memory, such as one sample of a batch.
    /// </summary>
    /// <param name="destination">Receives channels × Height × Width floats (C, H, W) from 0 (black) to 1.</param>
    /// <param name="channels">3 for red, green and blue; 1 for the brightness of each pixel.</param>
    /// <exception cref="ArgumentOutOfRangeException">Neither 1 nor 3 channels.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void ToTensor(Span<float> destination, int channels = 3)
    {
        const float Full = byte.MaxValue;
        if (channels is not (1 or 3))
        {
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "A picture becomes 1 or 3 channels.");
        }

        int plane = _pixels.Length;
        if (destination.Length != channels * plane)
        {
            throw new ArgumentException(
                $"{channels} × {Height} × {Width} pixels are {channels * plane} floats, but there is room for {destination.Length}.",
                nameof(destination));
        }

        for (int i = 0; i < plane; i++)
        {
            Rgb pixel = _pixels[i];
            if (channels == 1)
            {
                destination[i] = Luminance(pixel) / Full;
            }
            else
            {
                (destination[i], destination[i + plane], destination[i + (2 * plane)]) = (pixel.Red / Full,
                    pixel.Green / Full, pixel.Blue / Full);
            }
        }
    }

    /// <summary>Resizes the picture, bilinearly and with antialiasing.</summary>
    /// <remarks>
    /// Each pixel is the mean of the pixels that it covers, weighted by a triangle. If the new width times the old height is at
    /// most 32 million, the bytes are those of Pillow's <c>resize((width, height), BILINEAR)</c>, which torchvision's
    /// <c>Resize</c> calls.
    /// </remarks>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An extent is less than 1, or there would be more than 32 million pixels.
    /// </exception>
    public Picture Resize(int width, int height)
    {
        CheckSize(width, height);
        Rgb[] pixels = Resampling.Resize(_pixels, Width, Height, width, height);
        return new Picture(width, height, ReferenceEquals(pixels, _pixels) ? [.. pixels] : pixels);
    }

    /// <summary>
    /// Resizes the picture with the same proportions, as torchvision's <c>Resize(size)</c>. The longer side is rounded down.
    /// </summary>
    /// <remarks>
    /// The input of torchvision's classifiers is <c>picture.Resize(256).CenterCrop(224, 224).ToTensor(input)</c>.
    /// </remarks>
    /// <param name="shorterSide">Pixels of the shorter side, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is less than 1, or there would be more than 32 million pixels.
    /// </exception>
    public Picture Resize(int shorterSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shorterSide, 1);
        int width = Scaled(Width, Height), height = Scaled(Height, Width);
        return Resize(width, height);

        int Scaled(int side, int other) => side <= other ? shorterSide : (int)long.Min(int.MaxValue, (long)shorterSide * side / other);
    }

    /// <summary>Cuts out a part of the picture.</summary>
    /// <param name="left">Its first column, counted from 0.</param>
    /// <param name="top">Its first row, counted from 0.</param>
    /// <param name="width">Pixels of its rows, 1 or more.</param>
    /// <param name="height">Its rows, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is empty, or not within the picture.</exception>
    public Picture Crop(int left, int top, int width, int height)
    {
        CheckSize(width, height);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left, Width - width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top, Height - height);
        var part = new Picture(width, height);
        part.Draw(this, -left, -top);
        return part;
    }

    /// <summary>
    /// Cuts out the middle of the picture, as torchvision's <c>CenterCrop</c> does. A smaller picture gets a black margin.
    /// </summary>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An extent is less than 1, or there would be more than 32 million pixels.
    /// </exception>
    public Picture CenterCrop(int width, int height)
    {
        var middle = new Picture(width, height);
        middle.Draw(this, Begin(width - Width), Begin(height - Height));
        return middle;

        // As in torchvision: a margin is rounded down; what is cut off is rounded to even.
        static int Begin(int margin) => margin >= 0 ? margin / 2 : -(int)double.Round(-margin / 2.0);
    }

    /// <summary>Prepares a drawing as MNIST's authors prepared theirs (LeCun et al. 1998), as white ink on black.</summary>
    /// <remarks>
    /// <para>
    /// The ink is cropped, resized into a box with its proportions kept, and placed with its centre of mass in the middle of a
    /// square. The drawing may be dark on light or light on dark. Faint ink is stretched to full contrast. Cropping ignores ink
    /// that is fainter than an eighth of the darkest ink.
    /// </para>
    /// <para>
    /// The input of a network that learnt MNIST is <c>Picture.Load("seven.png").CenterInk().ToTensor(input, channels: 1)</c>.
    /// </para>
    /// </remarks>
    /// <param name="size">Pixels of the square's side, 1 to 4,096.</param>
    /// <param name="box">Pixels of the ink's longer side, 1 to <paramref name="size"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidDataException">
    /// There is no ink: every pixel differs from the paper by less than 32 of 255 levels.
    /// </exception>
    public Picture CenterInk(int size = 28, int box = 20)
    {
        const int MostSize = 4096;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MostSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(box, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(box, size);
        return Handwriting.Center(this, size, box);
    }

    /// <summary>The luma of ITU-R BT.601.</summary>
    internal static byte Luminance(Rgb pixel) => (byte)(((299 * pixel.Red) + (587 * pixel.Green) + (114 * pixel.Blue) + 500) / 1000);

    internal void Fill(Rgb color) => _pixels.AsSpan().Fill(color);

    internal void Fill(int left, int top, int width, int height, Rgb color)
    {
        for (int y = top; y < top + height; y++)
        {
            _pixels.AsSpan((y * Width) + left, width).Fill(color);
        }
    }

    // Pixels outside the target are skipped.
    private void Draw(Picture picture, int left, int top)
    {
        int first = int.Max(0, left), length = int.Min(Width, left + picture.Width) - first;
        for (int y = int.Max(0, top); y < int.Min(Height, top + picture.Height); y++)
        {
            picture._pixels.AsSpan(((y - top) * picture.Width) + first - left, length).CopyTo(_pixels.AsSpan((y * Width) + first));
        }
    }

    private int Index(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return (y * Width) + x;
    }

    private static void CheckSize(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, MaxPixels, nameof(width));
    }

    internal static int CheckLimit(int maxPixels, string name = "maxPixels")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, MaxPixels, name);
        return maxPixels;
    }

    private static ReadOnlySpan<float> CheckLength(ReadOnlySpan<float> values, ReadOnlySpan<int> shape, string name)
    {
        bool allPositive = !shape.ContainsAnyInRange(int.MinValue, 0);
        long length = allPositive ? ElementCount.Of(shape, int.MaxValue) : 0;
        if (length > 0 && length == values.Length)
        {
            return values;
        }

        string claimed = length < 0 ? $"more than {int.MaxValue}" : $"{length}";
        throw new ArgumentException(
            $"A shape of {MessageText.Shape(shape.ToArray())} has {claimed} numbers; here are {values.Length}.", name);
    }
}
