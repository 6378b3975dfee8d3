using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Strata.Training;

/// <summary>
/// A new file of records in TensorFlow's TFRecord format: the length of a record (8 bytes), the length's checksum (4), the record, and its
/// checksum (4). All numbers are little-endian. Only one thread at a time may use it.
/// </summary>
/// <remarks>
/// Records are collected and written together. The file ends with a whole record, unless the disk is full or the power fails. Readers
/// ignore an incomplete record at the end.
/// </remarks>
internal sealed class EventFile : IDisposable
{
    private static int _files;

    private readonly SafeFileHandle _handle;
    private readonly ArrayBufferWriter<byte> _pending = new();

    // The length of the file. After a write that failed half-way, the next attempt starts here again.
    private long _length;

    /// <summary>Creates a file with a name that TensorBoard looks for.</summary>
    /// <exception cref="IOException">The file, or its directory, cannot be created.</exception>
    public EventFile(string directory, DateTimeOffset now)
    {
        string machine = string.Join('-', Environment.MachineName.Split(System.IO.Path.GetInvalidFileNameChars()));
        try
        {
            Directory.CreateDirectory(directory);
            do
            {
                int number = Interlocked.Increment(ref _files) - 1;
                Path = System.IO.Path.Combine(directory, string.Create(
                    CultureInfo.InvariantCulture,
                    $"events.out.tfevents.{now.ToUnixTimeSeconds():D10}.{machine}.{Environment.ProcessId}.{number}"));
            }
            while (File.Exists(Path));
            _handle = File.OpenHandle(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{directory}: no event file can be created there: {e.Message}", e);
        }
    }

    public string Path { get; }

    /// <summary>The number of bytes that are not in the file yet.</summary>
    public int Pending => _pending.WrittenCount;

    /// <summary>CRC-32C (Castagnoli; RFC 3720, appendix B.4).</summary>
    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte value in data)
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return ~sum;
    }

    /// <summary>Adds a record. The next <see cref="Flush"/> writes it to the file.</summary>
    public void Append(ReadOnlySpan<byte> record)
    {
        const int Header = sizeof(ulong) + sizeof(uint);
        Span<byte> framed = _pending.GetSpan(Header + record.Length + sizeof(uint));
        BinaryPrimitives.WriteInt64LittleEndian(framed, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(framed[sizeof(ulong)..], MaskedChecksum(framed[..sizeof(ulong)]));
        record.CopyTo(framed[Header..]);
        BinaryPrimitives.WriteUInt32LittleEndian(framed[(Header + record.Length)..], MaskedChecksum(record));
        _pending.Advance(Header + record.Length + sizeof(uint));
    }

    /// <summary>Hands all records to the operating system.</summary>
    /// <exception cref="IOException">They cannot be written; the next call tries again.</exception>
    public void Flush()
    {
        try
        {
            RandomAccess.Write(_handle, _pending.WrittenSpan, _length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{Path}: the file cannot be written: {e.Message}", e);
        }

        _length += _pending.WrittenCount;
        _pending.ResetWrittenCount();
    }

    /// <summary>Writes what is pending, and closes the file.</summary>
    public void Dispose()
    {
        using (_handle)
        {
            Flush();
        }
    }

    /// <summary>
    /// The checksum as TFRecord stores it: rotated by 15 bits, plus a constant. A CRC of data that contain a CRC would be weak.
    /// </summary>
    private static uint MaskedChecksum(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Checksum(data), 15) + 0xA282EAD8;
}
