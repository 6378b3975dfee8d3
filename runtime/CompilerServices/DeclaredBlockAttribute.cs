using System;
using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>
/// Tells projects that reference an assembly what one of its blocks is. In compiled attributes a block's constants are numbers; the text
/// has the expressions, so that the block's parameters work in other projects. The generator writes one for each class that derives from
/// <see cref="BlockAttribute"/>, and reads those of references.
/// </summary>
/// <param name="block">The full name of the block's class.</param>
/// <param name="format">The version of the text's format.</param>
/// <param name="text">Constants, defaults of parameters, and layers.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class DeclaredBlockAttribute(string block, int format, string text) : Attribute
{
    /// <summary>The full name of the block's class.</summary>
    public string Block { get; } = block;

    /// <summary>The version of the text's format, at least 1. A generator reads the formats that it knows.</summary>
    public int Format { get; } = format;

    /// <summary>Constants, defaults of parameters, and layers, one on a line.</summary>
    public string Text { get; } = text;
}
