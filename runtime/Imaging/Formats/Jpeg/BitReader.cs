using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Strata.Imaging.Jpeg;

/// <summary>
/// Reads bits of a segment whose stuffed bytes are removed, and zeros behind its end. Loops keep copies of the fields in registers.
/// </summary>
internal unsafe struct BitReader
{
    /// <summary>Zeros behind a segment: more than the blocks of one unit can use.</summary>
    public const int Padding = 4096;

    /// <summary>The bits that one symbol and its value have at most.</summary>
    public const int MostBits = 32;

    /// <summary>The next bits, from the highest one.</summary>
    public ulong Bits;

    /// <summary>How many of them there are.</summary>
    public int Count;

    /// <summary>The byte that comes into <see cref="Bits"/> next.</summary>
    public byte* Next;

    private readonly byte* _end;

    public BitReader(byte* begin, byte* end)
    {
        Next = begin;
        _end = end;
    }

    /// <summary>Whether bits behind the end were used.</summary>
    public readonly bool IsExhausted => (Next - _end) * 8 > Count;

    /// <summary>Makes at least 56 bits available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Refill(ref ulong bits, ref int count, ref byte* next)
    {
        ulong more = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(next));
        bits |= more >> count;
        int bytes = (63 - count) >> 3;
        next += bytes;
        count += bytes * 8;
    }

    /// <summary>The value of a coefficient from its bits, of which the first tells the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Extend(int value, int size) => value < 1 << (size - 1) ? value - (1 << size) + 1 : value;

    /// <summary>Reads a few bits, 1 to 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int size)
    {
        if (Count < MostBits)
        {
            Refill(ref Bits, ref Count, ref Next);
        }

        int value = (int)(Bits >> (64 - size));
        Bits <<= size;
        Count -= size;
        return value;
    }

    /// <summary>Reads the symbol of a code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadSymbol(HuffmanTable table, int* symbols)
    {
        if (Count < MostBits)
        {
            Refill(ref Bits, ref Count, ref Next);
        }

        int entry = symbols[Bits >> (64 - HuffmanTable.LookupBits)];
        entry = entry == 0 ? table.FindLong(Bits) : entry;
        int length = entry & byte.MaxValue;
        Bits <<= length;
        Count -= length;
        return entry >> 8;
    }
}
