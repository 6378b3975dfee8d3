using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>Values that stand in files beside the model. A model cannot name files outside of its folder.</summary>
/// <param name="folder">Where the model is; null if it came from a stream.</param>
/// <param name="budget">What may be computed while reading.</param>
internal sealed class ExternalData(string? folder, Budget budget)
{
    /// <summary>Tensors may share bytes, but not so that a small file becomes many large ones.</summary>
    private const long FreeBytes = 50_000_000, BytesPerByte = 4;

    /// <summary>The lengths of the files that were found.</summary>
    private readonly Dictionary<string, long> _lengths = [];
    private long _room = FreeBytes;

    /// <summary>The files that were found.</summary>
    public IReadOnlyCollection<string> Files => _lengths.Keys;

    /// <summary>Checks that the bytes are there, without reading them.</summary>
    public void Check(TensorProto tensor, long bytes)
    {
        Find(tensor, bytes);
        _room -= bytes;
        if (_room < 0)
        {
            throw new ReadingException("tensors share external data, and together are too large for them");
        }
    }

    public byte[] Read(TensorProto tensor, long bytes)
    {
        try
        {
            (string path, long offset) = Find(tensor, bytes);
            using FileStream stream = File.OpenRead(path);
            stream.Position = offset;
            byte[] content = new byte[bytes];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ReadingException)
        {
            // The file has changed since the model was read.
            throw new OnnxFormatException($"The weights in '{Entry(tensor, "location")}' cannot be read: {exception.Message}", exception);
        }
    }

    private (string Path, long Offset) Find(TensorProto tensor, long bytes)
    {
        string location = Entry(tensor, "location");
        string path = PathOf(location);
        long offset = Number(tensor, "offset", 0), length = Number(tensor, "length", bytes);
        if (length != bytes)
        {
            throw new ReadingException(
                $"a tensor of the shape {Shapes.Text(tensor.Dims)} needs {bytes:N0} bytes and has {length:N0} in '{location}'");
        }

        if (!_lengths.TryGetValue(path, out long there))
        {
            there = _lengths[path] = Length(path)
                ?? throw new ReadingException($"the file '{location}', which has the weights, is missing; it must stand beside the model");
            budget.AddFile(there);
            _room += BytesPerByte * there;
        }

        if (offset > there - bytes)
        {
            throw new ReadingException($"the file '{location}' has {there:N0} bytes; a tensor needs {bytes:N0} from byte {offset:N0} on"
                + " (is it truncated, or a Git LFS pointer?)");
        }

        return (path, offset);
    }

    private static long? Length(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? null : file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target.Length : file.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string PathOf(string location)
    {
        if (folder is null)
        {
            throw new ReadingException($"weights stand in the file '{location}', and a stream has no folder for it");
        }

        string[] parts = location.Split('/', '\\');
        if (location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location) || parts.Contains("..")
            || location.Contains(':'))
        {
            throw new ReadingException($"weights stand in the file '{location}', which does not lie in the model's folder");
        }

        return Path.Combine([folder, .. parts]);
    }

    private static string Entry(TensorProto tensor, string key) =>
        tensor.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value ?? "";

    private static long Number(TensorProto tensor, string key, long without)
    {
        string text = Entry(tensor, key);
        if (text.Length == 0)
        {
            return without;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new ReadingException($"the {key} of external data is '{text}'");
    }
}
