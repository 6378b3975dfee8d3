using System;
using System.Runtime.InteropServices;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>Pixels in memory that belongs to somebody else: a camera's frame, a bitmap of another library. Nothing is copied.</summary>
/// <remarks>
/// <code>
/// // SkiaSharp
/// var buffer = new PixelBuffer(bitmap.GetPixelSpan(), bitmap.Width, bitmap.Height, bitmap.RowBytes, PixelFormat.Bgra32);
/// ImagePreprocessing.ImageNet.Apply(buffer, input);
/// </code>
/// </remarks>
public readonly ref struct PixelBuffer
{
    /// <summary>Describes pixels.</summary>
    /// <param name="bytes">The memory, from the first byte of the upper left pixel on.</param>
    /// <param name="width">Pixels of a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="stride">Bytes from one row to the next, at least those of a row.</param>
    /// <param name="format">What the bytes of a pixel mean.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent or the stride is too small, or the format is unknown.</exception>
    /// <exception cref="ArgumentException">The memory is too short.</exception>
    public PixelBuffer(ReadOnlySpan<byte> bytes, int width, int height, int stride, PixelFormat format)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        int size = SizeOf(format);
        if (stride < (long)width * size)
        {
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"A row of {width} pixels has {(long)width * size} bytes.");
        }

        long needed = ((height - 1L) * stride) + ((long)width * size);
        if (bytes.Length < needed)
        {
            throw new ArgumentException($"{height} rows of {stride} bytes need {needed} bytes; here are {bytes.Length}.", nameof(bytes));
        }

        Bytes = bytes;
        (Width, Height, Stride, Format) = (width, height, stride, format);
    }

    /// <summary>The pixels of a picture.</summary>
    /// <param name="picture">The picture.</param>
    public PixelBuffer(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        // Rows of a picture lie one after the other.
        Span<Rgb> all = MemoryMarshal.CreateSpan(ref picture.Row(0)[0], picture.Width * picture.Height);
        Bytes = MemoryMarshal.AsBytes(all);
        (Width, Height, Stride, Format) = (picture.Width, picture.Height, 3 * picture.Width, PixelFormat.Rgb24);
    }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>What the bytes of a pixel mean.</summary>
    public PixelFormat Format { get; }

    /// <summary>Bytes of a pixel.</summary>
    public int PixelSize => SizeOf(Format);

    /// <summary>All of the memory.</summary>
    internal ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The bytes of a row.</summary>
    /// <param name="y">The row, from the top, counted from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The row is outside the buffer.</exception>
    public ReadOnlySpan<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return Bytes.Slice(y * Stride, Width * PixelSize);
    }

    /// <summary>A part, without copying.</summary>
    /// <param name="left">Its first column, counted from 0.</param>
    /// <param name="top">Its first row, counted from 0.</param>
    /// <param name="width">Pixels of its rows, 1 or more.</param>
    /// <param name="height">Its rows, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is empty, or not within the buffer.</exception>
    /// <exception cref="InvalidOperationException">The buffer is <c>default</c>: it has no pixels.</exception>
    public PixelBuffer Crop(int left, int top, int width, int height)
    {
        CheckNotEmpty();
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(left, Width - width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top, Height - height);
        return new PixelBuffer(Bytes[((top * Stride) + (left * PixelSize))..], width, height, Stride, Format);
    }

    /// <summary>Copies the pixels into a picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 32 million pixels.</exception>
    /// <exception cref="InvalidOperationException">The buffer is <c>default</c>: it has no pixels.</exception>
    public Picture ToPicture()
    {
        CheckNotEmpty();
        var picture = new Picture(Width, Height);
        (int red, int green, int blue) = Channels(Format);
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> row = Row(y);
            Span<Rgb> target = picture.Row(y);
            for (int x = 0, at = 0; x < target.Length; x++, at += PixelSize)
            {
                target[x] = new Rgb(row[at + red], row[at + green], row[at + blue]);
            }
        }

        return picture;
    }

    /// <summary>Converts the pixels to a network's input, as torchvision's <c>to_tensor</c> does.</summary>
    /// <param name="destination">Receives 3 × Height × Width floats (C, H, W) from 0 to 1, red first.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidOperationException">The buffer is <c>default</c>: it has no pixels.</exception>
    public void ToTensor(Span<float> destination)
    {
        CheckNotEmpty();
        new ImagePreprocessing(Width, Height) { Fit = ImageFit.Stretch }.Apply(this, destination);
    }

    /// <summary>A buffer that no constructor has made has neither pixels nor a size.</summary>
    internal void CheckNotEmpty()
    {
        if (Width == 0)
        {
            throw new InvalidOperationException(
                $"The {nameof(PixelBuffer)} is default: it has no pixels. Make it by its constructors.");
        }
    }

    /// <summary>The brightness of each pixel, as Pillow's <c>convert("L")</c> computes it.</summary>
    internal PixelBuffer ToGray()
    {
        byte[] gray = GC.AllocateUninitializedArray<byte>(Width * Height);
        (int red, int green, int blue) = Channels(Format);
        for (int y = 0, to = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> row = Row(y);
            for (int at = 0; at < row.Length; at += PixelSize, to++)
            {
                gray[to] = Brightness(row[at + red], row[at + green], row[at + blue]);
            }
        }

        return new PixelBuffer(gray, Width, Height, Width, PixelFormat.Gray8);
    }

    /// <summary>0.299·R + 0.587·G + 0.114·B (ITU-R BT.601) in 16 bits behind the point, rounded: Pillow's.</summary>
    internal static byte Brightness(byte red, byte green, byte blue) =>
        (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16);

    internal static int SizeOf(PixelFormat format) => format switch
    {
        PixelFormat.Rgb24 or PixelFormat.Bgr24 => 3,
        PixelFormat.Rgba32 or PixelFormat.Bgra32 => 4,
        PixelFormat.Gray8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a pixel format."),
    };

    /// <summary>Where red, green and blue are in a pixel.</summary>
    internal static (int Red, int Green, int Blue) Channels(PixelFormat format) => format switch
    {
        PixelFormat.Rgb24 or PixelFormat.Rgba32 => (0, 1, 2),
        PixelFormat.Bgr24 or PixelFormat.Bgra32 => (2, 1, 0),
        _ => (0, 0, 0),
    };
}
