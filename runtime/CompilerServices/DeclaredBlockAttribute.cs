using System;
using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>
/// Describes a block for projects that reference its assembly. Compiled attributes have only the values of a block's constants. The text
/// has their expressions, so that the block's parameters work in other projects. The generator writes one such attribute for each class
/// that derives from <see cref="BlockAttribute"/>, and reads those of referenced assemblies.
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

    /// <summary>The version of the text's format, at least 1. A generator reads only formats that it knows.</summary>
    public int Format { get; } = format;

    /// <summary>Constants, defaults of parameters, and layers, one on a line.</summary>
    public string Text { get; } = text;
}
