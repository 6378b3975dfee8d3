using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Strata.Runtime.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private const string Weight = """
        "dense1.weight":{"dtype":"F32","shape":[5,7],"data_offsets":[0,140]}
        """;

    private const string Bias = """
        "dense1.bias":{"dtype":"F32","shape":[5],"data_offsets":[140,160]}
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;
    private readonly LinearNetwork _network = new(new NetworkOptions { Seed = 1 });

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Weights_come_back_from_a_path_a_stream_and_memory()
    {
        string path = Path.Combine(_directory, "w.safetensors");
        _network.Save(path);
        using var stream = new MemoryStream();
        _network.Save(stream);
        Assert.Equal(File.ReadAllBytes(path), stream.ToArray());

        foreach (Action<LinearNetwork> load in (Action<LinearNetwork>[])
        [
            network => network.Load(path),
            network => network.Load(stream.ToArray().AsMemory()),
            network => network.Load(new MemoryStream(stream.ToArray())),
            network => network.Load(new Trickle(stream.ToArray())),
        ])
        {
            using var target = new LinearNetwork(new NetworkOptions { Seed = 2, Isa = Isa.Vector128 });
            load(target);
            Assert.Equal(_network.Values(0), target.Values(0));
            Assert.Equal(_network.Values(1), target.Values(1));
        }
    }

    [Fact]
    public void A_network_is_made_with_weights_from_a_stream()
    {
        using var stream = new MemoryStream();
        _network.Save(stream);
        using var trickle = new Trickle(stream.ToArray());
        using var network = new LinearNetwork(new NetworkOptions { Seed = 2, WeightsStream = trickle });
        Assert.Equal(_network.Values(0), network.Values(0));
        Assert.True(trickle.CanRead);

        // It stands at its end by now.
        Assert.Throws<WeightsFormatException>(() => new LinearNetwork(new NetworkOptions { WeightsStream = trickle }));
        Assert.Throws<ArgumentException>(() => new LinearNetwork(new NetworkOptions { WeightsStream = trickle, Weights = "w" }));
    }

    [Fact]
    public void The_file_is_laid_out_as_the_format_says()
    {
        using var stream = new MemoryStream();
        _network.Save(stream);
        byte[] file = stream.ToArray();
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, headerLength % 8);
        Assert.Equal($"{{{Weight},{Bias}}}", Encoding.UTF8.GetString(file, 8, headerLength).TrimEnd(' '));
        Assert.Equal(8 + headerLength + 160, file.Length);
        float[] floats = MemoryMarshal.Cast<byte, float>(file.AsSpan(8 + headerLength)).ToArray();
        Assert.Equal([.. _network.Values(0), .. _network.Values(1)], floats);
    }

    [Fact]
    public void Saving_replaces_the_file_and_leaves_nothing_else()
    {
        string path = Path.Combine(_directory, "w.safetensors");
        File.WriteAllText(path, "old");
        _network.Save(path);
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory));
        _network.Load(path);
    }

    [Fact]
    public void A_save_that_fails_leaves_the_old_file_and_nothing_else()
    {
        // A directory stands where the file should go, so that the last step, the rename, fails.
        string path = Path.Combine(_directory, "w.safetensors");
        Directory.CreateDirectory(Path.Combine(path, "inside"));
        Assert.ThrowsAny<Exception>(() => _network.Save(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_directory));
        Assert.ThrowsAny<IOException>(() => _network.Save(Path.Combine(_directory, "missing", "w.safetensors")));
    }

    [Fact]
    public void Half_floats_and_bfloats_are_converted()
    {
        float[] values = [1, -2.5f, 0.00006103515625f, 65504, 0, -0f, 1.5f];
        var data = new List<byte>();
        byte[] two = new byte[2];
        for (int i = 0; i < 35; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(two, (Half)values[i % 7]);
            data.AddRange(two);
        }

        for (int i = 0; i < 5; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(two, (ushort)(BitConverter.SingleToUInt32Bits(i - 2.5f) >> 16));
            data.AddRange(two);
        }

        Load(
            """
            {"dense1.weight":{"dtype":"F16","shape":[5,7],"data_offsets":[0,70]},
             "dense1.bias":{"dtype":"BF16","shape":[5],"data_offsets":[70,80]}}
            """,
            [.. data]);
        Assert.Equal(Enumerable.Range(0, 35).Select(i => values[i % 7]), _network.Values(0));
        Assert.Equal([-2.5f, -1.5f, -0.5f, 0.5f, 1.5f], _network.Values(1));
    }

    [Fact]
    public void Order_metadata_and_PyTorchs_batch_counters_do_not_matter()
    {
        Load(
            """
            {"__metadata__":{"format":"pt"},
             "dense1.weight":{"dtype":"F32","shape":[5,7],"data_offsets":[28,168]},
             "bn1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[20,28]},
             "dense1.bias":{"dtype":"F32","shape":[5],"data_offsets":[0,20]}}
            """,
            new byte[168]);
        Assert.All(_network.Values(0), v => Assert.Equal(0, v));
    }

    public static TheoryData<string, int, string> Misfits => new()
    {
        { $"{{{Bias.Replace("[140,160]", "[0,20]")}}}", 20, "tensor 'dense1.weight': missing; expected F32 (5, 7), found dense1.bias." },
        {
            $"{{{Weight},{Bias},\"fc.x\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[160,164]}}}}",
            164,
            "tensor 'fc.x': Linear has no such parameter; it has dense1.weight, dense1.bias."
        },
        {
            $"{{{Weight},{Bias},\"num_batches_tracked\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[160,164]}}}}",
            164,
            "tensor 'num_batches_tracked': Linear has no such"
        },
        {
            $"{{{Weight.Replace("[5,7]", "[7,5]")},{Bias}}}",
            160,
            "tensor 'dense1.weight': expected F32, F16 or BF16 (5, 7), found F32 (7, 5)."
        },
        {
            $"{{{Weight.Replace("[5,7]", "[35]")},{Bias}}}",
            160,
            "tensor 'dense1.weight': expected F32, F16 or BF16 (5, 7), found F32 (35)."
        },
        {
            $"{{{Weight.Replace("F32", "I32")},{Bias}}}",
            160,
            "tensor 'dense1.weight': expected F32, F16 or BF16 (5, 7), found I32 (5, 7)."
        },
        { $"{{{Weight.Replace("F32", "F31")},{Bias}}}", 160, "tensor 'dense1.weight': the type 'F31' is not known." },
        { $"{{{Weight},{Weight}}}", 160, "tensor 'dense1.weight': occurs twice in the header." },
        {
            $"{{{Weight},{Bias.Replace("[140,160]", "[120,140]")}}}",
            140,
            "tensor 'dense1.bias': overlaps the tensor before it: it begins at byte 120 instead of 140."
        },
        {
            $"{{{Weight},{Bias.Replace("[140,160]", "[144,164]")}}}",
            164,
            "tensor 'dense1.bias': leaves a hole after the one before it: it begins at byte 144 instead of 140."
        },
        {
            $"{{{Weight},{Bias.Replace("[140,160]", "[140,156]")}}}",
            156,
            "tensor 'dense1.bias': F32 (5) does not take the bytes 140 to 156"
        },
        { $"{{{Weight},{Bias.Replace("[140,160]", "[160,140]")}}}", 160, "does not take the bytes 160 to 140" },
        { $"{{{Weight},{Bias.Replace("[5]", "[4294967296,4294967296,4294967296]")}}}", 160, "does not take the bytes" },
        { $"{{{Weight},{Bias.Replace("[5]", "[-5]")}}}", 160, "tensor 'dense1.bias': shape must hold whole numbers from 0 on." },
        { $"{{{Weight},{Bias.Replace("[5]", "[5.5]")}}}", 160, "tensor 'dense1.bias': shape must hold whole numbers from 0 on." },
        { $"{{{Weight},{Bias.Replace("[140,160]", "[140]")}}}", 160, "tensor 'dense1.bias': data_offsets must be two numbers." },
        { $"{{{Weight},{Bias.Replace("dtype", "dtipe")}}}", 160, "tensor 'dense1.bias': 'dtipe' is not known to this format." },
        { $"{{{Weight},{Bias.Replace("\"shape\":[5],", "")}}}", 160, "tensor 'dense1.bias': shape is missing." },
        { $"{{{Weight},{Bias}}}", 159, "the file is truncated: the header describes 160 bytes of data, and 159 are there." },
        { $"{{{Weight},{Bias}}}", 161, "the header describes 160 bytes of data, but more follow." },
        { $"{{{Weight},{Bias}", 160, "the header is not valid JSON" },
        { $"{{{Weight},{Bias}}} x", 160, "the header is not valid JSON" },
        { "[]", 0, "the header is not a JSON object." },
        { "", 0, "the header is not valid JSON" },
        { "{}", 0, "tensor 'dense1.weight': missing; expected F32 (5, 7), found no tensors." },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void What_does_not_fit_is_named_and_nothing_is_loaded(string header, int dataLength, string message)
    {
        float[] weight = _network.Values(0), bias = _network.Values(1);
        byte[] file = Build(header, new byte[dataLength]);
        string path = Path.Combine(_directory, "w.safetensors");
        File.WriteAllBytes(path, file);
        var e = Assert.Throws<WeightsFormatException>(() => _network.Load(path));
        Assert.Contains(message, e.Message);
        Assert.StartsWith(path + ": ", e.Message);
        Assert.Equal(path, e.File);

        // A stream that cannot tell its length is refused as well.
        Assert.Throws<WeightsFormatException>(() => _network.Load(new Trickle(file)));
        Assert.Equal(weight, _network.Values(0));
        Assert.Equal(bias, _network.Values(1));
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        using var stream = new MemoryStream();
        _network.Save(stream);
        byte[] file = stream.ToArray();
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory(0, length)));
            Assert.Throws<WeightsFormatException>(() => _network.Load(new Trickle(file[..length])));
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(99_999_999UL)]
    public void A_header_length_that_lies_costs_no_memory(ulong length)
    {
        byte[] file = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Mutated_files_are_loaded_or_refused_but_nothing_else_happens()
    {
        using var stream = new MemoryStream();
        _network.Save(stream);
        byte[] original = stream.ToArray();
        var random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 30_000; round++)
        {
            var file = new List<byte>(original);
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                // Mostly in the header; the data may hold any bits.
                int at = random.Next(random.Next(4) == 0 ? file.Count : Math.Min(file.Count, 160));
                switch (random.Next(4))
                {
                    case 0: file[at] = (byte)random.Next(256); break;
                    case 1: file[at] = (byte)"{}[]\",:0123456789eE.-\\ untrlsf"[random.Next(30)]; break;
                    case 2: file.RemoveRange(at, Math.Min(random.Next(1, 9), file.Count - at)); break;
                    default: file.InsertRange(at, file.GetRange(random.Next(file.Count), 0).Concat(new byte[random.Next(1, 4)])); break;
                }

                if (file.Count == 0)
                {
                    break;
                }
            }

            try
            {
                _network.Load(file.ToArray().AsMemory());
            }
            catch (WeightsFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 15_000, 30_000);
    }

    private void Load(string header, byte[] data) => _network.Load(Build(header, data).AsMemory());

    private static byte[] Build(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), file = new byte[8 + text.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        data.CopyTo(file, 8 + text.Length);
        return file;
    }

    /// <summary>A stream that gives a few bytes at a time and does not know its length.</summary>
    private sealed class Trickle(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7)]);
    }
}
