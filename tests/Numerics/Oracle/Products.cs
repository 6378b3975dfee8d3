using System;
using System.Numerics;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Products in double precision and their sums, a vector at a time: large convolutions take minutes without.</summary>
internal static class Products
{
    public static double Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector<double> low = default, high = default;
        int i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(a[i..]), out Vector<double> firstA, out Vector<double> lastA);
            Vector.Widen(new Vector<float>(b[i..]), out Vector<double> firstB, out Vector<double> lastB);
            low += firstA * firstB;
            high += lastA * lastB;
        }

        double sum = Vector.Sum(low + high);
        for (; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Adds the products of <paramref name="a"/> and <paramref name="b"/>, element by element.</summary>
    public static void Add(Span<double> to, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        int i = 0;
        for (; i <= to.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(to[i..]) + (new Vector<double>(a[i..]) * new Vector<double>(b[i..]))).CopyTo(to[i..]);
        }

        for (; i < to.Length; i++)
        {
            to[i] += a[i] * b[i];
        }
    }

    /// <summary>Adds <paramref name="factor"/> times <paramref name="values"/>.</summary>
    public static void Add(Span<double> to, double factor, ReadOnlySpan<float> values)
    {
        int i = 0;
        for (; i <= to.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out Vector<double> first, out Vector<double> last);
            Span<double> low = to[i..], high = to[(i + Vector<double>.Count)..];
            (new Vector<double>(low) + (first * factor)).CopyTo(low);
            (new Vector<double>(high) + (last * factor)).CopyTo(high);
        }

        for (; i < to.Length; i++)
        {
            to[i] += factor * values[i];
        }
    }
}
