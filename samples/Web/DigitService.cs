using System;
using System.IO;
using System.Security.Cryptography;
using System.Threading;

namespace Samples.Web;

/// <summary>The weights that read digits, and the reader that has them.</summary>
internal sealed class DigitService : IDisposable
{
    private readonly Lock _gate = new();
    private DigitReader? _reader;

    /// <summary>The weights; null while there are none.</summary>
    public Weights? Weights { get; private set; }

    /// <summary>Takes the weights of a file if it exists.</summary>
    public static DigitService Open(string path)
    {
        var service = new DigitService();
        if (File.Exists(path))
        {
            service.Replace(File.ReadAllBytes(path));
        }

        return service;
    }

    /// <summary>Reads a digit with the newest weights; null while there are none.</summary>
    /// <param name="pixels">28×28 bytes.</param>
    public ExplainedReading? Read(ReadOnlySpan<byte> pixels)
    {
        lock (_gate)
        {
            return _reader?.Explain(pixels);
        }
    }

    /// <summary>Reads with other weights from now on.</summary>
    /// <param name="file">A safetensors file. One that does not fit changes nothing.</param>
    /// <returns>The weights.</returns>
    public Weights Replace(byte[] file)
    {
        var weights = new Weights(file, Convert.ToHexStringLower(SHA256.HashData(file))[..16]);
        var reader = new DigitReader(file, weights.Id);
        lock (_gate)
        {
            _reader?.Dispose();
            (_reader, Weights) = (reader, weights);
        }

        return weights;
    }

    public void Dispose() => _reader?.Dispose();
}

/// <summary>Weights that read digits.</summary>
/// <param name="File">A safetensors file.</param>
/// <param name="Id">The beginning of its SHA-256, as text.</param>
internal sealed record Weights(byte[] File, string Id);
