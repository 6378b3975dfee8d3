using System;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// Draws λ of MixUp, once per batch, from the distribution Beta(α, α) (Zhang et al., "mixup: Beyond Empirical Risk Minimization", ICLR
/// 2018, section 2). It depends only on the seed, the epoch and the number of the batch.
/// </summary>
/// <param name="alpha">α, more than 0.</param>
/// <param name="seed">The seed.</param>
internal sealed class MixUp(double alpha, ulong seed)
{
    // Keeps λ independent of the order of the samples, which comes from the same seed.
    private const uint Domain = 0x4D69_7855;

    private int _epoch, _batch;
    private uint _draw;

    /// <summary>λ of a batch.</summary>
    /// <param name="epoch">Number of the epoch.</param>
    /// <param name="batch">Number of the batch in it.</param>
    public float ShareOf(int epoch, int batch)
    {
        (_epoch, _batch, _draw) = (epoch, batch, 0);

        // Johnson, Kotz and Balakrishnan 1995, chapter 25: X/(X + Y) of two gamma variates. If α is tiny, both may be 0. Then λ = 1: the
        // sample is not mixed.
        double x = Gamma(), y = Gamma();
        return (float)(x + y > 0 ? x / (x + y) : 1);
    }

    /// <summary>
    /// A gamma variate: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000). For α &lt; 1 it draws
    /// for α + 1 and multiplies by U^(1/α), as in that paper.
    /// </summary>
    private double Gamma()
    {
        double boost = alpha < 1 ? Math.Pow(Uniform(), 1 / alpha) : 1, d = (alpha < 1 ? alpha + 1 : alpha) - (1.0 / 3),
            c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(), v = 1 + (c * x);
            if (v > 0)
            {
                v = v * v * v;
                if (Math.Log(Uniform()) < (x * x / 2) + d - (d * v) + (d * Math.Log(v)))
                {
                    return d * v * boost;
                }
            }
        }
    }

    // A normal variate (Box and Muller 1958).
    private double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>A uniform random number, more than 0 and at most 1.</summary>
    private double Uniform()
    {
        // Each draw has its own key, far from those of other seeds.
        (uint low, uint high) = Threefry.Next((uint)seed, (uint)(seed >> 32) ^ (Domain + _draw++), (uint)_batch, (uint)_epoch);
        return (((((ulong)high << 32) | low) >> 11) + 1) * (1.0 / (1L << 53));
    }
}
