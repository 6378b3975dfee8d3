using System;
using System.Collections.Generic;
using Strata.Training;

namespace Strata.Runtime.Tests;

// Optimizers that are derived as a user would derive them.

/// <summary>Lion: Chen et al. 2023, arXiv:2302.06675, algorithm 2.</summary>
internal sealed class Lion(double learningRate) : Optimizer(learningRate)
{
    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.99;

    protected override IReadOnlyList<string> SlotNames => ["exp_avg"];

    protected override FormattableString Settings => $"Beta1 = {Beta1}, Beta2 = {Beta2}";

    protected override void Update(UpdateContext context)
    {
        Span<float> p = context.Parameter, m = context.Slot(0);
        ReadOnlySpan<float> g = context.Gradient;
        float rate = (float)context.LearningRate, decay = (float)context.WeightDecay, beta1 = (float)Beta1, beta2 = (float)Beta2;
        for (int i = 0; i < p.Length; i++)
        {
            p[i] -= rate * (MathF.Sign((beta1 * m[i]) + ((1 - beta1) * g[i])) + (decay * p[i]));
            m[i] = (beta2 * m[i]) + ((1 - beta2) * g[i]);
        }
    }
}

/// <summary>LARS: You, Gitman and Ginsburg 2017, arXiv:1708.03888, algorithm 1. Biases and norms keep the global rate.</summary>
internal sealed class Lars(double learningRate) : Optimizer(learningRate)
{
    public double Momentum { get; init; } = 0.9;

    public double Trust { get; init; } = 1e-3;

    protected override IReadOnlyList<string> SlotNames => ["momentum_buffer"];

    protected override bool NeedsNorms => true;

    protected override FormattableString Settings => $"Momentum = {Momentum}, Trust = {Trust}";

    protected override void Update(UpdateContext context)
    {
        double ratio = 1, divisor = context.GradientNorm + (context.WeightDecay * context.ParameterNorm);
        if (context.Role == ParameterRole.Weight && context.ParameterNorm > 0 && divisor > 0)
        {
            ratio = Trust * context.ParameterNorm / divisor;
        }

        Span<float> p = context.Parameter, v = context.Slot(0);
        ReadOnlySpan<float> g = context.Gradient;
        float rate = (float)(context.LearningRate * ratio), decay = (float)context.WeightDecay, momentum = (float)Momentum;
        for (int i = 0; i < p.Length; i++)
        {
            v[i] = (momentum * v[i]) + (rate * (g[i] + (decay * p[i])));
            p[i] -= v[i];
        }
    }
}

/// <summary>LAMB: You et al. 2019, arXiv:1904.00962, algorithm 2, with φ(z) = z.</summary>
internal sealed class Lamb(double learningRate) : Optimizer(learningRate, weightDecay: 0.01)
{
    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.999;

    public double Epsilon { get; init; } = 1e-6;

    protected override IReadOnlyList<string> SlotNames => ["exp_avg", "exp_avg_sq"];

    protected override bool NeedsNorms => true;

    protected override FormattableString Settings => $"Beta1 = {Beta1}, Beta2 = {Beta2}, Epsilon = {Epsilon}";

    protected override void Prepare(UpdateContext context)
    {
        Span<float> m = context.Slot(0), v = context.Slot(1), direction = context.Direction;
        ReadOnlySpan<float> p = context.Parameter, g = context.Gradient;
        float beta1 = (float)Beta1, beta2 = (float)Beta2, epsilon = (float)Epsilon, decay = (float)context.WeightDecay;
        float scale1 = (float)(1 / (1 - Math.Pow(Beta1, context.Step))), scale2 = (float)(1 / (1 - Math.Pow(Beta2, context.Step)));
        for (int i = 0; i < p.Length; i++)
        {
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * g[i] * g[i]);
            direction[i] = (scale1 * m[i] / (MathF.Sqrt(scale2 * v[i]) + epsilon)) + (decay * p[i]);
        }
    }

    protected override void Update(UpdateContext context)
    {
        bool adapts = context.ParameterNorm > 0 && context.DirectionNorm > 0;
        float rate = (float)(context.LearningRate * (adapts ? context.ParameterNorm / context.DirectionNorm : 1));
        Span<float> p = context.Parameter, direction = context.Direction;
        for (int i = 0; i < p.Length; i++)
        {
            p[i] -= rate * direction[i];
        }
    }
}

/// <summary>An optimizer whose members a test writes.</summary>
internal sealed class FreeOptimizer(FreeOptimizer.Rule update, params IReadOnlyList<string> slots) : Optimizer(0.1)
{
    public delegate void Rule(UpdateContext context);

    public Rule? First { get; init; }

    public IReadOnlyList<string> Slots { get; set; } = slots;

    public string Title { get; init; } = "Free";

    public bool Norms { get; init; }

    public double? Momentum => ScheduledMomentum;

    protected override string Name => Title;

    protected override IReadOnlyList<string> SlotNames => Slots;

    protected override bool NeedsNorms => Norms;

    protected override void Prepare(UpdateContext context) => First?.Invoke(context);

    protected override void Update(UpdateContext context) => update(context);
}
