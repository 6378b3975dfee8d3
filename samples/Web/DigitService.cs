using System;
using System.IO;
using System.Threading;

namespace Samples.Web;

/// <summary>The weights that read digits, and the reader that has them.</summary>
internal sealed class DigitService : IDisposable
{
    private readonly Lock _gate = new();
    private DigitReader? _reader;

    /// <summary>A safetensors file; empty while there are no weights.</summary>
    public ReadOnlyMemory<byte> Weights { get; private set; }

    /// <summary>The number of these weights: 0 for none.</summary>
    public int Version { get; private set; }

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
    public Reading? Read(ReadOnlySpan<byte> pixels)
    {
        lock (_gate)
        {
            return _reader?.Read(pixels);
        }
    }

    /// <summary>Reads with other weights from now on.</summary>
    /// <param name="weights">A safetensors file. One that does not fit changes nothing.</param>
    public void Replace(byte[] weights)
    {
        lock (_gate)
        {
            var reader = new DigitReader(weights, Version + 1);
            _reader?.Dispose();
            (_reader, Weights, Version) = (reader, weights, Version + 1);
        }
    }

    public void Dispose() => _reader?.Dispose();
}
