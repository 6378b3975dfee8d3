using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), with the semantics and defaults of PyTorch's <c>torch.optim.Adam</c>.</summary>
/// <remarks>
/// g ← g + λp; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; p ← p − lr·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ).
/// </remarks>
public sealed class Adam : AdamBase
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">Step size, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, infinite or not a number.</exception>
    public Adam(double learningRate = 1e-3)
        : base(learningRate, weightDecay: 0)
    {
    }

    /// <inheritdoc/>
    protected override string Name => nameof(Adam);

    /// <inheritdoc/>
    protected override void Update(UpdateContext context) => Update(context, penalty: context.WeightDecay, shrinkage: 0);

    internal override double Bound(Span<double> most, double gradient, in OptimizerStep step) =>
        Bound(most, gradient, step, penalty: step.WeightDecay, shrinkage: 0);
}

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), with the semantics and defaults of PyTorch's
/// <c>torch.optim.AdamW</c>.
/// </summary>
/// <remarks>p ← p − lr·λ·p, followed by the update of <see cref="Adam"/> with λ = 0.</remarks>
public sealed class AdamW : AdamBase
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">Step size, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, infinite or not a number.</exception>
    public AdamW(double learningRate = 1e-3)
        : base(learningRate, weightDecay: 1e-2)
    {
    }

    /// <inheritdoc/>
    protected override string Name => nameof(AdamW);

    /// <inheritdoc/>
    protected override void Update(UpdateContext context) =>
        Update(context, penalty: 0, shrinkage: context.LearningRate * context.WeightDecay);

    internal override double Bound(Span<double> most, double gradient, in OptimizerStep step) =>
        Bound(most, gradient, step, penalty: 0, shrinkage: step.LearningRate * step.WeightDecay);
}

/// <summary>What <see cref="Adam"/> and <see cref="AdamW"/> share.</summary>
public abstract class AdamBase : Optimizer
{
    private protected AdamBase(double learningRate, double weightDecay)
        : base(learningRate, weightDecay)
    {
    }

    /// <summary>
    /// Decay β₁ of the gradient's running mean, at least 0 and less than 1. Default 0.9. If it is more than 0,
    /// <see cref="Schedule.OneCycle"/> changes it.
    /// </summary>
    public double Beta1
    {
        get => field > 0 ? ScheduledMomentum ?? field : field;
        init => field = Fraction(value);
    } = 0.9;

    /// <summary>Decay β₂ of the squared gradient's running mean, at least 0 and less than 1. Default 0.999.</summary>
    public double Beta2
    {
        get;
        init => field = Fraction(value);
    } = 0.999;

    /// <summary>
    /// ε, which keeps the divisor from being 0; more than 0. Default 1e-8. Choose at least 1e-11: gradients below about 1e-17 have squares
    /// that count as 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">After rounding to a float, it is not more than 0, or not finite.</exception>
    public double Epsilon
    {
        get;
        init => field = PositiveFloat(value);
    } = 1e-8;

    internal override UsualRate? UsualRate => Training.UsualRate.OfScaledSteps;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames { get; } = ["exp_avg", "exp_avg_sq"];

    internal override bool HasBound => true;

    internal override int SquaresAt => 1;

    /// <inheritdoc/>
    protected override FormattableString Settings =>
        $"Beta1 = {Beta1}, Beta2 = {Beta2}, Epsilon = {Epsilon}";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected void Update(in UpdateContext context, double penalty, double shrinkage)
    {
        double correction1 = 1 - Math.Pow(Beta1, context.Step), correction2 = 1 - Math.Pow(Beta2, context.Step);

        // Slice all spans to the same length, so that the JIT needs only one bounds check.
        Span<Vector<float>> p = MemoryMarshal.Cast<float, Vector<float>>(context.Parameter);
        ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(context.Gradient)[..p.Length];
        Span<Vector<float>> m = MemoryMarshal.Cast<float, Vector<float>>(context.Slot(0))[..p.Length];
        Span<Vector<float>> v = MemoryMarshal.Cast<float, Vector<float>>(context.Slot(1))[..p.Length];
        var stepSize = new Vector<float>((float)(-context.LearningRate / correction1));
        var rootScale = new Vector<float>((float)(1 / Math.Sqrt(correction2)));
        var epsilon = new Vector<float>((float)Epsilon);
        var take1 = new Vector<float>((float)(1 - Beta1));
        var keep2 = new Vector<float>((float)Beta2);
        var take2 = new Vector<float>((float)(1 - Beta2));
        var decay = new Vector<float>((float)penalty);
        var keep = new Vector<float>((float)(1 - shrinkage));
        var least = new Vector<float>(Fading.Least);
        var leastRoot = new Vector<float>(LeastRoot(1 - Beta2));
        using Denormals.Scope flush = Denormals.Flush();
        for (int i = 0; i < p.Length; i++)
        {
            Vector<float> gradient = Vector.MultiplyAddEstimate(decay, p[i], g[i]);

            // m + (1 − β₁)(g − m) has one rounding less than β₁m + (1 − β₁)g.
            Vector<float> mean = Vector.MultiplyAddEstimate(take1, gradient - m[i], m[i]);
            Vector<float> root = Fading.Flush(gradient, leastRoot);
            Vector<float> square = Fading.Flush(Vector.MultiplyAddEstimate(keep2, v[i], take2 * root * root), least);
            v[i] = square;
            Vector<float> divisor = Vector.MultiplyAddEstimate(Vector.SquareRoot(square), rootScale, epsilon);

            // Set the mean to 0 before it, or the quotient, becomes denormal.
            mean = Fading.Flush(mean, Vector.MultiplyAddEstimate(least, divisor, least));
            m[i] = mean;
            p[i] = Fading.Flush(Vector.MultiplyAddEstimate(stepSize, mean / divisor, keep * p[i]), least);
        }
    }

    private protected double Bound(Span<double> most, double gradient, in OptimizerStep step, double penalty, double shrinkage)
    {
        double correction1 = 1 - Math.Pow(Beta1, step.Number), correction2 = 1 - Math.Pow(Beta2, step.Number);
        double all = gradient + (penalty * most[0]), mean = double.Max(most[1], all),
            square = (Beta2 * most[2]) + ((1 - Beta2) * all * all);
        double quotient = mean / (float)Epsilon, rate = step.LearningRate / correction1;
        double numbers = double.Max(double.Max(all + most[1], quotient),
            double.Max(rate, double.Max(square, Math.Sqrt(square / correction2))));
        most[0] = (Math.Abs(1 - shrinkage) * most[0]) + (rate * quotient);
        (most[1], most[2]) = (mean, square);
        return double.Max(numbers, most[0]);
    }
}
