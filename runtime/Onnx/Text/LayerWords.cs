using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>What the text needs to know about the words of the language.</summary>
internal static class LayerWords
{
    /// <summary>The default name of a kind without its number: <c>conv</c>.</summary>
    public static string StemOf(string kind) => Find(kind)?.Stem ?? kind.ToLowerInvariant();

    /// <summary>How a positional argument is called: what <c>Conv2D(64, 3)</c> says are filters and a kernel.</summary>
    public static string PositionalName(string kind, int place) =>
        Find(kind)?.Arguments.Where(argument => argument.IsPositional).ElementAtOrDefault(place)?.Name ?? "value";

    /// <summary>The default of a property of a kind; null if it has none.</summary>
    public static object? DefaultOf(string kind, string property) =>
        Find(kind)?.Arguments.FirstOrDefault(argument => argument.Name == property)?.Default;

    /// <summary>The place of an argument among those of a kind, behind which those of all layers are.</summary>
    public static int PlaceOf(string kind, string argument) =>
        Find(kind)?.Arguments.TakeWhile(spec => spec.Name != argument).Count() ?? 0;

    /// <summary>Whether a layer computes each element from one element, or from those of its pixel.</summary>
    public static bool IsActivation(string kind) => Find(kind)?.Family == OperatorFamily.Activations;

    /// <summary>Whether a layer normalises by statistics of its input.</summary>
    public static bool IsNorm(string kind) => Find(kind)?.HasStatistics == true;

    /// <summary>Whether a layer joins tensors. Only then it takes no number of a sequence.</summary>
    public static bool IsJoin(Layer layer) => layer.IsJoin && !ReadsPartner(layer);

    /// <summary>Whether a layer's second tensor is the layer that its first argument names.</summary>
    public static bool ReadsPartner(Layer layer) => Find(layer.Kind)?.PartnerArgument is not null;

    private static LayerOperator? Find(string kind) => OperatorSet.FindBuiltIn(kind) as LayerOperator;
}
