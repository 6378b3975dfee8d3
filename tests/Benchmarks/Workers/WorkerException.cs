using System;

namespace Strata.Benchmarks.Workers;

/// <summary>A worker cannot do its work; the message says why.</summary>
internal sealed class WorkerException(string message) : Exception(message);
