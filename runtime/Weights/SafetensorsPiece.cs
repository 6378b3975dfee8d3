using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Strata;

/// <summary>Elements of a file's tensor that are read at a time.</summary>
/// <param name="Entry">The file's tensor.</param>
/// <param name="Target">Where they go.</param>
/// <param name="Start">The first of them.</param>
/// <param name="Length">Their number.</param>
internal sealed record SafetensorsPiece(SafetensorsEntry Entry, ISafetensorsTensor Target, int Start, int Length)
{
    /// <summary>Their first byte, from the end of the header.</summary>
    public long Position => Entry.Begin + ((long)Start * Entry.ElementSize);

    /// <summary>Where the file's bytes are read to: the end of the floats that they become, so that they can be converted there.</summary>
    public Span<byte> BytesIn(Span<float> values) => MemoryMarshal.AsBytes(values)[((sizeof(float) - Entry.ElementSize) * values.Length)..];

    /// <summary>Converts what was read into <see cref="BytesIn"/>, and gives it to the target.</summary>
    public void Take(Span<float> values)
    {
        Span<byte> bytes = BytesIn(values);
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
                // From the first one on: none is overwritten before it is read.
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]);
                }

                break;
            default:
                // BF16 is the upper half of a float.
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) << 16);
                }

                break;
        }

        Target.Scatter(values, Start);
    }

    /// <summary>The file ends before they do.</summary>
    public WeightsFormatException Truncated(string file) => new(file, Entry.Name, "the file is truncated within this tensor.");
}
