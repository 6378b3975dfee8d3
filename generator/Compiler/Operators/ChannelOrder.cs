using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>An input whose channels seem to be last, as in Keras and in image files.</summary>
/// <param name="Site">The input's place.</param>
/// <param name="Declared">Its shape as it is declared: <c>28×28×1</c>.</param>
/// <param name="Meant">The shape that was most likely meant: <c>1×28×28</c>.</param>
internal sealed record ChannelOrder(Site Site, Shape Declared, Shape Meant)
{
    /// <summary>The attribute of the input.</summary>
    public const string Kind = "Input";

    /// <summary>The arguments to write: <c>1, 28, 28</c>.</summary>
    public string Arguments => string.Join(", ", Meant.Extents.Select(extent => Arithmetic.Number(extent)));

    /// <summary>The attribute to write: <c>Input(1, 28, 28)</c>.</summary>
    public string Attribute => $"{Kind}({Arguments})";
}
