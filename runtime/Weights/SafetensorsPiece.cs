using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Strata;

/// <summary>A piece of a tensor in a file. It is read by one call.</summary>
/// <param name="Entry">The file's tensor.</param>
/// <param name="Target">The target of its elements.</param>
/// <param name="Start">Its first element.</param>
/// <param name="Length">The number of its elements.</param>
internal sealed record SafetensorsPiece(SafetensorsEntry Entry, ISafetensorsTensor Target, int Start, int Length)
{
    /// <summary>Its first byte, from the end of the header.</summary>
    public long Position => Entry.Begin + ((long)Start * ElementSize);

    /// <summary>Floats of the buffer in which it is read and converted.</summary>
    public int BufferLength => Length * int.Max(ElementSize / sizeof(float), 1);

    private int ElementSize => Entry.ElementSize ?? throw new InvalidOperationException();

    /// <summary>The part of the buffer that receives the file's bytes: its end, so that they can be converted in place.</summary>
    public Span<byte> BytesIn(Span<float> buffer) => MemoryMarshal.AsBytes(buffer)[^(ElementSize * Length)..];

    /// <summary>Converts the bytes in <see cref="BytesIn"/>, and gives them to the target.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="file">The file's name in messages.</param>
    /// <exception cref="WeightsFormatException">A double exceeds the range of floats.</exception>
    public void Take(Span<float> buffer, string file)
    {
        // Convert from the first element on, so that none is overwritten before it is read.
        ReadOnlySpan<byte> bytes = BytesIn(buffer);
        Span<float> values = buffer[..Length];
        switch (Entry.Type)
        {
            case "F32":
                if (!BitConverter.IsLittleEndian)
                {
                    Span<int> bits = MemoryMarshal.Cast<float, int>(values);
                    BinaryPrimitives.ReverseEndianness(bits, bits);
                }

                break;
            case "F16":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                }

                break;
            case "F64":
                for (int i = 0; i < values.Length; i++)
                {
                    double value = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                    values[i] = (float)value;
                    if (float.IsInfinity(values[i]) && double.IsFinite(value))
                    {
                        throw new WeightsFormatException(file, Entry.Name, string.Create(
                            CultureInfo.InvariantCulture, $"element {Start + i} is {value}, beyond the largest float, {float.MaxValue}."));
                    }
                }

                break;
            case "BF16":
                // A bfloat16 is the upper half of a float.
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) << 16);
                }

                break;
            case "I8":
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (sbyte)bytes[i];
                }

                break;
            default:
                throw new InvalidOperationException();
        }

        Target.Scatter(values, Start);
    }

    /// <summary>The exception for a file that ends within this piece.</summary>
    public WeightsFormatException Truncated(string file) => new(file, Entry.Name, "the file is truncated within this tensor.");
}
