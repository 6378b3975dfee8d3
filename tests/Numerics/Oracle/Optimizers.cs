using System;
using System.Collections.Generic;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>PyTorch's update rules on one number after the other, with the error estimate carried along.</summary>
internal abstract class OracleOptimizer
{
    public abstract void Update(IReadOnlyList<Numbers> weights, IReadOnlyList<Numbers> gradients);
}

/// <summary><c>torch.optim.SGD(lr, momentum)</c>.</summary>
internal sealed class OracleSgd(double learningRate, double momentum = 0) : OracleOptimizer
{
    private readonly Dictionary<Numbers, Numbers> _velocities = [];

    public override void Update(IReadOnlyList<Numbers> weights, IReadOnlyList<Numbers> gradients)
    {
        for (int k = 0; k < weights.Count; k++)
        {
            Numbers w = weights[k], g = gradients[k];
            if (!_velocities.TryGetValue(w, out Numbers? v))
            {
                _velocities.Add(w, v = new Numbers(w.Length));
            }

            for (int i = 0; i < w.Length; i++)
            {
                v.Value[i] = (momentum * v.Value[i]) + g.Value[i];
                v.Variance[i] = (momentum * momentum * v.Variance[i]) + g.Variance[i] + Square(2 * Numbers.U * v.Value[i]);
                w.Value[i] -= learningRate * v.Value[i];
                w.Variance[i] += (Square(learningRate) * v.Variance[i]) + Square(Numbers.U * w.Value[i])
                    + Square(2 * Numbers.U * learningRate * v.Value[i]);
            }
        }
    }

    private static double Square(double value) => value * value;
}

/// <summary><c>torch.optim.Adam(lr)</c> with its default betas and epsilon.</summary>
internal sealed class OracleAdam(double learningRate) : OracleOptimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    private readonly Dictionary<Numbers, (Numbers M, Numbers V)> _moments = [];
    private int _steps;

    public override void Update(IReadOnlyList<Numbers> weights, IReadOnlyList<Numbers> gradients)
    {
        _steps++;
        double correction1 = 1 - Math.Pow(Beta1, _steps), correction2 = 1 - Math.Pow(Beta2, _steps);
        for (int k = 0; k < weights.Count; k++)
        {
            Numbers w = weights[k], g = gradients[k];
            if (!_moments.TryGetValue(w, out (Numbers M, Numbers V) moments))
            {
                _moments.Add(w, moments = (new Numbers(w.Length), new Numbers(w.Length)));
            }

            (Numbers m, Numbers v) = moments;
            for (int i = 0; i < w.Length; i++)
            {
                double gradient = g.Value[i];
                m.Value[i] = (Beta1 * m.Value[i]) + ((1 - Beta1) * gradient);
                m.Variance[i] = Square(Beta1) * m.Variance[i] + (Square(1 - Beta1) * g.Variance[i]) + Square(2 * Numbers.U * m.Value[i]);
                v.Value[i] = (Beta2 * v.Value[i]) + ((1 - Beta2) * gradient * gradient);
                v.Variance[i] = Square(Beta2) * v.Variance[i]
                    + (Square((1 - Beta2) * 2) * ((gradient * gradient) + g.Variance[i]) * g.Variance[i])
                    + Square(2 * Numbers.U * v.Value[i]);

                double mean = m.Value[i] / correction1, square = v.Value[i] / correction2;
                double root = Math.Sqrt(square), denominator = root + Epsilon;
                double update = learningRate * mean / denominator;

                // d√v = dv/(2√v), but never more than √dv.
                double deviation = Math.Sqrt(v.Variance[i]) / correction2;
                double rootDeviation = root == 0 ? Math.Sqrt(deviation) : Math.Min(deviation / (2 * root), Math.Sqrt(deviation));
                double variance = (Square(learningRate / denominator) * m.Variance[i] / Square(correction1))
                    + Square(update * rootDeviation / denominator) + Square(4 * Numbers.U * update);

                // Where the gradient drowns in rounding errors, its sign and so the whole step is open: |m̂|/√v̂ has a bound.
                double bound = learningRate * (1 - Beta1) / Math.Sqrt(1 - Beta2) * Math.Sqrt(correction2) / correction1;
                variance = Math.Min(variance, Square(2 * bound / Numbers.Accepted));
                w.Value[i] -= update;
                w.Variance[i] += variance + Square(Numbers.U * w.Value[i]);
            }
        }
    }

    private static double Square(double value) => value * value;
}
