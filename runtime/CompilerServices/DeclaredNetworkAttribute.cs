using System;
using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>
/// Describes a network whose kernels a step of the build compiles after the C# compiler (<c>&lt;StrataKernels>il&lt;/StrataKernels></c>).
/// The generator writes one such attribute for each of these networks, and the step reads it.
/// </summary>
/// <param name="network">The full name of the network's class.</param>
/// <param name="text">Options, layers, blocks and operators.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class DeclaredNetworkAttribute(string network, string text) : Attribute
{
    /// <summary>The full name of the network's class.</summary>
    public string Network { get; } = network;

    /// <summary>Options, layers, blocks and operators.</summary>
    public string Text { get; } = text;
}
