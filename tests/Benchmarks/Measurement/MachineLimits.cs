using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Threading;

namespace Strata.Benchmarks.Measurement;

/// <summary>What the machine can do at best: multiply-adds on registers, and reading from memory.</summary>
internal static unsafe class MachineLimits
{
    /// <summary>Multiply-adds of one lane in one call of a kernel; long enough that the call itself does not count.</summary>
    private const int Iterations = 4096;

    /// <summary>Accumulators at 512 bits. FMA latency × throughput asks for 8 to 10; 24 leave registers for both factors.</summary>
    private const int WideAccumulators = 24;

    /// <summary>Accumulators at 256 and 128 bits: with two factors and a temporary they fit the 16 registers of AVX2.</summary>
    private const int NarrowAccumulators = 12;

    /// <summary>More than any cache of the machines at hand holds.</summary>
    private const long BandwidthBytes = 256L << 20;

    /// <summary>GFLOP/s of fused multiply-adds on <paramref name="threads"/> threads at once, in vectors of the tier.</summary>
    public static double MeasureMultiplyAdd(Isa isa, int threads, TimeSpan duration) => OnThreads(threads, _ =>
    {
        int accumulators = isa == Isa.Avx512 ? WideAccumulators : NarrowAccumulators;
        double flopsPerCall = 2.0 * Iterations * accumulators * isa.Lanes();
        long calls = 0;
        float sum = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            sum += isa switch
            {
                Isa.Avx512 => MultiplyAdd512(Iterations, 1e-9f, 1e-9f),
                Isa.Avx2 => MultiplyAdd256(Iterations, 1e-9f, 1e-9f),
                _ => MultiplyAdd128(Iterations, 1e-9f, 1e-9f),
            };
            calls++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < duration);
        GC.KeepAlive(sum);
        return flopsPerCall * calls / elapsed.TotalSeconds / 1e9;
    });

    /// <summary>GB/s of reading memory on <paramref name="threads"/> threads at once; the best of a few passes.</summary>
    public static double MeasureReadBandwidth(int threads)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)BandwidthBytes, 64);
        try
        {
            NativeMemory.Fill(memory, (nuint)BandwidthBytes, 1);
            long share = BandwidthBytes / threads / 1024 * 1024;
            double best = 0;
            for (int pass = 0; pass < 5; pass++)
            {
                best = Math.Max(best, OnThreads(threads, thread =>
                {
                    long start = Stopwatch.GetTimestamp();
                    GC.KeepAlive(Read((float*)(memory + (thread * share)), share / sizeof(float)));
                    return share / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
                }));
            }

            return best;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>Runs the measurement on all threads at the same time and adds up their rates.</summary>
    private static double OnThreads(int threads, Func<int, double> measurement)
    {
        double[] rates = new double[threads];
        using var barrier = new Barrier(threads);
        void Work(int thread)
        {
            barrier.SignalAndWait();
            rates[thread] = measurement(thread);
        }

        var others = new Thread[threads - 1];
        for (int i = 0; i < others.Length; i++)
        {
            int thread = i + 1;
            others[i] = new Thread(() => Work(thread));
            others[i].Start();
        }

        Work(0);
        double sum = rates[0];
        for (int i = 0; i < others.Length; i++)
        {
            others[i].Join();
            sum += rates[i + 1];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float MultiplyAdd512(int iterations, float x, float y)
    {
        Vector512<float> a = Vector512.Create(x), b = Vector512.Create(y);
        Vector512<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a;
        Vector512<float> c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        Vector512<float> c12 = a, c13 = a, c14 = a, c15 = a, c16 = a, c17 = a;
        Vector512<float> c18 = a, c19 = a, c20 = a, c21 = a, c22 = a, c23 = a;
        for (int i = 0; i < iterations; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(a, b, c0);
            c1 = Vector512.FusedMultiplyAdd(a, b, c1);
            c2 = Vector512.FusedMultiplyAdd(a, b, c2);
            c3 = Vector512.FusedMultiplyAdd(a, b, c3);
            c4 = Vector512.FusedMultiplyAdd(a, b, c4);
            c5 = Vector512.FusedMultiplyAdd(a, b, c5);
            c6 = Vector512.FusedMultiplyAdd(a, b, c6);
            c7 = Vector512.FusedMultiplyAdd(a, b, c7);
            c8 = Vector512.FusedMultiplyAdd(a, b, c8);
            c9 = Vector512.FusedMultiplyAdd(a, b, c9);
            c10 = Vector512.FusedMultiplyAdd(a, b, c10);
            c11 = Vector512.FusedMultiplyAdd(a, b, c11);
            c12 = Vector512.FusedMultiplyAdd(a, b, c12);
            c13 = Vector512.FusedMultiplyAdd(a, b, c13);
            c14 = Vector512.FusedMultiplyAdd(a, b, c14);
            c15 = Vector512.FusedMultiplyAdd(a, b, c15);
            c16 = Vector512.FusedMultiplyAdd(a, b, c16);
            c17 = Vector512.FusedMultiplyAdd(a, b, c17);
            c18 = Vector512.FusedMultiplyAdd(a, b, c18);
            c19 = Vector512.FusedMultiplyAdd(a, b, c19);
            c20 = Vector512.FusedMultiplyAdd(a, b, c20);
            c21 = Vector512.FusedMultiplyAdd(a, b, c21);
            c22 = Vector512.FusedMultiplyAdd(a, b, c22);
            c23 = Vector512.FusedMultiplyAdd(a, b, c23);
        }

        Vector512<float> sum = c0 + c1 + c2 + c3 + c4 + c5;
        sum += c6 + c7 + c8 + c9 + c10 + c11;
        sum += c12 + c13 + c14 + c15 + c16 + c17;
        sum += c18 + c19 + c20 + c21 + c22 + c23;
        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float MultiplyAdd256(int iterations, float x, float y)
    {
        Vector256<float> a = Vector256.Create(x), b = Vector256.Create(y);
        Vector256<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a;
        Vector256<float> c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < iterations; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(a, b, c0);
            c1 = Vector256.FusedMultiplyAdd(a, b, c1);
            c2 = Vector256.FusedMultiplyAdd(a, b, c2);
            c3 = Vector256.FusedMultiplyAdd(a, b, c3);
            c4 = Vector256.FusedMultiplyAdd(a, b, c4);
            c5 = Vector256.FusedMultiplyAdd(a, b, c5);
            c6 = Vector256.FusedMultiplyAdd(a, b, c6);
            c7 = Vector256.FusedMultiplyAdd(a, b, c7);
            c8 = Vector256.FusedMultiplyAdd(a, b, c8);
            c9 = Vector256.FusedMultiplyAdd(a, b, c9);
            c10 = Vector256.FusedMultiplyAdd(a, b, c10);
            c11 = Vector256.FusedMultiplyAdd(a, b, c11);
        }

        Vector256<float> sum = c0 + c1 + c2 + c3 + c4 + c5;
        sum += c6 + c7 + c8 + c9 + c10 + c11;
        return Vector256.Sum(sum);
    }

    /// <summary>As the tier's kernels: without FMA hardware a fused multiply-add would be emulated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float MultiplyAdd128(int iterations, float x, float y)
    {
        Vector128<float> a = Vector128.Create(x), b = Vector128.Create(y);
        Vector128<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a;
        Vector128<float> c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (int i = 0; i < iterations; i++)
        {
            c0 = Vector128.MultiplyAddEstimate(a, b, c0);
            c1 = Vector128.MultiplyAddEstimate(a, b, c1);
            c2 = Vector128.MultiplyAddEstimate(a, b, c2);
            c3 = Vector128.MultiplyAddEstimate(a, b, c3);
            c4 = Vector128.MultiplyAddEstimate(a, b, c4);
            c5 = Vector128.MultiplyAddEstimate(a, b, c5);
            c6 = Vector128.MultiplyAddEstimate(a, b, c6);
            c7 = Vector128.MultiplyAddEstimate(a, b, c7);
            c8 = Vector128.MultiplyAddEstimate(a, b, c8);
            c9 = Vector128.MultiplyAddEstimate(a, b, c9);
            c10 = Vector128.MultiplyAddEstimate(a, b, c10);
            c11 = Vector128.MultiplyAddEstimate(a, b, c11);
        }

        Vector128<float> sum = c0 + c1 + c2 + c3 + c4 + c5;
        sum += c6 + c7 + c8 + c9 + c10 + c11;
        return Vector128.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Read(float* source, long length)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (long i = 0; i < length; i += 64)
        {
            s0 += Vector256.Load(source + i);
            s1 += Vector256.Load(source + i + 8);
            s2 += Vector256.Load(source + i + 16);
            s3 += Vector256.Load(source + i + 24);
            s4 += Vector256.Load(source + i + 32);
            s5 += Vector256.Load(source + i + 40);
            s6 += Vector256.Load(source + i + 48);
            s7 += Vector256.Load(source + i + 56);
        }

        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
    }
}
