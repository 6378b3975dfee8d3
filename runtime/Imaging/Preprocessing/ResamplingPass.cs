using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata.Imaging;

/// <summary>
/// Resizes pixels along rows, then along columns, and turns them into floats. Any rows of the result can be computed by themselves, so that
/// threads take some each.
/// </summary>
internal sealed unsafe class ResamplingPass(
    byte* source, byte* sourceEnd, int stride, PixelFormat format, ResamplingWeights horizontal, ResamplingWeights vertical,
    float[][] levels, float* destination, int rowLength, int plane)
{
    // Four bytes for a pixel of the intermediate rows: red, green, blue, and nothing.
    private const int PixelBytes = 4, RowsAtOnce = 4, ColumnBytes = 16, ReadAhead = 32;

    private readonly int _size = PixelBuffer.SizeOf(format);

    /// <summary>Whether the processor's vectors are used; tests compare both ways.</summary>
    internal static bool UsesVectors { get; set; } = Avx2.IsSupported;

    /// <summary>Computes rows of the result.</summary>
    public void Run(int from, int to)
    {
        int first = vertical.First[from], count = vertical.End[to - 1] - first;
        int rowBytes = ((horizontal.Count * PixelBytes) + ColumnBytes - 1) / ColumnBytes * ColumnBytes;
        byte[] rows = ArrayPool<byte>.Shared.Rent(count * rowBytes);
        byte[] lines = ArrayPool<byte>.Shared.Rent(rowBytes);
        int longest = (horizontal.End[^1] * _size) + ReadAhead;
        byte[] copies = ArrayPool<byte>.Shared.Rent(RowsAtOnce * longest);
        try
        {
            fixed (byte* row = rows, line = lines, copy = copies)
            {
                for (int y = 0; y < count; y += RowsAtOnce)
                {
                    ResizeRows(first + y, int.Min(RowsAtOnce, count - y), row + (y * rowBytes), rowBytes, copy, longest);
                }

                for (int y = from; y < to; y++)
                {
                    ResizeColumns(row + ((vertical.First[y] - first) * rowBytes), y, rowBytes, line);
                    Write(line, destination + (y * rowLength));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rows);
            ArrayPool<byte>.Shared.Return(lines);
            ArrayPool<byte>.Shared.Return(copies);
        }
    }

    /// <summary>Resizes up to four rows of the source.</summary>
    private void ResizeRows(int y, int count, byte* target, int rowBytes, byte* copies, int longest)
    {
        byte** row = stackalloc byte*[RowsAtOnce];
        for (int i = 0; i < RowsAtOnce; i++)
        {
            byte* at = source + ((long)(y + int.Min(i, count - 1)) * stride);
            row[i] = at;
            if (UsesVectors && sourceEnd - at < longest)
            {
                // Vectors read some bytes behind a window, which do not exist behind the last row.
                row[i] = copies + (i * longest);
                Buffer.MemoryCopy(at, row[i], longest, horizontal.End[^1] * _size);
            }
        }

        if (UsesVectors)
        {
            byte* spare = stackalloc byte[PixelBytes];
            for (int x = 0; x < horizontal.Count; x++)
            {
                byte* pixel = target + (x * PixelBytes);
                ResizePixels(
                    x, row, pixel, count > 1 ? pixel + rowBytes : spare, count > 2 ? pixel + (2 * rowBytes) : spare,
                    count > 3 ? pixel + (3 * rowBytes) : spare);
            }

            return;
        }

        (int red, int green, int blue) = PixelBuffer.Channels(format);
        for (int i = 0; i < count; i++)
        {
            for (int x = 0; x < horizontal.Count; x++)
            {
                byte* pixel = target + (i * rowBytes) + (x * PixelBytes);
                byte* from = row[i] + (horizontal.First[x] * _size);
                pixel[0] = Weigh(from + red, _size, horizontal, x);
                pixel[1] = Weigh(from + green, _size, horizontal, x);
                pixel[2] = Weigh(from + blue, _size, horizontal, x);
                pixel[3] = 0;
            }
        }
    }

    /// <summary>One new pixel of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResizePixels(int x, byte** row, byte* target0, byte* target1, byte* target2, byte* target3)
    {
        Vector256<byte> order = Order();
        Vector256<int> spread = Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1);
        Vector256<int> high0 = default, high1 = default, high2 = default, high3 = default;
        Vector256<int> low0 = default, low1 = default, low2 = default, low3 = default;
        int first = horizontal.First[x] * _size, step = 4 * _size, pairs = horizontal.Taps / 2;
        int window = horizontal.End[x] - horizontal.First[x];
        ref int high = ref horizontal.High[x * pairs];
        ref int low = ref horizontal.Low[x * pairs];
        byte* p0 = row[0] + first, p1 = row[1] + first, p2 = row[2] + first, p3 = row[3] + first;
        for (int k = 0; 2 * k < window; k += 2)
        {
            var h = Spread(ref Unsafe.Add(ref high, k), spread);
            var l = Spread(ref Unsafe.Add(ref low, k), spread);
            Vector256<short> v = Pixels(p0, order);
            high0 += Avx2.MultiplyAddAdjacent(v, h);
            low0 += Avx2.MultiplyAddAdjacent(v, l);
            v = Pixels(p1, order);
            high1 += Avx2.MultiplyAddAdjacent(v, h);
            low1 += Avx2.MultiplyAddAdjacent(v, l);
            v = Pixels(p2, order);
            high2 += Avx2.MultiplyAddAdjacent(v, h);
            low2 += Avx2.MultiplyAddAdjacent(v, l);
            v = Pixels(p3, order);
            high3 += Avx2.MultiplyAddAdjacent(v, h);
            low3 += Avx2.MultiplyAddAdjacent(v, l);
            p0 += step;
            p1 += step;
            p2 += step;
            p3 += step;
        }

        *(int*)target0 = Pixel(high0, low0);
        *(int*)target1 = Pixel(high1, low1);
        *(int*)target2 = Pixel(high2, low2);
        *(int*)target3 = Pixel(high3, low3);
    }

    /// <summary>
    /// Where the bytes of four pixels go: as 16 bits, red of two pixels, green of both, blue of both, nothing; then the others.
    /// </summary>
    private Vector256<byte> Order()
    {
        (int red, int green, int blue) = PixelBuffer.Channels(format);
        byte* order = stackalloc byte[32];
        new Span<byte>(order, 32).Fill(0x80);
        for (int pixel = 0; pixel < 4; pixel++)
        {
            byte* at = order + (16 * (pixel / 2)) + (2 * (pixel % 2));
            (at[0], at[4], at[8]) = ((byte)((pixel * _size) + red), (byte)((pixel * _size) + green), (byte)((pixel * _size) + blue));
        }

        return Vector256.Load(order);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pixels(byte* at, Vector256<byte> order) =>
        Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(at), order).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Spread(ref int weights, Vector256<int> order) =>
        Avx2.PermuteVar8x32(Vector256.CreateScalarUnsafe(Unsafe.As<int, long>(ref weights)).AsInt32(), order).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pixel(Vector256<int> high, Vector256<int> low)
    {
        Vector256<int> both = (high << ResamplingWeights.LowBits) + low;
        Vector128<int> sum = both.GetLower() + both.GetUpper() + Vector128.Create(1 << (ResamplingWeights.Bits - 1));
        Vector128<short> words = Sse2.PackSignedSaturate(sum >> ResamplingWeights.Bits, Vector128<int>.Zero);
        return Sse2.PackUnsignedSaturate(words, words).AsInt32().ToScalar();
    }

    /// <summary>One row of the result, of intermediate rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ResizeColumns(byte* rows, int y, int rowBytes, byte* target)
    {
        if (!UsesVectors)
        {
            for (int i = 0; i < horizontal.Count * PixelBytes; i++)
            {
                target[i] = Weigh(rows + i, rowBytes, vertical, y);
            }

            return;
        }

        int pairs = vertical.Taps / 2, window = vertical.End[y] - vertical.First[y];
        ref int high = ref vertical.High[y * pairs];
        ref int low = ref vertical.Low[y * pairs];
        var half = Vector256.Create(1 << (ResamplingWeights.Bits - 1));
        for (int i = 0; i < rowBytes; i += ColumnBytes)
        {
            Vector256<int> highA = default, highB = default, lowA = half, lowB = half;
            for (int k = 0; k < window; k += 2)
            {
                Vector128<byte> even = Vector128.Load(rows + (k * rowBytes) + i);
                Vector128<byte> odd = k + 1 < window ? Vector128.Load(rows + ((k + 1) * rowBytes) + i) : even;
                Vector256<short> a = Avx2.ConvertToVector256Int16(Sse2.UnpackLow(even, odd));
                Vector256<short> b = Avx2.ConvertToVector256Int16(Sse2.UnpackHigh(even, odd));
                Vector256<short> h = Vector256.Create(Unsafe.Add(ref high, k / 2)).AsInt16();
                Vector256<short> l = Vector256.Create(Unsafe.Add(ref low, k / 2)).AsInt16();
                highA += Avx2.MultiplyAddAdjacent(a, h);
                lowA += Avx2.MultiplyAddAdjacent(a, l);
                highB += Avx2.MultiplyAddAdjacent(b, h);
                lowB += Avx2.MultiplyAddAdjacent(b, l);
            }

            Vector256<int> sumA = ((highA << ResamplingWeights.LowBits) + lowA) >> ResamplingWeights.Bits;
            Vector256<int> sumB = ((highB << ResamplingWeights.LowBits) + lowB) >> ResamplingWeights.Bits;
            Vector128<short> wordsA = Sse2.PackSignedSaturate(sumA.GetLower(), sumA.GetUpper());
            Vector128<short> wordsB = Sse2.PackSignedSaturate(sumB.GetLower(), sumB.GetUpper());
            Sse2.PackUnsignedSaturate(wordsA, wordsB).Store(target + i);
        }
    }

    /// <summary>One channel of a new pixel, of values that are some bytes apart.</summary>
    private static byte Weigh(byte* values, int step, ResamplingWeights weights, int pixel)
    {
        int sum = 1 << (ResamplingWeights.Bits - 1), pairs = weights.Taps / 2, window = weights.End[pixel] - weights.First[pixel];
        for (int k = 0; k < window; k++)
        {
            int at = (pixel * pairs) + (k / 2), shift = 16 * (1 - (k & 1));
            int weight = ((weights.High[at] << shift >> 16) << ResamplingWeights.LowBits) + (weights.Low[at] << shift >> 16);
            sum += weight * values[k * step];
        }

        return (byte)int.Clamp(sum >> ResamplingWeights.Bits, 0, byte.MaxValue);
    }

    private void Write(byte* line, float* target)
    {
        ref float red = ref MemoryMarshal.GetArrayDataReference(levels[0]);
        if (levels.Length == 1)
        {
            for (int x = 0; x < horizontal.Count; x++, line += PixelBytes)
            {
                target[x] = Unsafe.Add(ref red, line[0]);
            }

            return;
        }

        ref float green = ref MemoryMarshal.GetArrayDataReference(levels[1]);
        ref float blue = ref MemoryMarshal.GetArrayDataReference(levels[2]);
        for (int x = 0; x < horizontal.Count; x++, line += PixelBytes)
        {
            target[x] = Unsafe.Add(ref red, line[0]);
            target[x + plane] = Unsafe.Add(ref green, line[1]);
            target[x + (2 * plane)] = Unsafe.Add(ref blue, line[2]);
        }
    }
}
