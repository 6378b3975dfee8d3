using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;
using Strata.Data;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Files whose headers claim too much, or that hold much that was not asked for, cost little time and memory.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly LinearNetwork _network = new(new NetworkOptions { Seed = 1 });

    public static TheoryData<string> Headers =>
        new("extents", "offsets", "names", "type", "property", "tensors", "metadata", "nesting", "dots");

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_header_of_98_megabytes_is_refused_before_it_is_read()
    {
        byte[] file = Header("extents", 98_000_000);
        string message = AssertRefused(file, new WeightsLoadOptions(), mostMemory: 1_000_000);
        Assert.Equal("memory: the header is 98000000 bytes long; WeightsLoadOptions.MaxHeaderLength allows 10000000.", message);
        AssertRefused(file, new WeightsLoadOptions { Strict = false }, mostMemory: 1_000_000);

        // Where it is allowed, it is read until it is wrong.
        message = AssertRefused(file, new WeightsLoadOptions { MaxHeaderLength = 98_000_000 }, mostMemory: 1_000_000);
        Assert.Equal("memory: tensor 'a': shape must hold at most 64 numbers.", message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightsLoadOptions { MaxHeaderLength = 100_000_001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightsLoadOptions { MaxHeaderLength = 0 });
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_header_within_the_limit_takes_a_few_times_its_length(string kind) =>
        AssertRefused(Header(kind, 3_000_000), new WeightsLoadOptions(), mostMemory: 30_000_000);

    [Fact]
    public void A_long_text_of_others_under_metadata_does_no_harm()
    {
        using var stream = new MemoryStream();
        _network.Save(stream);
        byte[] file = stream.ToArray();
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        string header = Encoding.UTF8.GetString(file, 8, length).TrimEnd();
        string note = """{"__metadata__":{"tags":"TEXT","strata":[[{"a":["}"]}]],"n":1},""".Replace("TEXT", new string('x', 5_000_000))
            + header[1..];
        using var target = new LinearNetwork(new NetworkOptions { Seed = 2 });
        target.Load(Build(note, file[(8 + length)..]).AsMemory());
        Assert.Equal(_network.Values(0), target.Values(0));
    }

    [Fact]
    public void Names_in_messages_are_cut_and_cannot_move_the_cursor()
    {
        string name = "a\\u001b[2J\\u202e\\n" + new string('x', 500_000);
        byte[] file = Build("{\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]);
        var e = Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory()));
        Assert.StartsWith(@"memory: tensor 'a\u001B[2J\u202E\nxxx", e.Message);
        Assert.Contains("x… (500,007 characters)': Linear has no such parameter", e.Message);
        Assert.InRange(e.Message.Length, 100, 400);
        Assert.Equal(500_007, e.Tensor!.Length);
    }

    [Fact]
    public void Whole_messages_are_cut_too()
    {
        var e = new WeightsFormatException("file\n", "tensor\r", new string('p', 10_000));
        Assert.StartsWith(@"file\n: tensor 'tensor\r': ppp", e.Message);
        Assert.InRange(e.Message.Length, 1000, 1100);
    }

    [Fact]
    public void Damaged_metadata_of_a_checkpoint_is_not_repeated_at_length()
    {
        string name = new('x', 3_000_000), text = $"{{\\\"optimizer\\\":\\\"Sgd\\\",\\\"fit\\\":{{\\\"{name}\\\":}}}}";
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Build($"{{\"__metadata__\":{{\"strata.checkpoint\":\"{text}\"}}}}", []));
            using var trainer = new RegressionTrainer(_network, 8, new Sgd(0.1));
            var e = Assert.Throws<WeightsFormatException>(() => trainer.LoadCheckpoint(path));
            Assert.Contains("the checkpoint's metadata is damaged", e.Message);
            Assert.InRange(e.ToString().Length, 100, 5_000);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_gzip_file_of_a_megabyte_does_not_become_gigabytes()
    {
        byte[] file = Compress([0, 0, 8, 1, 0x40, 0, 0, 0], 1 << 30);
        Assert.InRange(file.Length, 1_000_000, 5_000_000);
        foreach (Stream stream in (Stream[])[new MemoryStream(file), new OneWay(file)])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var e = Assert.Throws<InvalidDataException>(() => IdxFile.ReadLabels(stream, "labels"));
            Assert.Matches(@"^labels: \d+ bytes of gzip become \d+ or more; IdxOptions.MaxInflation allows 100 for each\.$", e.Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        }
    }

    [Fact]
    public void Limits_of_idx_files_can_be_chosen()
    {
        byte[] file = Compress([0, 0, 8, 1, 0, 0x80, 0, 0], 1 << 23);
        Assert.Throws<InvalidDataException>(() => IdxFile.Read(new MemoryStream(file)));
        Assert.Equal([1 << 23], IdxFile.Read(new MemoryStream(file), options: new IdxOptions { MaxInflation = 1100 }).Dimensions);

        byte[] plain = [0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 255];
        Assert.Equal(3, IdxFile.Read(new MemoryStream(plain), options: new IdxOptions { MaxLength = 3 }).Count);
        Assert.Equal(
            "stream: the dimensions (3) make 3 bytes; IdxOptions.MaxLength allows 2.",
            Assert.Throws<InvalidDataException>(
                () => IdxFile.Read(new MemoryStream(plain), options: new IdxOptions { MaxLength = 2 })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdxOptions { MaxLength = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdxOptions { MaxInflation = 0 });
    }

    [Theory]
    [InlineData(8_000, 4_000, 6)]
    [InlineData(32_000_000, 1, 6)]
    [InlineData(1, 32_000_000, 0)]
    [InlineData(5_000, 5_000, 3)]
    public void A_picture_takes_memory_as_its_rows_come(int width, int height, byte color)
    {
        byte[] data = PngWriter.Deflate(new byte[100_000]);
        byte[] file = PngWriter.File(("IHDR", PngWriter.Header(width, height, color)), ("PLTE", new byte[3]), ("IDAT", data), ("IEND", []));
        Assert.InRange(file.Length, 0, 375);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("less data", Assert.Throws<InvalidDataException>(() => PngReader.Read(file)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void A_picture_file_is_read_no_further_than_it_must_be()
    {
        // A chunk of two gigabytes that nobody needs, of which little is there.
        byte[] file = PngWriter.File(("IHDR", PngWriter.Header(1, 1, PngWriter.Grey)), ("tEXt", [1]));
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(33), int.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("cut off", Assert.Throws<InvalidDataException>(() => PngReader.Read(file)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private string AssertRefused(byte[] file, WeightsLoadOptions options, long mostMemory)
    {
        float[] weight = _network.Values(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory(), options));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, mostMemory);
        Assert.InRange(e.Message.Length, 10, 1500);
        Assert.InRange(e.ToString().Length, 10, 10_000);
        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.Equal(weight, _network.Values(0));
        return e.Message;
    }

    private static byte[] Header(string kind, int length)
    {
        (string start, string repeated, string end) = kind switch
        {
            "extents" => ("{'a':{'dtype':'F32','shape':[1", ",1", "],'data_offsets':[0,4]}}"),
            "offsets" => ("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4", ",4", "]}}"),
            "names" => ("{'", "x", "':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"),
            "dots" => ("{'", ".", "':{'dtype':'I32','shape':[1],'data_offsets':[0,4]}}"),
            "type" => ("{'a':{'dtype':'F", "3", "','shape':[1],'data_offsets':[0,4]}}"),
            "property" => ("{'a':{'dtype':'F32','shape':[1],'data_", "\\u001b", "':[0,4]}}"),
            "metadata" => ("{'__metadata__':{'strata.checkpoint':'", "x", "'},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"),
            "nesting" => ("{'__metadata__':", "[", "}"),
            _ => ("{", "'{0:X7}':{'dtype':'U8','shape':[],'data_offsets':[0,0]},", "'z':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"),
        };
        var text = new StringBuilder(start, length + 100);
        for (int i = 0; text.Length < length - end.Length - repeated.Length; i++)
        {
            text.Append(kind == "tensors"
                ? repeated.Replace("{0:X7}", i.ToString("X7", CultureInfo.InvariantCulture), StringComparison.Ordinal) : repeated);
        }

        text.Append(end).Append(' ', length - text.Length).Replace('\'', '"');
        return Build(text.ToString(), new byte[4]);
    }

    private static byte[] Build(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), file = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        data.CopyTo(file, 8 + text.Length);
        return file;
    }

    private static byte[] Compress(byte[] start, int zeros)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(start);
            byte[] chunk = new byte[1 << 20];
            for (; zeros > 0; zeros -= chunk.Length)
            {
                gzip.Write(chunk.AsSpan(0, Math.Min(zeros, chunk.Length)));
            }
        }

        return file.ToArray();
    }

    private sealed class OneWay(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;
    }
}
