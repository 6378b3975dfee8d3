using System;

namespace Strata.Weights;

/// <summary>What is wrong with a file. <see cref="PyTorchWeights"/> adds the file's name.</summary>
/// <param name="problem">What was expected, what was found, and where.</param>
/// <param name="tensor">The tensor at fault; null for the file as a whole.</param>
internal sealed class DamagedFileException(string problem, string? tensor = null) : Exception(problem)
{
    /// <summary>The tensor at fault; null for the file as a whole.</summary>
    public string? Tensor { get; } = tensor;
}
