using System;

namespace Strata;

/// <summary>The base class of layers that pad their input with zeros or with copies of its elements.</summary>
/// <remarks>The more specific argument wins: <see cref="PaddingLeft"/> overrides <see cref="Padding"/>.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class PaddingAttribute : LayerAttribute
{
    private protected PaddingAttribute(int padding) => Padding = padding;

    /// <summary>Elements added on each side of each axis, at least 0.</summary>
    public int Padding { get; }

    /// <summary>
    /// Elements added at the beginning of a sequence or of each row, at least 0; <see cref="Padding"/> by default.
    /// </summary>
    public int PaddingLeft { get; set; }

    /// <summary>Elements added at the end of a sequence or of each row, at least 0; <see cref="Padding"/> by default.</summary>
    public int PaddingRight { get; set; }

    /// <summary>How padding is filled; with zeros by default.</summary>
    public PaddingMode Mode { get; set; }
}
