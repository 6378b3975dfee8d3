using System;
using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>
/// Describes an elementwise operator for projects that reference its assembly, since they do not have the source of its method. The
/// generator writes one such attribute for each class that derives from <see cref="ElementwiseAttribute"/> or
/// <see cref="ElementwiseLossAttribute"/>, and reads those of referenced assemblies.
/// </summary>
/// <param name="type">The full name of the operator's class.</param>
/// <param name="format">The version of the text's format.</param>
/// <param name="text">Inputs, constants, trained numbers and the formula.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class DeclaredOperatorAttribute(string type, int format, string text) : Attribute
{
    /// <summary>The full name of the operator's class.</summary>
    public string Type { get; } = type;

    /// <summary>The version of the text's format, at least 1. A generator reads only formats that it knows.</summary>
    public int Format { get; } = format;

    /// <summary>Inputs, constants, trained numbers and the formula, one on a line.</summary>
    public string Text { get; } = text;
}
