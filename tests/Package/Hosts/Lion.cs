using System;
using System.Collections.Generic;
using Strata.Training;

namespace Hosts;

/// <summary>An optimizer of one's own: Lion, Chen et al. 2023, arXiv:2302.06675, algorithm 2.</summary>
public sealed class Lion(double learningRate) : Optimizer(learningRate)
{
    private const float Beta1 = 0.9f, Beta2 = 0.99f;

    protected override IReadOnlyList<string> SlotNames => ["exp_avg"];

    protected override FormattableString Settings => $"Beta1 = {Beta1}, Beta2 = {Beta2}";

    protected override void Update(UpdateContext context)
    {
        Span<float> p = context.Parameter, m = context.Slot(0);
        ReadOnlySpan<float> g = context.Gradient;
        float rate = (float)context.LearningRate, decay = (float)context.WeightDecay;
        for (int i = 0; i < p.Length; i++)
        {
            p[i] -= rate * (MathF.Sign((Beta1 * m[i]) + ((1 - Beta1) * g[i])) + (decay * p[i]));
            m[i] = (Beta2 * m[i]) + ((1 - Beta2) * g[i]);
        }
    }
}
