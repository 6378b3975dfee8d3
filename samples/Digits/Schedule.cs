using System;
using Strata;

namespace Digits;

/// <summary>
/// Sets the learning rate after each step: it climbs from a tenth of its peak and then falls towards zero in
/// straight lines (Smith and Topin 2018, one-cycle), which reaches a given accuracy in fewer epochs than a constant rate.
/// </summary>
internal sealed class Schedule : IProgress<FitProgress>
{
    private const double WarmUp = 0.15, Start = 0.1;

    private readonly Optimizer _optimizer;
    private readonly double _peak;
    private readonly IProgress<FitProgress> _next;

    public Schedule(Optimizer optimizer, IProgress<FitProgress> next)
    {
        (_optimizer, _peak, _next) = (optimizer, optimizer.LearningRate, next);
        _optimizer.LearningRate = _peak * Start;
    }

    public void Report(FitProgress value)
    {
        double done = (value.Epoch - 1 + (double)value.Step / value.StepsPerEpoch) / value.Epochs;
        _optimizer.LearningRate = _peak * (done < WarmUp ? Start + (1 - Start) * done / WarmUp : (1 - done) / (1 - WarmUp));
        _next.Report(value);
    }
}
