using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Weights.Tests;

/// <summary>
/// Files whose makers mean harm, or that hold something else: a message, little time, little memory, and nothing is changed.
/// </summary>
public sealed class HostileFileTests(ITestOutputHelper log) : IDisposable
{
    private readonly Picture _net = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _net.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("theano.h5", "it was written with the backend theano, whose kernels have another order")]
    [InlineData("compressed.h5", "is compressed in the HDF5 file")]
    [InlineData("newer.h5", "it has version 3 of HDF5's layout. Keras writes version 0")]
    [InlineData("other.h5", "not a Keras file, but an HDF5 file of something else; it has data")]
    [InlineData("packed.keras", "'model.weights.h5' is compressed in the archive. Keras stores it as it is")]
    [InlineData("link.h5", "'/soft' is a link. Keras writes none")]
    public void What_Keras_does_not_write_is_named(string file, string message) =>
        Assert.Contains(message, Refusal(KerasGolden.Files[file]));

    [Fact]
    public void Other_formats_are_named()
    {
        Assert.Equal("stream: the file is empty.", Refusal([]));
        Assert.Contains("not a Keras file: it begins with 0102", Refusal([1, 2]));
        Assert.Contains("not a Keras file, but a Python pickle", Refusal([0x80, 2, (byte)'}', (byte)'.']));
        Assert.Contains("a PyTorch file (.pth, .pt). LoadPyTorch reads it", Refusal([.. Zip("archive/data.pkl"), .. new byte[99]]));
        Assert.Contains("a ZIP archive without model.weights.h5; it has config.json", Refusal(Zip("config.json")));
        using var saved = new MemoryStream();
        _net.Save(saved);
        Assert.Contains("a safetensors file. The network's Load reads it", Refusal(saved.ToArray()));
    }

    [Fact]
    public void TensorFlow_checkpoints_and_saved_models_are_named_with_the_way_out()
    {
        byte[] table = [.. new byte[40], 0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB];
        _folder.Write("model.ckpt.index", table);
        _folder.Write("old.ckpt", table);
        _folder.Write("model.ckpt.data-00000-of-00001", new byte[100]);
        _folder.Write("checkpoint", Encoding.ASCII.GetBytes("model_checkpoint_path: \"model.ckpt\""));
        Directory.CreateDirectory(_folder["saved"]);
        _folder.Write("saved/saved_model.pb", Convert.FromHexString("080112B9020A3E12"));
        foreach ((string name, string message) in new[]
        {
            ("model.ckpt.index", "a part of a TensorFlow checkpoint"), ("model.ckpt", "a part of a TensorFlow checkpoint"),
            ("old.ckpt", "a part of a TensorFlow checkpoint"), ("model.ckpt.data-00000-of-00001", "a part of a TensorFlow checkpoint"),
            ("checkpoint", "a part of a TensorFlow checkpoint"), ("saved", "the folder of a TensorFlow SavedModel"),
            ("saved/saved_model.pb", "a TensorFlow SavedModel (.pb)"),
        })
        {
            string found = Assert.Throws<WeightsFormatException>(() => _net.LoadKeras(_folder[name])).Message;
            Assert.StartsWith($"{_folder[name]}: not a Keras file, but {message}. It is not read. In Keras: model.save_weights(", found);
            Assert.Contains("python -m tf2onnx.convert --saved-model FOLDER", found);
        }

        Assert.Throws<FileNotFoundException>(() => _net.LoadKeras(_folder["nothing.h5"]));
        Assert.Throws<IOException>(() => _net.LoadKeras(Path.GetDirectoryName(_folder["x"])!));
    }

    [Theory]
    [InlineData("picture-2.h5")]
    [InlineData("picture.weights.h5")]
    [InlineData("picture.keras")]
    public void A_file_that_is_cut_off_anywhere_is_refused(string name)
    {
        byte[] file = KerasGolden.Files[name];
        for (int length = 0; length < file.Length; length += 7)
        {
            Refusal(file[..length]);
        }
    }

    /// <summary>PureHDF allocates what an attribute asks for before it looks whether the file has it.</summary>
    [Fact]
    public void An_attribute_that_asks_for_gigabytes_is_refused_before_memory_is_allocated()
    {
        byte[] file = [.. KerasGolden.Files["picture-2.h5"]];

        // The extents of the list of names: version 1, one axis, 9 names, and the same as the most.
        int place = file.AsSpan().IndexOf((byte[])[.. "layer_names\0"u8]);
        int extents = place + file.AsSpan(place).IndexOf((byte[])[1, 1, 1, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0]) + 8;
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(extents), 100_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("more bytes are expected", Refusal(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void A_group_within_itself_is_refused()
    {
        byte[] file = [.. KerasGolden.Files["picture.weights.h5"]];
        long root = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(64));

        // Each entry of a table has the header's address behind the name's place. The first child of the root becomes the root.
        int table = file.AsSpan().IndexOf("SNOD"u8);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(table + 16), root);
        Assert.Contains("twice, or within itself", Refusal(file));
    }

    [Fact]
    public void MaxHeaderLength_limits_names_shapes_and_the_configuration()
    {
        Assert.Contains("take more than 1000 bytes, which WeightsLoadOptions.MaxHeaderLength allows",
            Refusal(KerasGolden.Files["picture-2.h5"], new WeightsLoadOptions { MaxHeaderLength = 1_000 }));
        Assert.Contains("config.json has ", Refusal(KerasGolden.Files["picture.keras"], new WeightsLoadOptions { MaxHeaderLength = 400 }));
    }

    [Fact]
    public void A_configuration_that_is_no_JSON_is_refused()
    {
        byte[] file = [.. KerasGolden.Files["picture.keras"]];
        int place = file.AsSpan().IndexOf("{\"class_name\""u8);
        file[place] = (byte)'[';
        Assert.Contains("the model's configuration is damaged", Refusal(file));
    }

    [Fact]
    public void Damaged_files_are_read_or_refused_in_little_time_and_memory()
    {
        WeightsFuzz.Report report = WeightsFuzz.Run(KerasGolden.OfKeras.Select(file => file.Value), 1, 1_000, Load);
        log.WriteLine($"{report.Read} read, {report.Refused} refused; {report.Slowest.TotalMilliseconds:F0} ms; {report.MostBytes} bytes");
        Assert.True(report.Failures.Count == 0, string.Join('\n', report.Failures));
        Assert.InRange(report.Read, 50, 950);
    }

    /// <summary>A slice of <c>dotnet run --project tests/Soak -- weights</c>.</summary>
    [Fact]
    public void Damaged_files_are_converted_or_refused()
    {
        WeightsFuzz.Report report = KerasFuzz.Run(2, 1_000);
        log.WriteLine($"{report.Read} read, {report.Refused} refused; {report.Slowest.TotalMilliseconds:F0} ms; {report.MostBytes} bytes");
        Assert.True(report.Failures.Count == 0, string.Join('\n', report.Failures));
        Assert.InRange(report.Read, 10, 990);
    }

    private void Load(Stream file)
    {
        float[] before = Values();
        try
        {
            _net.LoadKeras(file, new WeightsLoadOptions { Strict = false, SkipMismatched = true });
        }
        catch (WeightsFormatException)
        {
            Assert.Equal(before, Values());
            throw;
        }
    }

    /// <summary>The message about a file, which leaves the network as it was.</summary>
    private string Refusal(byte[] file, WeightsLoadOptions? options = null)
    {
        float[] before = Values();
        string message = Assert.Throws<WeightsFormatException>(() => _net.LoadKeras(new MemoryStream(file), options)).Message;
        Assert.Equal(before, Values());
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private float[] Values() => [.. _net.Parameters.SelectMany(KerasGolden.Values)];

    private static byte[] Zip(string name)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
            entry.Write("{}"u8);
        }

        return file.ToArray();
    }
}
