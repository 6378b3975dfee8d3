using System;
using System.IO;

namespace Strata.Data;

/// <summary>
/// A stream that counts the bytes that are read, and lets the reader peek at the first ones. It does not close the stream below it.
/// </summary>
/// <param name="stream">Where the bytes come from.</param>
internal sealed class CountingStream(Stream stream) : ForwardStream
{
    private byte[] _seen = [];

    /// <summary>Bytes read from the stream below.</summary>
    public long Count { get; private set; }

    /// <summary>Returns the next bytes without consuming them. There are fewer at the end of the stream.</summary>
    public ReadOnlySpan<byte> Peek(int length)
    {
        byte[] seen = new byte[length];
        _seen = seen[..ReadAtLeast(seen, length, throwOnEndOfStream: false)];
        return _seen;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_seen.Length > 0)
        {
            int taken = int.Min(buffer.Length, _seen.Length);
            _seen.AsSpan(0, taken).CopyTo(buffer);
            _seen = _seen[taken..];
            return taken;
        }

        int read = stream.Read(buffer);
        Count += read;
        return read;
    }
}
