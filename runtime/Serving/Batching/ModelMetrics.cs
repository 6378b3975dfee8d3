using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Strata.Serving.Batching;

/// <summary>The meter <c>Strata.Serving</c>, for all models.</summary>
internal sealed class ServingMetrics : IDisposable
{
    public const string MeterName = "Strata.Serving";

    private readonly Meter _meter;

    public ServingMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        Requests = _meter.CreateCounter<long>("strata.serving.requests", "{request}", "Requests that have ended, by outcome.");
        Queue = Seconds("strata.serving.queue.duration", "Time that a request waited until its batch began.");
        Computation = Seconds("strata.serving.computation.duration", "Time of a batch.");
        BatchSize = _meter.CreateHistogram(
            "strata.serving.batch.size", "{sample}", "Samples of a batch.",
            advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });
        Reloads = _meter.CreateCounter<long>("strata.serving.reloads", "{reload}", "Loads of weights, by outcome.");
    }

    public Counter<long> Requests { get; }

    public Histogram<double> Queue { get; }

    public Histogram<double> Computation { get; }

    public Histogram<int> BatchSize { get; }

    public Counter<long> Reloads { get; }

    /// <summary>Adds a gauge of the samples that wait.</summary>
    public void ObserveQueue(string model, Func<int> waiting) => _meter.CreateObservableGauge(
        "strata.serving.queue.length", () => new Measurement<int>(waiting(), new KeyValuePair<string, object?>("model", model)),
        "{sample}", "Samples that wait.");

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Seconds(string name, string description) => _meter.CreateHistogram(
        name, "s", description,
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });
}

/// <summary>The measurements of one model.</summary>
internal sealed class ModelMetrics(ServingMetrics metrics, string model)
{
    private readonly KeyValuePair<string, object?> _model = new("model", model);

    /// <summary>A batch was computed.</summary>
    public void Batch(List<InferenceCall> calls, long start, TimeProvider time)
    {
        if (metrics.Computation.Enabled)
        {
            metrics.Computation.Record(time.GetElapsedTime(start).TotalSeconds, _model);
        }

        if (metrics.BatchSize.Enabled)
        {
            int samples = 0;
            foreach (InferenceCall call in calls)
            {
                samples += call.Samples;
            }

            metrics.BatchSize.Record(samples, _model);
        }

        if (metrics.Queue.Enabled)
        {
            foreach (InferenceCall call in calls)
            {
                metrics.Queue.Record(time.GetElapsedTime(call.Start, start).TotalSeconds, _model);
            }
        }
    }

    /// <summary>A call was computed at once.</summary>
    public void Call(int samples, long start, TimeProvider time)
    {
        if (metrics.Computation.Enabled)
        {
            metrics.Computation.Record(time.GetElapsedTime(start).TotalSeconds, _model);
        }

        if (metrics.BatchSize.Enabled)
        {
            metrics.BatchSize.Record(samples, _model);
        }

        if (metrics.Queue.Enabled)
        {
            metrics.Queue.Record(0, _model);
        }
    }

    /// <summary>A request has ended.</summary>
    public void Request(string outcome)
    {
        if (metrics.Requests.Enabled)
        {
            metrics.Requests.Add(1, _model, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public void Reload(string outcome) => metrics.Reloads.Add(1, _model, new KeyValuePair<string, object?>("outcome", outcome));

    public void ObserveQueue(Func<int> waiting) => metrics.ObserveQueue(model, waiting);
}
