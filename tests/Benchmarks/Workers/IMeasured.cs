using System;

namespace Strata.Benchmarks.Workers;

/// <summary>One side of a comparison.</summary>
internal interface IMeasured : IDisposable
{
    /// <summary>Name and version.</summary>
    string Version { get; }

    /// <summary>Which of its kernels it takes on this processor; null where it does not say.</summary>
    string? Settings => null;

    /// <summary>The most memory that it has had, in MiB; null where it does not say.</summary>
    double? PeakMegabytes { get; }

    /// <summary>Seconds of so many calls.</summary>
    double Run(int calls);

    /// <summary>Its results, by way of a file; null where they say nothing.</summary>
    float[]? Check(string path);
}
