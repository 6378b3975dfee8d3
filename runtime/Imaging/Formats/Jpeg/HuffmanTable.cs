using System;
using System.Runtime.CompilerServices;

namespace Strata.Imaging.Jpeg;

/// <summary>
/// A Huffman table. A lookup with the next 10 bits gives the symbol, and the coefficient too if its bits are among the 10.
/// </summary>
internal sealed unsafe class HuffmanTable
{
    public const int LookupBits = 10, MaxLength = 16;

    // What is read for a code that is not in the table: libjpeg-turbo takes 17 bits, and the symbol 0.
    private const int NoCodeLength = MaxLength + 1;

    private readonly byte[] _symbols;
    private readonly int[] _lastCodes = new int[MaxLength + 1];
    private readonly int[] _offsets = new int[MaxLength + 1];

    private HuffmanTable(byte[] symbols, int* lookup)
    {
        _symbols = symbols;
        Lookup = lookup;
    }

    /// <summary>
    /// One entry for each value of the next bits. 0: the code is longer. With a coefficient: coefficient · 2¹⁶ + zeros before it · 2⁸ + all
    /// its bits. Without: symbol · 2⁸ + bits of the code.
    /// </summary>
    public int* Lookup { get; }

    /// <summary>Makes the table.</summary>
    /// <param name="counts">How many codes there are of 1, 2, … 16 bits.</param>
    /// <param name="symbols">The symbols, shortest codes first.</param>
    /// <param name="isDc">Whether its symbols are lengths only.</param>
    /// <param name="joinsValues">Whether the lookup finds coefficients as well as symbols.</param>
    /// <param name="arena">Where the lookup is.</param>
    /// <exception cref="ImageFormatException">The counts are those of no code.</exception>
    public static HuffmanTable Create(ReadOnlySpan<byte> counts, byte[] symbols, bool isDc, bool joinsValues, Arena arena)
    {
        var table = new HuffmanTable(symbols, arena.Allocate<int>(1 << LookupBits));
        int code = 0, next = 0;
        for (int length = 1; length <= MaxLength; length++)
        {
            table._offsets[length] = next - code;
            int count = counts[length - 1];
            for (int i = 0; i < count && length <= LookupBits; i++)
            {
                table.Fill(code + i, length, symbols[next + i], joinsValues);
            }

            (next, code) = (next + count, code + count);
            table._lastCodes[length] = count > 0 ? code - 1 : -1;

            // No code has only ones.
            if (count > 0 && code >= 1 << length)
            {
                throw new ImageFormatException("the JPEG file is damaged: the lengths of a Huffman table do not form a code");
            }

            code <<= 1;
        }

        if (isDc && symbols.AsSpan(0, next).ContainsAnyExceptInRange((byte)0, (byte)15))
        {
            throw new ImageFormatException("the JPEG file is damaged: a Huffman table for DC coefficients has symbols above 15");
        }

        return table;
    }

    /// <summary>The symbol and the length of a code longer than the lookup.</summary>
    /// <param name="next">The next bits, from the highest one.</param>
    /// <returns>symbol · 2⁸ + bits.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int FindLong(ulong next)
    {
        int bits = (int)(next >> (64 - MaxLength));
        for (int length = LookupBits + 1; length <= MaxLength; length++)
        {
            int code = bits >> (MaxLength - length);
            if (code <= _lastCodes[length])
            {
                return (_symbols[(code + _offsets[length]) & byte.MaxValue] << 8) | length;
            }
        }

        return NoCodeLength;
    }

    private void Fill(int code, int length, byte symbol, bool joinsValues)
    {
        int rest = LookupBits - length, size = symbol & 15, zeros = symbol >> 4;
        for (int i = 0; i < 1 << rest && (code << rest) + i < 1 << LookupBits; i++)
        {
            int entry = (symbol << 8) | length;
            if (joinsValues && size > 0 && size <= rest)
            {
                int value = i >> (rest - size);
                value = value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
                entry = (value << 16) | (zeros << 8) | (length + size);
            }

            Lookup[(code << rest) + i] = entry;
        }
    }
}
