using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>Stochastic gradient descent, with the semantics of PyTorch's <c>torch.optim.SGD</c>.</summary>
/// <remarks>
/// g ← g + λp. With momentum μ: b ← g at the first step and b ← μb + (1 − dampening)·g afterwards, and g ← g + μb (Nesterov) or
/// g ← b. Then p ← p − lr·g. (Sutskever et al. 2013, in the form of the PyTorch documentation.)
/// </remarks>
public sealed class Sgd : Optimizer
{
    /// <summary>Creates the optimizer.</summary>
    /// <param name="learningRate">Step size, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, infinite or not a number.</exception>
    public Sgd(double learningRate)
        : base(learningRate)
    {
    }

    /// <summary>
    /// Momentum μ, at least 0 and less than 1. Default 0. If it is more than 0, <see cref="Schedule.OneCycle"/> changes it.
    /// </summary>
    public double Momentum
    {
        get => field > 0 ? ScheduledMomentum ?? field : field;
        init => field = Fraction(value);
    }

    /// <summary>Dampening: the gradient's factor in the momentum is 1 − dampening. At least 0 (the default) and less than 1.</summary>
    public double Dampening
    {
        get;
        init => field = Fraction(value);
    }

    /// <summary>Whether to use Nesterov momentum. Needs a momentum above 0 and no dampening. Default false.</summary>
    public bool Nesterov { get; init; }

    internal override UsualRate? UsualRate => Training.UsualRate.OfGradients;

    /// <inheritdoc/>
    protected override string Name => nameof(Sgd);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> SlotNames => Momentum > 0 ? ["momentum_buffer"] : [];

    /// <inheritdoc/>
    protected override FormattableString Settings =>
        $"Momentum = {Momentum}, Dampening = {Dampening}, Nesterov = {Nesterov}";

    internal override bool HasBound => true;

    /// <inheritdoc/>
    protected override void Validate()
    {
        base.Validate();
        if (Nesterov && (Momentum == 0 || Dampening != 0))
        {
            throw new ArgumentException("Nesterov needs Momentum > 0 and Dampening = 0.");
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Update(UpdateContext context)
    {
        // Slice all spans to the same length, so that the JIT needs only one bounds check.
        Span<Vector<float>> p = MemoryMarshal.Cast<float, Vector<float>>(context.Parameter);
        ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(context.Gradient)[..p.Length];
        var rate = new Vector<float>((float)-context.LearningRate);
        var decay = new Vector<float>((float)context.WeightDecay);
        if (Momentum == 0)
        {
            using Denormals.Scope flush = Denormals.Flush();
            for (int i = 0; i < p.Length; i++)
            {
                Vector<float> gradient = Vector.MultiplyAddEstimate(decay, p[i], g[i]);
                p[i] = Fading.Flush(Vector.MultiplyAddEstimate(rate, gradient, p[i]));
            }

            return;
        }

        Span<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(context.Slot(0))[..p.Length];

        // At the first step the momentum is the gradient itself: b = 0·b + 1·g.
        var momentum = new Vector<float>((float)Momentum);
        var keep = new Vector<float>(context.Step == 1 ? 0 : (float)Momentum);
        var take = new Vector<float>(context.Step == 1 ? 1 : (float)(1 - Dampening));
        bool isNesterov = Nesterov;
        using Denormals.Scope flushWithMomentum = Denormals.Flush();
        if (isNesterov)
        {
            for (int i = 0; i < p.Length; i++)
            {
                Vector<float> gradient = Vector.MultiplyAddEstimate(decay, p[i], g[i]);
                Vector<float> velocity = Fading.Flush(Vector.MultiplyAddEstimate(keep, b[i], take * gradient));
                b[i] = velocity;
                gradient = Vector.MultiplyAddEstimate(momentum, velocity, gradient);
                p[i] = Fading.Flush(Vector.MultiplyAddEstimate(rate, gradient, p[i]));
            }
        }
        else
        {
            for (int i = 0; i < p.Length; i++)
            {
                Vector<float> gradient = Vector.MultiplyAddEstimate(decay, p[i], g[i]);
                Vector<float> velocity = Fading.Flush(Vector.MultiplyAddEstimate(keep, b[i], take * gradient));
                b[i] = velocity;
                p[i] = Fading.Flush(Vector.MultiplyAddEstimate(rate, velocity, p[i]));
            }
        }
    }

    internal override double Bound(Span<double> most, double gradient, in OptimizerStep step)
    {
        double all = gradient + (step.WeightDecay * most[0]), change = all;
        if (Momentum > 0)
        {
            most[1] = (Momentum * most[1]) + all;
            change = Nesterov ? all + (Momentum * most[1]) : most[1];
        }

        most[0] += step.LearningRate * change;
        return double.Max(double.Max(all + change, step.LearningRate), most[0]);
    }
}
