using System;

namespace Strata;

/// <summary>
/// Names the layers behind it as modules of PyTorch's <c>nn.Sequential</c>: <c>[Sequential("features")]</c> gives
/// <c>features.0</c>, <c>features.1</c>, …, until the next one or the end of the block.
/// </summary>
/// <remarks>
/// <para>
/// Every layer and every block takes a number, also those without parameters and those with a name of their own. Joins take none,
/// since PyTorch has no modules for them.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class SequentialAttribute : StructureAttribute
{
    /// <summary>Numbers without a name before them: <c>0</c>, <c>1</c>, …, for a network or block that is itself a sequence.</summary>
    public SequentialAttribute()
    {
    }

    /// <summary>Numbers behind a name.</summary>
    /// <param name="name">The sequence's name in its scope, such as <c>features</c>.</param>
    public SequentialAttribute(string name) => Name = name;

    /// <summary>The sequence's name; null where the numbers stand alone.</summary>
    public string? Name { get; }
}
