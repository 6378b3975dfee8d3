using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata.CompilerServices;

/// <summary>Moves samples into the lanes of vectors and back. In a block, element i of sample s is at [i · lanes + s].</summary>
/// <remarks>
/// Four elements of all samples are transposed at a time, as 4×4 squares inside the 128-bit parts of the vectors. Samples s, s + 4, s + 8,
/// … are side by side in one vector, so that eight shuffles suffice for any width. If the count is not a multiple of 4, the last square
/// overlaps the one before it.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class SampleLanes
{
    private const int Square = 4;

    private static bool Transposes512 => Avx512F.IsSupported;

    private static bool Transposes256 => Avx.IsSupported;

    private static bool Transposes128 => true;

    /// <summary>
    /// destination[i · 16 + s] = source[s · sampleStride + i] for i &lt; count; lanes from <paramref name="samples"/> on are 0.
    /// </summary>
    /// <param name="source">The first sample; exactly <paramref name="count"/> floats of each sample are read.</param>
    /// <param name="sampleStride">Distance of the samples in floats.</param>
    /// <param name="samples">Number of samples, 1 to 16.</param>
    /// <param name="count">Floats of each sample.</param>
    /// <param name="destination">count · 16 floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack16(ref readonly float source, int sampleStride, int samples, int count, ref float destination) =>
        Pack512(in source, sampleStride, samples, count, ref destination);

    /// <summary>As <see cref="Pack16"/>, for 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack8(ref readonly float source, int sampleStride, int samples, int count, ref float destination) =>
        Pack256(in source, sampleStride, samples, count, ref destination);

    /// <summary>As <see cref="Pack16"/>, for 4 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack4(ref readonly float source, int sampleStride, int samples, int count, ref float destination) =>
        Pack128(in source, sampleStride, samples, count, ref destination);

    /// <summary>destination[s · sampleStride + i] = source[i · 16 + s] for i &lt; count, s &lt; samples.</summary>
    /// <param name="source">count · 16 floats.</param>
    /// <param name="count">Floats of each sample.</param>
    /// <param name="samples">Number of samples, 1 to 16.</param>
    /// <param name="destination">The first sample; exactly <paramref name="count"/> floats of each sample are written.</param>
    /// <param name="sampleStride">Distance of the samples in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack16(ref readonly float source, int count, int samples, ref float destination, int sampleStride) =>
        Unpack512(in source, count, samples, ref destination, sampleStride);

    /// <summary>As <see cref="Unpack16"/>, for 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack8(ref readonly float source, int count, int samples, ref float destination, int sampleStride) =>
        Unpack256(in source, count, samples, ref destination, sampleStride);

    /// <summary>As <see cref="Unpack16"/>, for 4 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack4(ref readonly float source, int count, int samples, ref float destination, int sampleStride) =>
        Unpack128(in source, count, samples, ref destination, sampleStride);

    // The general form, four samples at a time. Samples may be missing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackGroups(
        ref readonly float source, int sampleStride, int samples, int count, ref float destination, int lanes)
    {
        for (int first = 0; first < lanes; first += Square)
        {
            int present = int.Clamp(samples - first, 0, Square);
            ref float group = ref present > 0
                ? ref Unsafe.Add(ref Unsafe.AsRef(in source), (nint)first * sampleStride)
                : ref Unsafe.AsRef(in source);
            PackGroup(ref group, sampleStride, present, count, ref Unsafe.Add(ref destination, first), lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackGroup(ref float source, nint stride, int samples, int count, ref float destination, nint lanes)
    {
        // A missing sample reads the group's last one and is masked out.
        nint offset1 = samples > 1 ? stride : 0;
        nint offset2 = samples > 2 ? 2 * stride : offset1;
        nint offset3 = samples > 3 ? 3 * stride : offset2;
        Vector128<float> mask = Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(samples)).AsSingle();
        for (int i = 0; count >= Square; i += Square)
        {
            i = int.Min(i, count - Square);
            ref float row = ref Unsafe.Add(ref source, i);
            Vector128<float> row0 = Vector128.LoadUnsafe(ref row);
            Vector128<float> row1 = Vector128.LoadUnsafe(ref Unsafe.Add(ref row, offset1));
            Vector128<float> row2 = Vector128.LoadUnsafe(ref Unsafe.Add(ref row, offset2));
            Vector128<float> row3 = Vector128.LoadUnsafe(ref Unsafe.Add(ref row, offset3));
            Transpose(ref row0, ref row1, ref row2, ref row3);
            ref float column = ref Unsafe.Add(ref destination, i * lanes);
            (row0 & mask).StoreUnsafe(ref column);
            (row1 & mask).StoreUnsafe(ref Unsafe.Add(ref column, lanes));
            (row2 & mask).StoreUnsafe(ref Unsafe.Add(ref column, 2 * lanes));
            (row3 & mask).StoreUnsafe(ref Unsafe.Add(ref column, 3 * lanes));
            if (i == count - Square)
            {
                return;
            }
        }

        for (int i = 0; i < count; i++)
        {
            ref float row = ref Unsafe.Add(ref source, i);
            Vector128<float> column = Vector128.Create(
                row, Unsafe.Add(ref row, offset1), Unsafe.Add(ref row, offset2), Unsafe.Add(ref row, offset3));
            (column & mask).StoreUnsafe(ref Unsafe.Add(ref destination, i * lanes));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackGroups(
        ref readonly float source, int count, int samples, ref float destination, int sampleStride, int lanes)
    {
        for (int first = 0; first < samples; first += Square)
        {
            UnpackGroup(
                ref Unsafe.Add(ref Unsafe.AsRef(in source), first),
                count,
                int.Min(samples - first, Square),
                ref Unsafe.Add(ref destination, (nint)first * sampleStride),
                sampleStride,
                lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackGroup(ref float source, int count, int samples, ref float destination, nint stride, nint lanes)
    {
        for (int i = 0; count >= Square; i += Square)
        {
            i = int.Min(i, count - Square);
            ref float column = ref Unsafe.Add(ref source, i * lanes);
            Vector128<float> row0 = Vector128.LoadUnsafe(ref column);
            Vector128<float> row1 = Vector128.LoadUnsafe(ref Unsafe.Add(ref column, lanes));
            Vector128<float> row2 = Vector128.LoadUnsafe(ref Unsafe.Add(ref column, 2 * lanes));
            Vector128<float> row3 = Vector128.LoadUnsafe(ref Unsafe.Add(ref column, 3 * lanes));
            Transpose(ref row0, ref row1, ref row2, ref row3);
            ref float row = ref Unsafe.Add(ref destination, i);
            row0.StoreUnsafe(ref row);
            if (samples > 1)
            {
                row1.StoreUnsafe(ref Unsafe.Add(ref row, stride));
            }

            if (samples > 2)
            {
                row2.StoreUnsafe(ref Unsafe.Add(ref row, 2 * stride));
            }

            if (samples > 3)
            {
                row3.StoreUnsafe(ref Unsafe.Add(ref row, 3 * stride));
            }

            if (i == count - Square)
            {
                return;
            }
        }

        for (int s = 0; s < samples; s++)
        {
            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref destination, (s * stride) + i) = Unsafe.Add(ref source, (i * lanes) + s);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load128(ref float first, nint _) => Vector128.LoadUnsafe(ref first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load256(ref float first, nint distance) =>
        Vector256.Create(Load128(ref first, distance), Load128(ref Unsafe.Add(ref first, distance), distance));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load512(ref float first, nint distance) =>
        Vector512.Create(Load256(ref first, distance), Load256(ref Unsafe.Add(ref first, 2 * distance), distance));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> value, ref float first, nint _) => value.StoreUnsafe(ref first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> value, ref float first, nint distance)
    {
        Store(value.GetLower(), ref first, distance);
        Store(value.GetUpper(), ref Unsafe.Add(ref first, distance), distance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> value, ref float first, nint distance)
    {
        Store(value.GetLower(), ref first, distance);
        Store(value.GetUpper(), ref Unsafe.Add(ref first, 2 * distance), distance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector512<float> row0, ref Vector512<float> row1, ref Vector512<float> row2, ref Vector512<float> row3)
    {
        Vector512<double> low01 = Avx512F.UnpackLow(row0, row1).AsDouble(), high01 = Avx512F.UnpackHigh(row0, row1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(row2, row3).AsDouble(), high23 = Avx512F.UnpackHigh(row2, row3).AsDouble();
        row0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        row1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        row2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        row3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector256<float> row0, ref Vector256<float> row1, ref Vector256<float> row2, ref Vector256<float> row3)
    {
        Vector256<double> low01 = Avx.UnpackLow(row0, row1).AsDouble(), high01 = Avx.UnpackHigh(row0, row1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(row2, row3).AsDouble(), high23 = Avx.UnpackHigh(row2, row3).AsDouble();
        row0 = Avx.UnpackLow(low01, low23).AsSingle();
        row1 = Avx.UnpackHigh(low01, low23).AsSingle();
        row2 = Avx.UnpackLow(high01, high23).AsSingle();
        row3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector128<float> row0, ref Vector128<float> row1, ref Vector128<float> row2, ref Vector128<float> row3)
    {
        Vector128<double> low01 = UnpackLow(row0, row1).AsDouble(), high01 = UnpackHigh(row0, row1).AsDouble();
        Vector128<double> low23 = UnpackLow(row2, row3).AsDouble(), high23 = UnpackHigh(row2, row3).AsDouble();
        row0 = Vector128.Create(low01.GetLower(), low23.GetLower()).AsSingle();
        row1 = Vector128.Create(low01.GetUpper(), low23.GetUpper()).AsSingle();
        row2 = Vector128.Create(high01.GetLower(), high23.GetLower()).AsSingle();
        row3 = Vector128.Create(high01.GetUpper(), high23.GetUpper()).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> UnpackLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right) : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> UnpackHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right) : Vector128.Create(left[2], right[2], left[3], right[3]);
}
