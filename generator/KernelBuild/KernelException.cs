using System;
using Strata.Compiler.Diagnostics;

namespace Strata.KernelBuild;

/// <summary>A network whose kernels cannot be compiled.</summary>
internal sealed class KernelException(Problem problem) : Exception(problem.Message)
{
    /// <summary>The rule that it breaks.</summary>
    public string Id { get; } = problem.Id;
}
