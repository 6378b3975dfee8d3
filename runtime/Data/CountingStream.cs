using System;
using System.IO;

namespace Strata.Data;

/// <summary>
/// A stream that counts what is read of it, and gives its first bytes twice where one looks at them first. The one below stays open.
/// </summary>
/// <param name="stream">Where the bytes come from.</param>
internal sealed class CountingStream(Stream stream) : Stream
{
    private byte[] _seen = [];

    /// <summary>Bytes that were read of the stream.</summary>
    public long Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The next bytes, which will be read all the same; fewer where there are no more.</summary>
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

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
