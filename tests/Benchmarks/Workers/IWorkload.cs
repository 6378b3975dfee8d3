using System;

namespace Strata.Benchmarks.Workers;

/// <summary>What a worker process repeats.</summary>
internal interface IWorkload : IDisposable
{
    /// <summary>Name and version of what computes.</summary>
    string Version { get; }

    /// <summary>Which of its kernels it takes on this processor; null where it does not say.</summary>
    string? Settings => null;

    /// <summary>Calls the forward pass, or makes a training step, so many times.</summary>
    void Run(int calls);

    /// <summary>Results to be compared with the other side's; called once, before anything else.</summary>
    float[] Check();
}
