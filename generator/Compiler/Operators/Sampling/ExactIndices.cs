using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>Indices along an axis, which are floats.</summary>
internal static class ExactIndices
{
    /// <summary>Up to here each index is a float.</summary>
    public const int Most = 1 << 24;

    /// <summary>Whether each index along an axis of the layer's input is a float. If not, that is reported.</summary>
    /// <param name="argument">The argument that names the axis.</param>
    public static bool HasExactIndices(this LayerContext layer, string argument, Axes axis)
    {
        Shape input = layer.Input!.Value;
        if (input.Extent(axis) <= Most)
        {
            return true;
        }

        layer.Report(ArgumentProblems.Unsupported(
            layer.At(argument), $"its input, {input}, is too long along the {input.NameOf(axis)}",
            $"An index is a float, which is exact up to {Arithmetic.Number(Most)}: split the input before"));
        return false;
    }
}
