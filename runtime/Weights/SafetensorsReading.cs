using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strata;

/// <summary>Reads pieces of a file on several threads.</summary>
internal sealed class SafetensorsReading : ParallelJob
{
    private readonly SafeFileHandle _handle;
    private readonly string _file;
    private readonly SafetensorsPiece[] _pieces;
    private AlignedMemory[] _buffers = [];

    /// <param name="stream">The file, at the first byte after the header.</param>
    /// <param name="file">The file's name in messages.</param>
    /// <param name="pieces">The pieces, in any order.</param>
    public SafetensorsReading(FileStream stream, string file, SafetensorsPiece[] pieces) =>
        (Begin, _handle, _file, _pieces) = (stream.Position, stream.SafeFileHandle, file, pieces);

    /// <summary>The first byte after the header.</summary>
    public long Begin { get; }

    /// <summary>Reads all pieces.</summary>
    /// <param name="threads">The most threads, including the caller's.</param>
    /// <param name="longest">Floats of the longest piece's buffer.</param>
    public void Read(int threads, int longest)
    {
        try
        {
            AlignedMemory.Ensure(ref _buffers, threads, longest);
            RunAll(_pieces.Length, threads);
        }
        finally
        {
            AlignedMemory.DisposeAll(_buffers);
        }
    }

    protected override void Run(int piece, int participant)
    {
        SafetensorsPiece own = _pieces[piece];
        Span<float> buffer = MemoryMarshal.CreateSpan(ref _buffers[participant].Reference, own.BufferLength);
        Span<byte> rest = own.BytesIn(buffer);
        for (long position = Begin + own.Position; !rest.IsEmpty;)
        {
            int count = RandomAccess.Read(_handle, rest, position);
            if (count == 0)
            {
                throw own.Truncated(_file);
            }

            rest = rest[count..];
            position += count;
        }

        own.Take(buffer, _file);
    }
}
