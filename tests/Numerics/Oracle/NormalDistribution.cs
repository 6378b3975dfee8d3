using System;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>The normal distribution in double precision, accurate to about 1e-13 relative to the smaller tail.</summary>
internal static class NormalDistribution
{
    public static double Density(double x) => Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI);

    /// <summary>Φ(x).</summary>
    public static double Cumulative(double x) => x < 0 ? Tail(-x) : 1 - Tail(x);

    /// <summary>Φ(−a) for a ≥ 0.</summary>
    private static double Tail(double a)
    {
        if (double.IsNaN(a) || a > 40)
        {
            return double.IsNaN(a) ? a : 0;
        }

        if (a < 2.5)
        {
            // ½ − φ(a)·(a + a³/3 + a⁵/(3·5) + …).
            double term = a, sum = a;
            for (int k = 3; term > sum * 1e-18; k += 2)
            {
                term *= a * a / k;
                sum += term;
            }

            return 0.5 - (Density(a) * sum);
        }

        // Laplace's continued fraction φ(a)/(a + 1/(a + 2/(a + 3/(a + …)))).
        double fraction = a;
        for (int k = 120; k > 0; k--)
        {
            fraction = a + (k / fraction);
        }

        return Density(a) / fraction;
    }
}
