using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Strata.Data;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class IdxFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_and_labels_are_read_plain_and_compressed(bool gzip)
    {
        byte[] pixels = [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))];
        string images = Write([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, .. pixels], gzip);
        IdxFile file = IdxFile.ReadImages(images);
        Assert.Equal([2, 3, 4], file.Dimensions);
        Assert.Equal(2, file.Count);
        Assert.Equal(pixels, file.Data);

        string labels = Write([0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255], gzip);
        Assert.Equal([7, 0, 255], IdxFile.ReadLabels(labels));
        using FileStream stream = File.OpenRead(labels);
        Assert.Equal([7, 0, 255], IdxFile.ReadLabels(stream));
        using var pipe = new OneWay(File.ReadAllBytes(labels));
        Assert.Equal([3], IdxFile.Read(pipe).Dimensions);
    }

    public static TheoryData<byte[], string> Damaged => new()
    {
        { [], "the file is empty." },
        { [0, 0], "not an IDX file" },
        { [1, 2, 8, 1, 0, 0, 0, 0], "not an IDX file: it begins with 01020801 instead of 0000." },
        { [0, 0, 13, 1, 0, 0, 0, 0], "elements of type 0x0D instead of unsigned bytes (0x08)." },
        { [0, 0, 8, 0], "0 dimensions; 1 to 8 are possible." },
        { [0, 0, 8, 200], "200 dimensions; 1 to 8 are possible." },
        { [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "expected labels (count), found 3 dimensions." },
        { [0, 0, 8, 1, 0, 0, 0], "the file is truncated within its header." },
        { [0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3], "the file is truncated: the dimensions (4) make 4 bytes, and 3 are there." },
        { [0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3], "the dimensions (2) make 2 bytes, but more follow." },
        { [0, 0, 8, 1, 255, 255, 255, 255, 1], "the dimensions (4294967295) are too large." },
        { [0, 0, 8, 1, 63, 0, 0, 0, 1], "the file is truncated" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damage_is_reported_with_the_files_name(byte[] content, string message)
    {
        foreach (bool gzip in (bool[])[false, true])
        {
            string path = Write(content, gzip);
            var e = Assert.Throws<InvalidDataException>(() => IdxFile.ReadLabels(path));
            Assert.StartsWith($"{path}: {message}", e.Message);
        }
    }

    [Fact]
    public void Labels_are_no_images()
    {
        string path = Write([0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255], gzip: false);
        var e = Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path));
        Assert.Equal($"{path}: expected images (count, height, width), found 1 dimension.", e.Message);
    }

    [Fact]
    public void Dimensions_whose_product_overflows_are_refused()
    {
        byte[] extents = [.. Enumerable.Repeat((byte[])[127, 255, 255, 255], 8).SelectMany(b => b)];
        string path = Write([0, 0, 8, 8, .. extents], gzip: false);
        Assert.Contains("are too large", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
        path = Write([0, 0, 8, 2, 255, 255, 255, 255, 0, 0, 0, 0], gzip: false);
        Assert.Contains("are too large", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
    }

    [Fact]
    public void A_product_that_overflows_to_what_is_there_is_refused()
    {
        // 65536⁸ = 2¹²⁸, which is 0 in 128 bits: as many bytes as follow.
        byte[] extents = [.. Enumerable.Repeat((byte[])[0, 1, 0, 0], 8).SelectMany(b => b)];
        string path = Write([0, 0, 8, 8, .. extents], gzip: false);
        Assert.Contains("are too large", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);

        // Any number of items without elements.
        path = Write([0, 0, 8, 3, 127, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 28], gzip: false);
        Assert.Contains(
            "the dimensions (2147483647, 0, 28) leave nothing of an item.",
            Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path)).Message);
        path = Write([0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28], gzip: false);
        Assert.Equal(0, IdxFile.ReadImages(path).Count);
    }

    [Fact]
    public void Dimensions_that_lie_cost_no_memory()
    {
        string path = Write([0, 0, 8, 1, 63, 255, 0, 0, 1, 2, 3], gzip: true);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => IdxFile.ReadLabels(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Fact]
    public void Compressed_files_cut_or_mutated_anywhere_are_read_or_refused()
    {
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 200, .. Enumerable.Range(0, 200).Select(i => (byte)(i % 10))];
        byte[] file = File.ReadAllBytes(Write(labels, gzip: true));
        var random = new Random(5);
        for (int round = 0; round < 5000; round++)
        {
            byte[] damaged = round < file.Length ? file[..round] : [.. file];
            if (round >= file.Length)
            {
                damaged[random.Next(file.Length)] ^= (byte)(1 << random.Next(8));
                damaged[random.Next(file.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.Equal(200, IdxFile.ReadLabels(new MemoryStream(damaged)).Length);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private string Write(byte[] content, bool gzip)
    {
        string path = Path.Combine(_directory, Guid.NewGuid().ToString("N"));
        using Stream stream = gzip ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        stream.Write(content);
        return path;
    }

    private sealed class OneWay(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;
    }
}
