using System;

namespace Strata;

/// <summary>
/// A layer that adds a margin to its input: zeros, or copies of what is inside.
/// </summary>
/// <remarks>
/// What is more specific wins: <see cref="PaddingLeft"/> over <see cref="Padding"/>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class PaddingAttribute : LayerAttribute
{
    private protected PaddingAttribute(int padding) => Padding = padding;

    /// <summary>Elements added on each side of each axis, at least 0.</summary>
    public int Padding { get; }

    /// <summary>Elements added at the beginning of a sequence or of each row, at least 0.</summary>
    public int PaddingLeft { get; set; }

    /// <summary>Elements added at the end of a sequence or of each row, at least 0.</summary>
    public int PaddingRight { get; set; }

    /// <summary>What is added; zeros by default.</summary>
    public PaddingMode Mode { get; set; }
}
