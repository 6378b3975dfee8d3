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

    private const string Doubles = """
        {"dense1.weight":{"dtype":"F64","shape":[5,7],"data_offsets":[0,280]},
         "dense1.bias":{"dtype":"F64","shape":[5],"data_offsets":[280,320]}}
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Doubles_are_rounded_to_floats(bool isFile)
    {
        double[] values =
        [
            1, -2.5, 0.1, 1 + Math.ScaleB(1, -24), 1 + (3 * Math.ScaleB(1, -24)), 1e-50, -1e-42, double.Epsilon,
            3.4028235677973362e38, double.NaN,
            double.PositiveInfinity, double.NegativeInfinity, Math.PI,
        ];
        double[] all = [.. Enumerable.Range(0, 40).Select(i => values[i % values.Length])];
        byte[] file = Build(Doubles, MemoryMarshal.AsBytes(all.AsSpan()).ToArray());
        if (isFile)
        {
            string path = Path.Combine(_directory, "w.safetensors");
            File.WriteAllBytes(path, file);
            _network.Load(path);
        }
        else
        {
            _network.Load(new Trickle(file));
        }

        Assert.Equal(all[..35].Select(v => (float)v), _network.Values(0));
        Assert.Equal(all[35..].Select(v => (float)v), _network.Values(1));
    }

    [Fact]
    public void A_double_beyond_all_floats_is_refused_and_nothing_is_loaded()
    {
        float[] weight = _network.Values(0), bias = _network.Values(1);
        double[] values = new double[40];

        // Half a step above the largest float is what rounds to infinity first.
        values[37] = -(float.MaxValue + Math.ScaleB(1, 103));
        byte[] file = Build(Doubles, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        string path = Path.Combine(_directory, "w.safetensors");
        File.WriteAllBytes(path, file);
        foreach (Action load in (Action[])
            [() => _network.Load(path), () => _network.Load(file.AsMemory()), () => _network.Load(new Trickle(file))])
        {
            var e = Assert.Throws<WeightsFormatException>(load);
            Assert.EndsWith(
                ": tensor 'dense1.bias': element 2 is -3.4028235677973366E+38, beyond the largest float, 3.4028235E+38.", e.Message);
            Assert.Equal("dense1.bias", e.Tensor);
            Assert.Equal(weight, _network.Values(0));
            Assert.Equal(bias, _network.Values(1));
        }

        Assert.Throws<WeightsFormatException>(() => new LinearNetwork(new NetworkOptions { Weights = path }));
    }

    [Theory]
    [InlineData("I64", 8)]
    [InlineData("I32", 4)]
    [InlineData("F64", 8)]
    [InlineData("F32", 4)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("F8_E4M3FNUZ", 1)]
    public void Order_metadata_and_what_PyTorch_counts_do_not_matter(string type, int size)
    {
        // A state_dict whose tensors were all cast has its counters and indices cast, too.
        Load(
            $$$"""
            {"__metadata__":{"format":"pt"},
             "dense1.weight":{"dtype":"F32","shape":[5,7],"data_offsets":[{{{20 + size}}},{{{160 + size}}}]},
             "bn1.num_batches_tracked":{"dtype":"{{{type}}}","shape":[],"data_offsets":[20,{{{20 + size}}}]},
             "attn.relative_position_index":{"dtype":"{{{type}}}","shape":[],"data_offsets":[{{{160 + size}}},{{{160 + (2 * size)}}}]},
             "dense1.bias":{"dtype":"F32","shape":[5],"data_offsets":[0,20]}}
            """,
            new byte[160 + (2 * size)]);
        Assert.All(_network.Values(0), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData("F8_E8M0", 5)]
    [InlineData("F8_E4M3FNUZ", 5)]
    [InlineData("C64", 40)]
    [InlineData("F4", 3)]
    [InlineData("F6_E2M3", 4)]
    [InlineData("of_tomorrow", 0)]
    public void The_type_of_a_tensor_that_is_not_needed_does_not_matter(string type, int size)
    {
        string extra = $"{{{Weight},{Bias},\"extra\":{{\"dtype\":\"{type}\",\"shape\":[5],\"data_offsets\":[160,{160 + size}]}}}}";
        byte[] file = Build(extra, new byte[160 + size]);
        WeightsLoadReport report = _network.Load(file.AsMemory(), new WeightsLoadOptions { Strict = false });
        Assert.Equal(["extra"], report.Unexpected);
        Assert.All(_network.Values(0), v => Assert.Equal(0, v));

        // Otherwise it is one key too many, like any other.
        var e = Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory()));
        Assert.StartsWith("memory: tensor 'extra': Linear has no such parameter", e.Message);

        // Its place in the file is checked all the same.
        file = Build(extra.Replace("[160,", "[159,"), new byte[160 + size]);
        Assert.Contains(
            "overlaps",
            Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory(), new WeightsLoadOptions { Strict = false })).Message);
    }

    [Fact]
    public void What_a_header_says_besides_does_not_matter()
    {
        // As in the reference implementation, which skips what it does not know.
        string bias = Bias.Replace("{", """{"checksum":{"crc":[1,{"a":2}]},"scale":0.5,""", StringComparison.Ordinal);
        Load($"{{{Weight},{bias}}}", new byte[160]);
        Assert.All(_network.Values(1), v => Assert.Equal(0, v));
    }

    public static TheoryData<string, int, string> Mismatches => new()
    {
        { $"{{{Bias.Replace("[140,160]", "[0,20]")}}}", 20, "tensor 'dense1.weight': missing; expected F32 (5, 7), found dense1.bias." },
        {
            $"{{{Weight},{Bias},\"fc.x\":{{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[160,164]}}}}",
            164,
            "tensor 'fc.x': Linear has no such parameter; it has dense1.weight, dense1.bias."
        },
        {
            $"{{{Weight},{Bias},\"my_num_batches_tracked\":{{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[160,168]}}}}",
            168,
            "tensor 'my_num_batches_tracked': Linear has no such"
        },
        {
            $"{{{Weight.Replace("[5,7]", "[7,5]")},{Bias}}}",
            160,
            "tensor 'dense1.weight': expected F32, F64, F16 or BF16 (5, 7), found F32 (7, 5)."
        },
        {
            $"{{{Weight.Replace("[5,7]", "[35]")},{Bias}}}",
            160,
            "tensor 'dense1.weight': expected F32, F64, F16 or BF16 (5, 7), found F32 (35)."
        },
        {
            $"{{{Weight.Replace("F32", "I32")},{Bias}}}",
            160,
            "tensor 'dense1.weight': expected F32, F64, F16 or BF16 (5, 7), found I32 (5, 7)."
        },
        { $"{{{Weight.Replace("F32", "F31")},{Bias}}}", 160,
            "tensor 'dense1.weight': expected F32, F64, F16 or BF16 (5, 7), found F31 (5, 7)." },
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
        { $"{{{Weight},{Bias.Replace("dtype", "dtipe")}}}", 160, "tensor 'dense1.bias': dtype is missing." },
        { $"{{{Weight},{Bias.Replace("\"shape\":[5],", "")}}}", 160, "tensor 'dense1.bias': shape is missing." },
        { $"{{{Weight},{Bias}}}", 159, "the file is truncated: the header describes 160 bytes of data, and 159 are there." },
        { $"{{{Weight},{Bias}}}", 161, "the header describes 160 bytes of data, but more follow." },
        { $"{{{Weight},{Bias}", 160, "the header is not valid JSON" },
        { $"{{{Weight},{Bias}}} x", 160, "the header is not valid JSON" },
        { $"{{{Weight},{Bias}}}".Insert(1, "\"__metadata__\":"), 160, "the header is not valid JSON" },
        { "[]", 0, "not a safetensors file: it begins with 02000000000000005B, where 8 bytes are the header's length and { follows." },
        { $" {{{Weight},{Bias}}}", 160, "not a safetensors file: it begins with" },
        { "", 0, "not a safetensors file: it has 8 bytes, and the header's length alone takes 8." },
        { "{}", 0, "tensor 'dense1.weight': missing; expected F32 (5, 7), found no tensors." },
    };

    [Theory]
    [MemberData(nameof(Mismatches))]
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

    [Fact]
    public void A_read_that_fails_on_its_way_leaves_the_parameters_unchanged()
    {
        using var other = new LinearNetwork(new NetworkOptions { Seed = 2 });
        using var saved = new MemoryStream();
        other.Save(saved);
        float[] weight = _network.Values(0), bias = _network.Values(1);
        using var broken = new Broken(saved.ToArray(), (int)saved.Length - 8);
        Assert.Throws<IOException>(() => _network.Load(broken));
        Assert.Equal(weight, _network.Values(0));
        Assert.Equal(bias, _network.Values(1));

        // A network that is being made has nothing to lose.
        broken.Position = 0;
        Assert.Throws<IOException>(() => new LinearNetwork(new NetworkOptions { WeightsStream = broken }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Tensors_of_several_pieces_arrive_from_a_file_a_stream_and_memory(int threads)
    {
        // More than a piece; less than one; none; a group that is longer than a piece, and one that is too long.
        Recorder[] tensors = [new("a", 700_001, 1000), new("b", 5, 5), new("c", 0, 1), new("d", 500_000, 100_000),
            new("e", 600_000, 600_000), new("f", 9, 1)];
        foreach (string type in (string[])["F32", "F16", "BF16", "F64"])
        {
            byte[] file = FileOf(type, tensors);
            string path = Path.Combine(_directory, "pieces.safetensors");
            File.WriteAllBytes(path, file);
            using FileStream stream = File.OpenRead(path), derived = new Derived(path);
            foreach (Stream source in (Stream[])[stream, derived, new MemoryStream(file), new Trickle(file, most: 70_001)])
            {
                Recorder[] targets = [.. tensors.Select(tensor => tensor with { Values = new float[tensor.Length] })];
                ISafetensorsTensor?[] wanted = [.. targets];
                wanted[1] = wanted[5] = null;
                SafetensorsReader.Read(source, "f", SafetensorsHeader.Read(source, "f"), wanted, threads);
                Assert.Equal(-1, source.ReadByte());
                for (int i = 0; i < targets.Length; i++)
                {
                    Assert.Equal(wanted[i] is null ? new float[targets[i].Length] : targets[i].Expected, targets[i].Values);
                }
            }

            Assert.Equal(file.Length, stream.Position);
        }
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_refused()
    {
        Recorder[] tensors = [new("a", 300_000, 1000)];
        byte[] file = FileOf("F32", tensors);
        string path = Path.Combine(_directory, "changing.safetensors");
        foreach ((int length, string message) in ((int, string)[])
            [(file.Length - 1000, "f: tensor 'a': the file is truncated within this tensor."),
                (file.Length + 1, "f: the header describes 1200000 bytes of data, but more follow.")])
        {
            File.WriteAllBytes(path, file);
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite),
                writer = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            SafetensorsHeader header = SafetensorsHeader.Read(stream, "f");
            writer.SetLength(length);
            Assert.Equal(message,
                Assert.Throws<WeightsFormatException>(() => SafetensorsReader.Read(stream, "f", header, tensors, threads: 2)).Message);
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

    /// <summary>A file of tensors in one type, each with the values that its recorder expects.</summary>
    private static byte[] FileOf(string type, Recorder[] tensors)
    {
        int size = type switch { "F64" => 8, "F32" => 4, _ => 2 }, end = 0;
        string header = "{" + string.Join(",", tensors.Select(tensor =>
            $"\"{tensor.Name}\":{{\"dtype\":\"{type}\",\"shape\":[{tensor.Length}],"
            + $"\"data_offsets\":[{end},{end += size * tensor.Length}]}}")) + "}";
        byte[] data = new byte[end];
        int at = 0;
        foreach (float value in tensors.SelectMany(tensor => tensor.Expected))
        {
            switch (type)
            {
                case "F64": BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(at), value); break;
                case "F32": BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(at), value); break;
                case "F16": BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(at), (Half)value); break;
                default:
                    BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(at),
                    (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)); break;
            }

            at += size;
        }

        return Build(header, data);
    }

    /// <summary>A stream that gives a few bytes at a time and does not know its length.</summary>
    private sealed class Trickle(byte[] data, int most = 7) : MemoryStream(data)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }

    /// <summary>A stream that knows its length, and breaks at some byte.</summary>
    private sealed class Broken(byte[] data, int at) : MemoryStream(data)
    {
        public override int Read(Span<byte> buffer) =>
            Position + buffer.Length <= at ? base.Read(buffer) : throw new IOException("as asked");
    }

    /// <summary>A file that must be asked by its own methods.</summary>
    private sealed class Derived(string path) : FileStream(path, FileMode.Open, FileAccess.Read);

    /// <summary>Takes down what it is given, in pieces of whole groups but for the last, where a group is not too long.</summary>
    private sealed record Recorder(string Name, int Length, int Group) : ISafetensorsTensor
    {
        public float[] Values { get; init; } = new float[Length];

        /// <summary>Numbers that all types have.</summary>
        public float[] Expected => [.. Enumerable.Range(0, Length).Select(i => (float)(((i * 7) + Name[0]) % 251))];

        public IReadOnlyList<int> Shape => [Length];

        public void Gather(int start, Span<float> destination) => throw new NotSupportedException();

        public void Scatter(ReadOnlySpan<float> source, int start)
        {
            Assert.True(Group > 500_000 || (start % Group == 0 && (source.Length % Group == 0 || start + source.Length == Length)));
            source.CopyTo(Values.AsSpan(start));
        }
    }
}
