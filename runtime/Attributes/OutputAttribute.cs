using System;

namespace Strata;

/// <summary>
/// An output of the network. Without any, it is the last layer, or what the weightiest loss reads.
/// </summary>
/// <remarks>
/// <para>
/// Where there are several, each has a name, and <c>Forward(inputs, boxes, classes)</c> has a parameter for each of them, in the
/// order of their declaration. <see cref="CompiledNetwork.Forward"/> gives them one behind the other, sample by sample.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class OutputAttribute : StructureAttribute
{
    /// <summary>The only output.</summary>
    public OutputAttribute()
    {
    }

    /// <summary>One of several outputs.</summary>
    /// <param name="name">What the parameter of <c>Forward</c> is called: a C# identifier.</param>
    public OutputAttribute(string name) => Name = name;

    /// <summary>The output's name; null where it is the only one.</summary>
    public string? Name { get; }

    /// <summary>Name of the tensor, where it is not the one before this attribute.</summary>
    public string? From { get; set; }
}
