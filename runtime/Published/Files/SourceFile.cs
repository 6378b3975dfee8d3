using System;
using System.IO;

namespace Strata.Weights;

/// <summary>The bytes of a file or a stream, read at any place.</summary>
internal sealed class SourceFile : IDisposable
{
    private readonly Stream _stream;
    private readonly bool _isOwn;
    private readonly long _begin;

    private SourceFile(Stream stream, bool isOwn)
        : this(stream, isOwn, stream.Position, long.Max(stream.Length - stream.Position, 0))
    {
    }

    private SourceFile(Stream stream, bool isOwn, long begin, long length) =>
        (_stream, _isOwn, _begin, Length) = (stream, isOwn, begin, length);

    /// <summary>How many bytes there are.</summary>
    public long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SourceFile Open(string path)
    {
        FileStream stream = InputFile.Open(path, bufferSize: 0);
        return stream.CanSeek ? new SourceFile(stream, isOwn: true) : Copy(stream, isOwn: true);
    }

    /// <summary>The bytes of a stream from its position on. One that cannot seek is copied into a temporary file first.</summary>
    public static SourceFile Of(Stream stream) => stream.CanSeek ? new SourceFile(stream, isOwn: false) : Copy(stream, isOwn: false);

    /// <summary>Some of the bytes as a file of their own, which lives as long as this one, and need not be disposed of.</summary>
    /// <param name="region">The bytes, which must be there.</param>
    public SourceFile Part(FileRegion region) => new(_stream, isOwn: false, _begin + region.Begin, region.Length);

    /// <summary>Reads bytes, all of which must be there.</summary>
    /// <param name="position">The first byte.</param>
    /// <param name="bytes">Receives them.</param>
    public void Read(long position, Span<byte> bytes)
    {
        if (position < 0 || position > Length - bytes.Length)
        {
            throw new DamagedFileException(
                $"the file is truncated: {MessageText.Count(bytes.Length, "byte")} are expected at byte {position} of {Length}.");
        }

        _stream.Position = _begin + position;
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new DamagedFileException($"the file became shorter while it was read: it ends after byte {position}.");
        }
    }

    public void Dispose()
    {
        if (_isOwn)
        {
            _stream.Dispose();
        }
        else
        {
            // Whoever gave the stream expects that it was read.
            _stream.Position = _begin + Length;
        }
    }

    private static SourceFile Copy(Stream stream, bool isOwn)
    {
        var copy = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.DeleteOnClose,
        });
        try
        {
            stream.CopyTo(copy);
            if (isOwn)
            {
                stream.Dispose();
            }

            copy.Position = 0;
            return new SourceFile(copy, isOwn: true);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }
}
