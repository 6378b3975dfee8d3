using System;

namespace Strata.Data;

/// <summary>Adds normally distributed noise to each value, as torchvision's <c>v2.GaussianNoise</c> does.</summary>
/// <param name="Sigma">The standard deviation, 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">The deviation is negative, infinite or not a number.</exception>
public sealed record GaussianNoise(double Sigma = 0.1) : Transform
{
    /// <summary>The standard deviation, 0 or more.</summary>
    public double Sigma
    {
        get;
        init => field = CheckNotNegative(value, nameof(Sigma));
    } = CheckNotNegative(Sigma, nameof(Sigma));

    internal override bool ChangesValues => true;

    // The transform of Box and Muller (1958): √(−2 ln u)·cos 2πv and √(−2 ln u)·sin 2πv are normally distributed.
    internal override void Apply(SampleImage image, ref TransformRandom random)
    {
        if (Sigma == 0)
        {
            return;
        }

        Span<float> values = image.Values;
        for (int i = 0; i < values.Length; i += 2)
        {
            (uint u, uint v) = random.NextBits();
            double radius = Sigma * Math.Sqrt(-2 * Math.Log((u + 0.5) * (1.0 / (1UL << 32))));
            (double sine, double cosine) = Math.SinCos(v * (2 * Math.PI / (1UL << 32)));
            values[i] = image.Clamp((float)(values[i] + (radius * cosine)));
            if (i + 1 < values.Length)
            {
                values[i + 1] = image.Clamp((float)(values[i + 1] + (radius * sine)));
            }
        }
    }
}
