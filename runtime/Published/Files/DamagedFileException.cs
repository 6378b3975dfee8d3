using System;

namespace Strata.Weights;

/// <summary>What is wrong with a file. The package's public types add the file's name.</summary>
/// <param name="problem">What was expected, what was found, and where.</param>
/// <param name="tensor">The tensor at fault; null for the file as a whole.</param>
internal sealed class DamagedFileException(string problem, string? tensor = null) : Exception(problem)
{
    /// <summary>The tensor at fault; null for the file as a whole.</summary>
    public string? Tensor { get; } = tensor;
}
