using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// RMSProp (Tieleman and Hinton 2012, lecture 6.5), with the semantics and defaults of PyTorch's <c>torch.optim.RMSprop</c>.
/// </summary>
/// <remarks>
/// g ← g + λp; v ← αv + (1 − α)g²; u = g/(√v + ε). Centred (Graves 2013): a ← αa + (1 − α)g, and √(v − a²) in place of √v. With
/// momentum μ: b ← μb + u, and u = b. Then p ← p − lr·u.
/// </remarks>
public sealed class RMSProp : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">Step size, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, infinite or not a number.</exception>
    public RMSProp(double learningRate = 1e-2)
        : base(learningRate)
    {
    }

    /// <summary>Decay α of the squared gradient's running mean, at least 0 and less than 1. Default 0.99.</summary>
    public double Alpha
    {
        get;
        init => field = Fraction(value);
    } = 0.99;

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

    /// <summary>
    /// Momentum μ, at least 0 and less than 1. Default 0. If it is more than 0, <see cref="Schedule.OneCycle"/> changes it.
    /// </summary>
    public double Momentum
    {
        get => field > 0 ? ScheduledMomentum ?? field : field;
        init => field = Fraction(value);
    }

    /// <summary>Whether the gradient is divided by an estimate of its deviation instead of its root mean square. Default false.</summary>
    public bool Centered { get; init; }

    internal override UsualRate? UsualRate => Training.UsualRate.OfScaledSteps;

    /// <inheritdoc/>
    protected override string Name => nameof(RMSProp);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => (Momentum > 0, Centered) switch
    {
        (false, false) => ["square_avg"],
        (true, false) => ["square_avg", "momentum_buffer"],
        (false, true) => ["square_avg", "grad_avg"],
        (true, true) => ["square_avg", "grad_avg", "momentum_buffer"],
    };

    internal override bool HasBound => true;

    internal override int SquaresAt => 0;

    /// <inheritdoc/>
    protected override FormattableString Settings =>
        $"Alpha = {Alpha}, Epsilon = {Epsilon}, Momentum = {Momentum}, Centered = {Centered}";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Update(UpdateContext context)
    {
        // Slice all spans to the same length, so that the JIT needs only one bounds check.
        Span<Vector<float>> p = MemoryMarshal.Cast<float, Vector<float>>(context.Parameter);
        ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(context.Gradient)[..p.Length];
        Span<Vector<float>> v = MemoryMarshal.Cast<float, Vector<float>>(context.Slot(0))[..p.Length];

        // Without Centered, this slot does not exist. Use any span of the same length: it is never read.
        Span<Vector<float>> a = Centered ? MemoryMarshal.Cast<float, Vector<float>>(context.Slot(1))[..p.Length] : v;
        Span<Vector<float>> b = Momentum > 0
            ? MemoryMarshal.Cast<float, Vector<float>>(context.Slot(Centered ? 2 : 1))[..p.Length] : v;
        bool centered = Centered, hasMomentum = Momentum > 0;
        var rate = new Vector<float>((float)-context.LearningRate);
        var decay = new Vector<float>((float)context.WeightDecay);
        var keep = new Vector<float>((float)Alpha);
        var take = new Vector<float>((float)(1 - Alpha));
        var epsilon = new Vector<float>((float)Epsilon);
        var momentum = new Vector<float>((float)Momentum);
        var least = new Vector<float>(Fading.Least);
        var leastRoot = new Vector<float>(LeastRoot(1 - Alpha));
        using Denormals.Scope flush = Denormals.Flush();
        for (int i = 0; i < p.Length; i++)
        {
            Vector<float> gradient = Vector.MultiplyAddEstimate(decay, p[i], g[i]);
            Vector<float> root = Fading.Flush(gradient, leastRoot);
            Vector<float> square = Fading.Flush(Vector.MultiplyAddEstimate(keep, v[i], take * root * root), least);
            v[i] = square;
            if (centered)
            {
                Vector<float> mean = Fading.Flush(Vector.MultiplyAddEstimate(take, gradient - a[i], a[i]), least);
                a[i] = mean;

                // Rounding can make the variance negative. Use 0 then.
                square = Fading.Flush(Vector.Max(Vector.MultiplyAddEstimate(-mean, mean, square), Vector<float>.Zero), least);
            }

            // Keep the quotient from becoming denormal.
            Vector<float> divisor = Vector.SquareRoot(square) + epsilon;
            Vector<float> update = Fading.Flush(gradient, Vector.MultiplyAddEstimate(least, divisor, least)) / divisor;
            if (hasMomentum)
            {
                update = Fading.Flush(Vector.MultiplyAddEstimate(momentum, b[i], update), least);
                b[i] = update;
            }

            p[i] = Fading.Flush(Vector.MultiplyAddEstimate(rate, update, p[i]), least);
        }
    }

    internal override double Bound(Span<double> most, double gradient, in OptimizerStep step)
    {
        double all = gradient + (step.WeightDecay * most[0]), numbers = double.Max(all, step.LearningRate);
        most[1] = (Alpha * most[1]) + ((1 - Alpha) * all * all);
        if (Centered)
        {
            numbers = double.Max(numbers, all + most[2]);
            most[2] = double.Max(most[2], all);
            numbers = double.Max(numbers, most[2] * most[2]);
        }

        double update = all / (float)Epsilon;
        if (Momentum > 0)
        {
            ref double velocity = ref most[Centered ? 3 : 2];
            update = velocity = (Momentum * velocity) + update;
        }

        most[0] += step.LearningRate * update;
        return double.Max(double.Max(numbers, most[1]), double.Max(update, most[0]));
    }
}
