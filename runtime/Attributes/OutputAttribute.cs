using System;

namespace Strata;

/// <summary>
/// Declares an output of the network. By default the output is the last layer, or the tensor that the loss with the largest
/// weight reads.
/// </summary>
/// <remarks>
/// <para>
/// If a network has several outputs, each needs a name. <c>Forward(inputs, boxes, classes)</c> then has a parameter for each
/// output, in the order of declaration. <see cref="CompiledNetwork.Forward"/> concatenates the outputs of each sample.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class OutputAttribute : StructureAttribute
{
    /// <summary>The only output.</summary>
    public OutputAttribute()
    {
    }

    /// <summary>One of several outputs.</summary>
    /// <param name="name">Name of the parameter of <c>Forward</c>: a C# identifier.</param>
    public OutputAttribute(string name) => Name = name;

    /// <summary>The output's name; null if it is the only one.</summary>
    public string? Name { get; }

    /// <summary>Name of the tensor that is the output; by default the tensor before this attribute.</summary>
    public string? From { get; set; }
}
