using System;

namespace Strata.KernelBuild;

/// <summary>A network whose kernels cannot be compiled.</summary>
/// <param name="id">The rule that it breaks; empty if the message has it.</param>
/// <param name="message">What is wrong, for the user.</param>
internal sealed class KernelException(string id, string message) : Exception(message)
{
    public string Id { get; } = id;
}
