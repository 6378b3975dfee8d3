using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Strata.Imaging.Jpeg;

/// <summary>Decodes the coefficients of one block: the four kinds of a progressive scan, and that of all others.</summary>
internal static unsafe class BlockDecoder
{
    private const int LookupShift = 64 - HuffmanTable.LookupBits, LengthMask = byte.MaxValue, ZerosMask = byte.MaxValue;

    // A run of 16 zeros has this symbol; other symbols with the size 0 end the block.
    private const int SixteenZeros = 15;

    private static byte* Natural => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(Zigzag.Natural));

    /// <summary>Decodes a block of a baseline or extended sequential file.</summary>
    /// <returns>Whether there may be other coefficients than the first one.</returns>
    public static bool DecodeAll(ref BitReader reader, HuffmanTable dc, HuffmanTable ac, ref int prediction, short* block)
    {
        prediction += DecodeDifference(ref reader, dc);
        block[0] = (short)prediction;
        ulong bits = reader.Bits;
        int count = reader.Count;
        byte* next = reader.Next, natural = Natural;
        int* lookup = ac.Lookup;
        int k = 1;
        do
        {
            if (count < BitReader.MostBits)
            {
                BitReader.Refill(ref bits, ref count, ref next);
            }

            int entry = lookup[bits >> LookupShift], value = entry >> 16;
            if (value != 0)
            {
                k += (entry >> 8) & ZerosMask;
                bits <<= entry;
                count -= entry & LengthMask;
                block[natural[k++]] = (short)value;
                continue;
            }

            entry = entry == 0 ? ac.FindLong(bits) : entry;
            bits <<= entry;
            count -= entry & LengthMask;
            int size = (entry >> 8) & 15, zeros = entry >> 12;
            k += zeros;
            if (size != 0)
            {
                value = BitReader.Extend((int)(bits >> (64 - size)), size);
                bits <<= size;
                count -= size;
                block[natural[k]] = (short)value;
            }
            else if (zeros != SixteenZeros)
            {
                k -= zeros;
                break;
            }

            k++;
        }
        while (k < Zigzag.BlockLength);

        (reader.Bits, reader.Count) = (bits, count);
        reader.Next = next;
        return k > 1;
    }

    /// <summary>Decodes the high bits of a DC coefficient.</summary>
    public static void DecodeDc(ref BitReader reader, HuffmanTable table, ref int prediction, short* block, int low)
    {
        prediction += DecodeDifference(ref reader, table);
        block[0] = (short)(prediction << low);
    }

    /// <summary>Decodes the next lower bit of a DC coefficient.</summary>
    public static void RefineDc(ref BitReader reader, short* block, int low)
    {
        if (reader.Read(1) != 0)
        {
            block[0] |= (short)(1 << low);
        }
    }

    /// <summary>Decodes the high bits of a band of AC coefficients.</summary>
    /// <returns>The end-of-band run: this block and those after it that have no more coefficients in this scan.</returns>
    public static int DecodeAc(ref BitReader reader, HuffmanTable table, short* block, Scan scan)
    {
        ulong bits = reader.Bits;
        int count = reader.Count;
        byte* next = reader.Next, natural = Natural;
        int* lookup = table.Lookup;
        int low = scan.Low, last = scan.Last, run = 0;
        for (int k = scan.First; k <= last; k++)
        {
            if (count < BitReader.MostBits)
            {
                BitReader.Refill(ref bits, ref count, ref next);
            }

            int entry = lookup[bits >> LookupShift], value = entry >> 16;
            if (value != 0)
            {
                k += (entry >> 8) & ZerosMask;
                bits <<= entry;
                count -= entry & LengthMask;
                block[natural[k]] = (short)(value << low);
                continue;
            }

            entry = entry == 0 ? table.FindLong(bits) : entry;
            bits <<= entry;
            count -= entry & LengthMask;
            int size = (entry >> 8) & 15, zeros = entry >> 12;
            if (size != 0)
            {
                k += zeros;
                value = BitReader.Extend((int)(bits >> (64 - size)), size);
                bits <<= size;
                count -= size;
                block[natural[k]] = (short)(value << low);
            }
            else if (zeros == SixteenZeros)
            {
                k += SixteenZeros;
            }
            else
            {
                run = 1 << zeros;
                if (zeros > 0)
                {
                    run += (int)(bits >> (64 - zeros));
                    bits <<= zeros;
                    count -= zeros;
                }

                break;
            }
        }

        (reader.Bits, reader.Count) = (bits, count);
        reader.Next = next;
        return run;
    }

    /// <summary>Decodes the next lower bit of a band of AC coefficients.</summary>
    /// <param name="reader">The data.</param>
    /// <param name="table">The codes, without joined values.</param>
    /// <param name="block">The block.</param>
    /// <param name="scan">The scan.</param>
    /// <param name="run">The end-of-band run that this block is in; 0 for none.</param>
    /// <returns>The end-of-band run with this block; 0 for none.</returns>
    public static int RefineAc(ref BitReader reader, HuffmanTable table, short* block, Scan scan, int run)
    {
        int k = scan.First, last = scan.Last, plus = 1 << scan.Low, minus = -1 << scan.Low;
        if (run > 0 && IsZero(block))
        {
            return run;
        }

        byte* natural = Natural;
        int* lookup = table.Lookup;
        BitReader bits = reader;
        for (; run == 0 && k <= last; k++)
        {
            int symbol = bits.ReadSymbol(table, lookup), zeros = symbol >> 4, value = 0;
            if ((symbol & 15) != 0)
            {
                value = bits.Read(1) != 0 ? plus : minus;
            }
            else if (zeros != SixteenZeros)
            {
                run = (1 << zeros) + (zeros > 0 ? bits.Read(zeros) : 0);
                break;
            }

            // Coefficients that were known get their bits; the new one stands behind the zeros.
            do
            {
                short* coefficient = block + natural[k];
                if (*coefficient != 0)
                {
                    Refine(ref bits, coefficient, plus, minus);
                }
                else if (--zeros < 0)
                {
                    break;
                }

                k++;
            }
            while (k <= last);

            if (value != 0)
            {
                block[natural[k]] = (short)value;
            }
        }

        for (; run > 0 && k <= last; k++)
        {
            if (block[natural[k]] != 0)
            {
                Refine(ref bits, block + natural[k], plus, minus);
            }
        }

        reader = bits;
        return run;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int DecodeDifference(ref BitReader reader, HuffmanTable table)
    {
        if (reader.Count < BitReader.MostBits)
        {
            BitReader.Refill(ref reader.Bits, ref reader.Count, ref reader.Next);
        }

        int entry = table.Lookup[reader.Bits >> LookupShift], value = entry >> 16;
        entry = entry == 0 ? table.FindLong(reader.Bits) : entry;
        reader.Bits <<= entry;
        reader.Count -= entry & LengthMask;
        int size = entry >> 8;
        return value != 0 ? value : size != 0 ? BitReader.Extend(reader.Read(size), size) : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refine(ref BitReader bits, short* coefficient, int plus, int minus)
    {
        if (bits.Read(1) != 0 && (*coefficient & plus) == 0)
        {
            *coefficient += (short)(*coefficient >= 0 ? plus : minus);
        }
    }

    /// <summary>Whether all coefficients but the first are zeros.</summary>
    private static bool IsZero(short* block)
    {
        Vector256<short> all = Vector256.Load(block).WithElement(0, (short)0);
        all |= Vector256.Load(block + 16) | Vector256.Load(block + 32) | Vector256.Load(block + 48);
        return all == Vector256<short>.Zero;
    }
}
