using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text;
using Strata.Data;
using Strata.Pictures;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>A file of another format is refused. The message names the format, and says how to convert the file.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const string Weights = "not a safetensors file, but ";

    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;
    private readonly LinearNetwork _network = new(new NetworkOptions { Seed = 1 });

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    public static TheoryData<string, string> Formats => new()
    {
        { "torch", "a PyTorch file (.pth, .pt). The package Strata.Weights loads what torch.save wrote: net.LoadPyTorch(" },
        { "torch with a long name", "a ZIP archive. Unpack it; or is it PyTorch's? The package Strata.Weights loads what" },
        { "torch 1.5", "a PyTorch file (.pth, .pt). The package Strata.Weights loads what" },
        { "pickle", "a Python pickle. The package Strata.Weights loads what" },
        { "npz", "an archive of NumPy arrays (.npz). In Python: import numpy;" },
        { "npy", "a NumPy array (.npy). In Python: import numpy;" },
        { "keras", "a Keras archive (.keras). The package Strata.Weights.Keras loads what Keras saved: net.LoadKeras(" },
        { "hdf5", "an HDF5 file (.h5). The package Strata.Weights.Keras loads what Keras saved: net.LoadKeras(" },
        { "onnx", "an ONNX model. `strata import model.onnx` writes a class" },
        { "onnx without a producer", "an ONNX model. `strata import model.onnx` writes a class" },
        { "saved model", "a TensorFlow SavedModel (.pb). In Python: import keras;" },
        { "darknet", "a Darknet file (.weights). Load it in PyTorch" },
        { "torchscript", "a PyTorch file (.pth, .pt). The package Strata.Weights loads what" },
        { "gguf", "a GGUF file. Save the weights as safetensors in the program that made them" },
        { "tflite", "a TensorFlow Lite model. Save the weights as safetensors" },
        { "zip", "a ZIP archive. Unpack it" },
        { "empty zip", "a ZIP archive. Unpack it" },
        { "gzip", "a gzip file. Unpack it." },
        { "xz", "an xz file. Unpack it." },
        { "lfs", "a Git LFS pointer. It stands for the file, which `git lfs pull` fetches." },
        { "html", "a web page or XML. A server answered with it instead of the file: download the file again." },
        { "index", "JSON text. A file model.safetensors.index.json names the files that hold the weights: load those." },
        { "text", "text that begins with 'Entry not found'." },
        { "utf8", "text that begins with 'Zugriff verweigert – Straße'." },
        { "png", "a PNG file." },
        { "jpeg", "a JPEG file." },
        { "idx", "an IDX file." },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Weights_in_another_format_are_named_with_the_way_out(string kind, string message)
    {
        string path = Path.Combine(_directory, "model");
        File.WriteAllBytes(path, FileOf(kind));
        float[] before = _network.Values(0);
        foreach (Func<Exception> load in (Func<Exception>[])
        [
            () => Assert.Throws<WeightsFormatException>(() => _network.Load(path)),
            () => Assert.Throws<WeightsFormatException>(() => _network.Load(File.ReadAllBytes(path).AsMemory())),
            () => Assert.Throws<WeightsFormatException>(
                () => _network.Load(new OneByte(File.ReadAllBytes(path)), new WeightsLoadOptions { Strict = false })),
            () => Assert.Throws<WeightsFormatException>(() => new LinearNetwork(new NetworkOptions { Weights = path })),
        ])
        {
            string found = load().Message;
            Assert.StartsWith(Weights + message, found[(found.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
            Assert.DoesNotContain("characters)", found, StringComparison.Ordinal);
        }

        Assert.Equal(before, _network.Values(0));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Pictures_and_IDX_files_in_another_format_are_named(string kind, string message)
    {
        string path = Path.Combine(_directory, "file");
        File.WriteAllBytes(path, FileOf(kind));
        string name = message.Split(". ")[0].TrimEnd('.');
        if (kind != "png")
        {
            Assert.StartsWith($"{path}: {name}; only PNG files are read",
                Assert.Throws<InvalidDataException>(() => Picture.Load(path)).Message);
        }

        // What is packed with gzip is unpacked, and a Darknet file begins as an IDX file does.
        if (kind is not ("idx" or "gzip" or "darknet"))
        {
            Assert.Equal($"{path}: not an IDX file, but {name}.", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
        }
    }

    [Fact]
    public void Weights_where_pictures_or_IDX_files_are_expected_are_named()
    {
        string path = Path.Combine(_directory, "w.safetensors");
        _network.Save(path);
        Assert.StartsWith($"{path}: a safetensors file; only PNG", Assert.Throws<InvalidDataException>(() => Picture.Load(path)).Message);
        Assert.Equal($"{path}: not an IDX file, but a safetensors file.",
            Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
    }

    [Fact]
    public void An_empty_file_and_a_stream_at_its_end_are_told_apart()
    {
        string path = Path.Combine(_directory, "empty");
        File.WriteAllBytes(path, []);
        Assert.Equal($"{path}: the file is empty.", Assert.Throws<WeightsFormatException>(() => _network.Load(path)).Message);
        Assert.Equal("memory: the file is empty.",
            Assert.Throws<WeightsFormatException>(() => _network.Load(ReadOnlyMemory<byte>.Empty)).Message);
        using var stream = new MemoryStream([1, 2]) { Position = 2 };
        Assert.Equal("stream: the stream stands at its end.", Assert.Throws<WeightsFormatException>(() => _network.Load(stream)).Message);
        Assert.Equal($"{path}: the file is empty.", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
    }

    [Fact]
    public void A_directory_is_named()
    {
        Assert.Equal(
            $"{_directory}: the file cannot be read: it is a directory.",
            Assert.Throws<IOException>(() => _network.Load(_directory)).Message);
    }

    [Theory]
    [InlineData("/dev/zero", "not a safetensors file: it begins with 000000000000000000, where")]
    [InlineData("/dev/null", "the file is empty.")]
    [InlineData("/proc/self/status", "not a safetensors file, but text that begins with 'Name:")]
    public void What_does_not_know_its_length_is_no_shorter_than_nothing(string path, string message)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux has these files.");
        Assert.StartsWith($"{path}: {message}", Assert.Throws<WeightsFormatException>(() => _network.Load(path)).Message);
    }

    [Fact]
    public void Weights_come_from_a_stream_that_says_it_has_no_length()
    {
        using var saved = new MemoryStream();
        _network.Save(saved);
        using var target = new LinearNetwork(new NetworkOptions { Seed = 2 });
        target.Load(new Device(saved.ToArray()));
        Assert.Equal(_network.Values(0), target.Values(0));
        string message = Assert.Throws<WeightsFormatException>(() => target.Load(new Device(saved.ToArray()[..^1]))).Message;
        Assert.Equal("stream: tensor 'dense1.bias': the file is truncated within this tensor.", message);
    }

    public static TheoryData<string, string> Keys => new()
    {
        { "module.dense1.weight module.dense1.bias", "WeightsLoadOptions { Prefix = \"module.\" } all of them fit." },
        { "_orig_mod.dense1.weight _orig_mod.dense1.bias", "WeightsLoadOptions { Prefix = \"_orig_mod.\" } all of them fit." },
        { "module._orig_mod.dense1.weight module._orig_mod.dense1.bias",
            "WeightsLoadOptions { Prefix = \"module._orig_mod.\" } all of them fit." },
        { "a.dense1.weight a.dense1.bias a.x.num_batches_tracked", "WeightsLoadOptions { Prefix = \"a.\" } all of them fit." },
        {
            "module.dense1.weight module.dense1.bias n_averaged",
            "WeightsLoadOptions { Prefix = \"module.\" } all of these fit; Strict = false skips the file's other 1 tensor."
        },
        {
            "a.dense1.weight b.dense1.weight a.dense1.bias b.dense1.bias",
            "WeightsLoadOptions { Prefix = \"a.\" or Prefix = \"b.\" } all of these fit; Strict = false skips the file's other 2 tensors."
        },
        {
            "dense1._orig_mod.weight dense1._orig_mod.bias",
            "WeightsLoadOptions { Rename = name => name.Replace(\"_orig_mod.\", \"\") } all of them fit."
        },
        {
            "module.dense1._orig_mod.weight module.dense1._orig_mod.bias",
            "WeightsLoadOptions { Rename = name => name.Replace(\"_orig_mod.\", \"\").Replace(\"module.\", \"\") } all of them fit."
        },
        { "weight bias", "WeightsLoadOptions { Rename = name => \"dense1.\" + name } all of them fit." },

        // Here no option makes all of them fit, and none is named.
        { "module.dense1.weight", "" },
        { "module.dense1.weight other.dense1.bias", "" },
        { "module.dense1.weight module.dense1.bias:4", "" },
        { "module.dense1.weight dense1.bias", "WeightsLoadOptions { Rename = name => name.Replace(\"module.\", \"\") } all of them fit." },
        { "fc.weight fc.bias", "" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public void Options_that_make_all_keys_fit_are_named(string names, string advice)
    {
        byte[] file = Named(names);
        string message = Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory())).Message;
        const string Fixed = "Linear has no such parameter; it has dense1.weight, dense1.bias.";
        Assert.EndsWith(advice.Length == 0 ? Fixed : $"{Fixed} With {advice}", message);
    }

    [Fact]
    public void What_is_named_for_keys_is_right()
    {
        // As a reader of the messages would do it.
        Load("module._orig_mod.dense1.weight module._orig_mod.dense1.bias", new WeightsLoadOptions { Prefix = "module._orig_mod." });
        Load("module.dense1.weight module.dense1.bias n_averaged", new WeightsLoadOptions { Prefix = "module.", Strict = false });
        Load("a.dense1.weight b.dense1.weight a.dense1.bias b.dense1.bias", new WeightsLoadOptions { Prefix = "b.", Strict = false });
        Load("weight bias", new WeightsLoadOptions { Rename = name => "dense1." + name });
        Load("module.dense1._orig_mod.weight module.dense1._orig_mod.bias", new WeightsLoadOptions
        {
            Rename = name => name.Replace("_orig_mod.", "", StringComparison.Ordinal).Replace("module.", "", StringComparison.Ordinal),
        });
    }

    [Fact]
    public void A_wrong_prefix_is_corrected_and_a_function_of_the_users_is_not_asked_again()
    {
        byte[] file = Named("module.dense1.weight module.dense1.bias");
        string message = Assert.Throws<WeightsFormatException>(
            () => _network.Load(file.AsMemory(), new WeightsLoadOptions { Prefix = "model." })).Message;
        Assert.EndsWith("With WeightsLoadOptions { Prefix = \"module.\" } all of them fit.", message);

        file = Named("dense1.weight dense1.bias");
        message = Assert.Throws<WeightsFormatException>(
            () => _network.Load(file.AsMemory(), new WeightsLoadOptions { Prefix = "model." })).Message;
        Assert.EndsWith("With WeightsLoadOptions { Prefix = \"\" } all of them fit.", message);

        var asked = new List<string>();
        message = Assert.Throws<WeightsFormatException>(() => _network.Load(file.AsMemory(), new WeightsLoadOptions
        {
            Rename = name =>
            {
                asked.Add(name);
                return null;
            },
        })).Message;
        Assert.EndsWith("it has dense1.weight, dense1.bias.", message);
        Assert.Single(asked);
    }

    private void Load(string names, WeightsLoadOptions options) =>
        Assert.Equal(2, _network.Load(Named(names).AsMemory(), options).Loaded.Count);

    /// <summary>A file whose tensors have these names; a bias of another length has it behind a colon.</summary>
    private static byte[] Named(string names)
    {
        int end = 0;
        string header = "{" + string.Join(",", names.Split(' ').Select(name =>
        {
            string[] parts = name.Split(':');
            int[] shape = parts.Length > 1 ? [int.Parse(parts[1])] : name.EndsWith("weight") ? [5, 7] : name.EndsWith("bias") ? [5] : [];
            int begin = end;
            end += 4 * shape.Aggregate(1, (a, b) => a * b);
            return $"\"{parts[0]}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(",", shape)}],\"data_offsets\":[{begin},{end}]}}";
        })) + "}";
        return [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[end]];
    }

    /// <summary>Files as the formats' programs write them, or their beginning.</summary>
    private static byte[] FileOf(string kind)
    {
        byte[] zeros = new byte[100];
        return kind switch
        {
            "torch" => Zip("archive/data.pkl"),
            "torch with a long name" => Zip(new string('x', 150) + "/data.pkl"),
            "torch 1.5" => [.. Convert.FromHexString("80028A0A6CFC9C46F9206AA850192E8002"), .. zeros],
            "pickle" => [.. Convert.FromHexString("80049526000000"), .. zeros],
            "npz" => Zip("weight.npy"),
            "npy" => [.. Convert.FromHexString("934E554D505901007600"), .. "{'descr': '<f4', "u8, .. zeros],
            "keras" => Zip("metadata.json"),
            "hdf5" => [.. Convert.FromHexString("894844460D0A1A0A"), .. zeros],
            "onnx" => [.. Convert.FromHexString("08081207"), .. "pytorch"u8, .. zeros],
            "onnx without a producer" => [.. Convert.FromHexString("080A3AC806"), .. zeros],
            "saved model" => [.. Convert.FromHexString("080112B9020A3E12"), .. zeros],
            "darknet" => [0, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0, 0, 0xF4, 0x01, 0, 0, 0, 0, 0, .. zeros],
            "torchscript" => Zip("model/constants.pkl"),
            "gguf" => [.. "GGUF"u8, 3, 0, 0, 0, .. zeros],
            "tflite" => [0x1C, 0, 0, 0, .. "TFL3"u8, .. zeros],
            "zip" => Zip("weights/readme.txt"),
            "empty zip" => Zip(),
            "gzip" => Gzip(),
            "xz" => [0xFD, .. "7zXZ"u8, 0, .. zeros],
            "lfs" => [.. "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8],
            "html" => [.. "\n  <!DOCTYPE html>\n<html><head><title>404</title>"u8],
            "index" => [.. "{\n  \"metadata\": {\n    \"total_size\": 1 } }"u8],
            "text" => [.. "Entry not found"u8],
            "utf8" => Encoding.UTF8.GetBytes("\uFEFFZugriff verweigert – Straße\r\n" + new string('ß', 200)),
            "png" => [.. Convert.FromHexString("89504E470D0A1A0A0000000D49484452"), .. zeros],
            "jpeg" => [.. Convert.FromHexString("FFD8FFE000104A464946"), .. zeros],
            "idx" => [0, 0, 8, 3, 0, 0, 0xEA, 0x60, 0, 0, 0, 28, 0, 0, 0, 28, .. zeros],
            _ => throw new ArgumentException(kind, nameof(kind)),
        };
    }

    private static byte[] Zip(params string[] names)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in names)
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(new byte[1000]);
            }
        }

        return file.ToArray();
    }

    private static byte[] Gzip()
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("{}"u8);
        }

        return file.ToArray();
    }

    private sealed class OneByte(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);
    }

    /// <summary>Can seek, as a block device can, but says that it is empty.</summary>
    private sealed class Device(byte[] data) : MemoryStream(data)
    {
        public override long Length => 0;
    }
}
