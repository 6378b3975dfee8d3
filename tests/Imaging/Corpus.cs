using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace Strata.Imaging.Tests;

/// <summary>Files of all kinds, and the pixels that Pillow reads from them.</summary>
internal sealed class Corpus
{
    private const int PixelBytes = 3;

    private readonly byte[] _files, _pixels;

    /// <summary>JPEG files, from <c>make_corpus.py</c>.</summary>
    public const string Jpeg = "Corpus.zip";

    /// <summary>BMP, GIF and PNG files, from <c>make_others.py</c>.</summary>
    public const string Others = "Others.zip";

    private Corpus(ZipArchive archive)
    {
        (_files, _pixels) = (Read(archive, "files.bin"), Read(archive, "pixels.bin"));
        Versions = Encoding.UTF8.GetString(Read(archive, "versions.txt"));
        int file = 0, picture = 0;
        var entries = new List<Entry>();
        foreach (string line in Encoding.UTF8.GetString(Read(archive, "index.txt")).Split('\n'))
        {
            string[] words = line.Split(' ');
            int length = Number(words[1]), width = Number(words[2]), height = Number(words[3]);
            entries.Add(new Entry(words[0], _files.AsMemory(file, length), width, height, words[4] == "o", words[4] == "t",
                _pixels.AsMemory(picture, width * height * PixelBytes)));
            (file, picture) = (file + length, picture + (width * height * PixelBytes));
        }

        Entries = entries;
    }

    /// <summary>The versions of Pillow and libjpeg-turbo.</summary>
    public string Versions { get; }

    public IReadOnlyList<Entry> Entries { get; }

    public static Corpus Load(string name = Jpeg)
    {
        using Stream stream = typeof(Corpus).Assembly.GetManifestResourceStream(name)!;
        using var archive = new ZipArchive(stream);
        return new Corpus(archive);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static byte[] Read(ZipArchive archive, string name)
    {
        using Stream stream = archive.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A file and its pixels.</summary>
    /// <param name="Name">What kind of file it is.</param>
    /// <param name="File">Its bytes.</param>
    /// <param name="Width">The width of the pixels.</param>
    /// <param name="Height">Their height.</param>
    /// <param name="IsUpright">Whether the pixels are turned as EXIF says.</param>
    /// <param name="IsCut">Whether the file is cut off.</param>
    /// <param name="Pixels">Red, green and blue.</param>
    internal sealed record Entry(
        string Name, ReadOnlyMemory<byte> File, int Width, int Height, bool IsUpright, bool IsCut, ReadOnlyMemory<byte> Pixels)
    {
        public ImageReadOptions Options => new() { ApplyOrientation = IsUpright, AllowTruncated = IsCut };
    }
}
