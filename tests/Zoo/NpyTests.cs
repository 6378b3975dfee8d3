using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Text;
using Xunit;
using Zoo;

namespace Strata.Zoo.Tests;

public sealed class NpyTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(3, 4, 5)]
    [InlineData(7)]
    [InlineData]
    public void What_is_written_is_read(params int[] shape)
    {
        float[] values = new float[ZooNetwork.Length(shape)];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        NpyFile.Write(_file, shape, values);
        NpyArray read = NpyFile.Read(_file);
        Assert.Equal(shape, read.Shape);
        Assert.Equal(Array.ConvertAll(values, BitConverter.SingleToInt32Bits), Array.ConvertAll(read.Values, BitConverter.SingleToInt32Bits));
        Assert.Equal(0, (File.ReadAllBytes(_file).Length - (4 * values.Length)) % 64);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Doubles_and_all_versions_are_read(byte version)
    {
        byte[] data = new byte[16];
        BinaryPrimitives.WriteDoubleLittleEndian(data, 1.5);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8), -0.1);
        File.WriteAllBytes(_file, Bytes(version, "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }\n", data));
        Assert.Equal([1.5f, -0.1f], NpyFile.Read(_file).Values);
    }

    [Theory]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", 8, "elements of type '<i8'")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4, "elements of type '>f4'")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", 4, "Fortran order")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4, "needs 8 bytes, but 4 follow")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 9, "needs 8 bytes, but more follow")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", 4, "an extent of '99999999999'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647), }", 4, "too many")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536, 65536, 65536, 65536, 65536), }", 4, "too many")]
    [InlineData("{'shape': (2,)}", 8, "a header that is not of a plain array")]
    [InlineData("{'descr': '\u001b[2J', 'fortran_order': False, 'shape': (1,), }", 4, "elements of type '\\u001B[2J'")]
    public void Other_arrays_are_refused(string header, int bytes, string message)
    {
        File.WriteAllBytes(_file, Bytes(1, header, new byte[bytes]));
        string text = Assert.Throws<InvalidDataException>(() => NpyFile.Read(_file)).Message;
        Assert.StartsWith(_file, text, StringComparison.Ordinal);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_is_long_or_claims_to_be_costs_little()
    {
        byte[] file = Bytes(2, "{", []);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), uint.MaxValue);
        File.WriteAllBytes(_file, file);
        Assert.Equal($"{_file}: a header of 4294967295 bytes; at most 65536 are read", Assert.Throws<InvalidDataException>(() => NpyFile.Read(_file)).Message);

        string text = "{'descr': '" + new string('x', 60_000) + "'";
        file = Bytes(2, text, []);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), text.Length);
        File.WriteAllBytes(_file, file);
        Assert.InRange(Assert.Throws<InvalidDataException>(() => NpyFile.Read(_file)).Message.Length, 50, 400);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void An_array_may_come_out_of_a_pipe(int length)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        float[] values = new float[length];
        Array.Fill(values, 1.5f);
        NpyFile.Write(_file, [length], values);
        string pipe = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using (Process mkfifo = Process.Start("mkfifo", [pipe]))
        {
            mkfifo.WaitForExit();
        }

        try
        {
            // Each end waits for the other to be opened.
            using Process writer = Process.Start("sh", ["-c", "cat \"$0\" > \"$1\"", _file, pipe]);
            Assert.Equal(values, NpyFile.Read(pipe).Values);
            writer.WaitForExit();
        }
        finally
        {
            File.Delete(pipe);
        }
    }

    [Fact]
    public void Every_prefix_of_a_file_is_refused()
    {
        byte[] file = Bytes(2, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", new byte[8]);
        for (int length = 0; length < file.Length; length++)
        {
            File.WriteAllBytes(_file, file[..length]);
            Assert.Throws<InvalidDataException>(() => NpyFile.Read(_file));
        }
    }

    private static byte[] Bytes(byte version, string header, byte[] data)
    {
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8.ToArray(), version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }
}
