using System;
using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>The type of a packed parameter's elements.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ElementType
{
    /// <summary>A float of 32 bits.</summary>
    Float32,

    /// <summary>The upper 16 bits of a float.</summary>
    BFloat16,
}

/// <summary>What follows from an element's type.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Bytes(this ElementType type) => type switch
    {
        ElementType.Float32 => sizeof(float),
        ElementType.BFloat16 => sizeof(ushort),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type of an element is Float32 or BFloat16."),
    };
}
