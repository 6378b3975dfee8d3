using System;

namespace Strata;

/// <summary>
/// Names the following layers like modules of PyTorch's <c>nn.Sequential</c>: <c>[Sequential("features")]</c> gives
/// <c>features.0</c>, <c>features.1</c>, … It ends at the next <c>[Sequential]</c> or at the end of the block.
/// </summary>
/// <remarks>
/// <para>
/// Every layer and every block takes a number, even if it has no parameters or has a name of its own. Joins (such as
/// <c>[Add]</c>) take none, since PyTorch has no modules for them.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SequentialAttribute : StructureAttribute
{
    /// <summary>
    /// Numbers the layers without a name before the number: <c>0</c>, <c>1</c>, … Use it if the whole network or block is one
    /// sequence.
    /// </summary>
    public SequentialAttribute()
    {
    }

    /// <summary>Numbers the layers after a name.</summary>
    /// <param name="name">The sequence's name, such as <c>features</c>.</param>
    public SequentialAttribute(string name) => Name = name;

    /// <summary>The sequence's name; null if the numbers have no name before them.</summary>
    public string? Name { get; }
}
