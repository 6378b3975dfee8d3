using System;
using System.IO;
using Strata.Pictures;

namespace Strata.Imaging;

/// <summary>Reads image files. The format is recognised by the file's first bytes.</summary>
/// <remarks>
/// <code>
/// Picture photo = ImageFile.Read("cat.jpg", new ImageReadOptions { ApplyOrientation = true });
/// photo.Resize(256).CenterCrop(224, 224).ToTensor(input);
/// </code>
/// </remarks>
public static class ImageFile
{
    // Pixels of 16 bytes are more than any of the formats needs.
    private const int MostBytesOfPixel = 16, MostExtraBytes = 64 << 20, BufferLength = 1 << 16;

    /// <summary>Reads a JPEG, PNG, BMP, GIF or TIFF file.</summary>
    /// <remarks>
    /// The pixels are those of Pillow's <c>Image.open(path).convert("RGB")</c> (Pillow 9.4 with libjpeg-turbo 2.1), byte for byte: alpha is
    /// left out, colour profiles are ignored, TIFF files are turned upright. Of a GIF file, the first frame is read; of a TIFF file, the
    /// first picture. The package's page has a table of what is read, and one of the differences.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits and what is allowed; null for the defaults.</param>
    /// <exception cref="ImageFormatException">The file is not such an image, or is damaged. The message names the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Picture Read(string path, ImageReadOptions? options = null)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        try
        {
            return Read(stream, options);
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"{path}: {e.Message}", e) { IsCutOff = e.IsCutOff };
        }
    }

    /// <summary>Reads a file from a stream, as <see cref="Read(string, ImageReadOptions)"/> does. The stream is read to its end, and stays
    /// open.</summary>
    /// <param name="stream">The stream, at the first byte of the file.</param>
    /// <param name="options">Limits and what is allowed; null for the defaults.</param>
    /// <exception cref="ImageFormatException">The data are not such an image, or are damaged.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static Picture Read(Stream stream, ImageReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new ImageReadOptions();
        long limit = ((long)MostBytesOfPixel * options.MaxPixels) + MostExtraBytes;
        long known = stream.CanSeek ? long.Max(0, stream.Length - stream.Position) : 0;
        CheckLength(known, limit);
        byte[] file = GC.AllocateUninitializedArray<byte>(known > 0 ? (int)known + 1 : BufferLength);
        int length = 0;
        while (stream.ReadAtLeast(file.AsSpan(length), file.Length - length, throwOnEndOfStream: false) is > 0 and int read)
        {
            length += read;
            CheckLength(length, limit);
            if (length == file.Length)
            {
                Array.Resize(ref file, (int)long.Min(Array.MaxLength, 2L * length));
            }
        }

        return Read(file.AsSpan(0, length), options);
    }

    /// <summary>Reads a file from memory, as <see cref="Read(string, ImageReadOptions)"/> does.</summary>
    /// <param name="file">The content of a file.</param>
    /// <param name="options">Limits and what is allowed; null for the defaults.</param>
    /// <exception cref="ImageFormatException">The data are not such an image, or are damaged.</exception>
    public static Picture Read(ReadOnlySpan<byte> file, ImageReadOptions? options = null) =>
        Read(file, options ?? new ImageReadOptions(), out _);

    /// <summary>Reads a file, and tells what that cost, also if the file is refused.</summary>
    internal static Picture Read(ReadOnlySpan<byte> file, ImageReadOptions options, out ReadCost cost)
    {
        cost = default;
        return ImageFormat.DecoderOf(file)(file, options, out cost);
    }

    private static void CheckLength(long length, long limit)
    {
        if (length > limit)
        {
            throw new ImageFormatException($"the file has {length:N0} bytes or more; at most {limit:N0} are read");
        }
    }
}
