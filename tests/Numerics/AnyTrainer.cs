using System;
using System.Collections.Generic;
using Strata.Training;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>Trainers of all kinds in one way: of the targets, each takes those of its kind.</summary>
internal static class AnyTrainer
{
    public static float Step(this Trainer trainer, ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, ReadOnlySpan<float> values) =>
        trainer switch
        {
            ClassificationTrainer classification => classification.Step(inputs, classes),
            RegressionTrainer regression => regression.Step(inputs, values),
            _ => ((MultiTaskTrainer)trainer).Step(inputs, classes, values),
        };

    public static float ComputeGradients(this Trainer trainer, ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes,
        ReadOnlySpan<float> values) => trainer switch
        {
            ClassificationTrainer classification => classification.ComputeGradients(inputs, classes),
            RegressionTrainer regression => regression.ComputeGradients(inputs, values),
            _ => ((MultiTaskTrainer)trainer).ComputeGradients(inputs, classes, values),
        };

    public static float AccumulateGradients(this Trainer trainer, ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes,
        ReadOnlySpan<float> values) => trainer switch
        {
            ClassificationTrainer classification => classification.AccumulateGradients(inputs, classes),
            RegressionTrainer regression => regression.AccumulateGradients(inputs, values),
            _ => ((MultiTaskTrainer)trainer).AccumulateGradients(inputs, classes, values),
        };

    public static FitResult Fit(this Trainer trainer, float[] inputs, int[] classes, float[] values, FitOptions options) => trainer switch
    {
        ClassificationTrainer classification =>
            classification.Fit(inputs, classes, options, cancellationToken: TestContext.Current.CancellationToken),
        RegressionTrainer regression => regression.Fit(inputs, values, options, cancellationToken: TestContext.Current.CancellationToken),
        _ => ((MultiTaskTrainer)trainer).Fit(inputs, classes, values, options, cancellationToken: TestContext.Current.CancellationToken),
    };

    public static (double Loss, IReadOnlyDictionary<string, double> Losses) Evaluate(this Trainer trainer, float[] inputs,
        int[] classes, float[] values)
    {
        if (trainer is RegressionTrainer regression)
        {
            RegressionMetrics metrics = regression.Evaluate(inputs, values);
            return (metrics.Loss, metrics.Losses);
        }

        ClassificationMetrics scored = trainer is ClassificationTrainer classification
            ? classification.Evaluate(inputs, classes) : ((MultiTaskTrainer)trainer).Evaluate(inputs, classes, values);
        return (scored.Loss, scored.Losses);
    }
}
