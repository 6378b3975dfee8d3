using System;
using System.IO;
using System.Runtime.CompilerServices;
using PureHDF;

namespace Strata.Weights;

/// <summary>
/// The file as PureHDF sees it. If it reads endlessly, or calls itself too deeply, the next read ends it: an exception, where an endless
/// loop or the end of the process would be.
/// </summary>
internal sealed class GuardedStream : Stream, IDatasetStream
{
    // A file of 5,000 layers takes a tenth.
    private const long MostReads = 20_000_000, MostBytes = 1_000_000_000;

    private readonly SourceFile _file;
    private long _position, _reads, _bytes;

    public GuardedStream(SourceFile file) => _file = file;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new DamagedFileException($"the HDF5 file is damaged: it leads to byte {value}.");
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override int Read(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _bytes += buffer.Length;
        if (++_reads > MostReads || _bytes > MostBytes)
        {
            throw new DamagedFileException("the HDF5 file is damaged: its parts lead to each other without end.");
        }

        return ReadNumbers(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads an array's numbers, which no one follows.</summary>
    public void ReadDataset(Span<byte> buffer) => ReadNumbers(buffer);

    private int ReadNumbers(Span<byte> buffer)
    {
        _file.Read(_position, buffer);
        _position += buffer.Length;
        return buffer.Length;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
