using System.Collections.Generic;

namespace Strata.Onnx.Reading;

/// <summary>Brings a node into normal form, and infers the shapes of its outputs.</summary>
/// <returns>Whether the node has a normal form.</returns>
internal delegate bool Rule(NodeReading node);

/// <summary>The rules by operator.</summary>
internal static class Rules
{
    private static readonly Dictionary<string, Rule> Standard = new(
    [
        .. ConstantRules.All, .. ShapeRules.All, .. SelectionRules.All, .. JoiningRules.All, .. WindowRules.All, .. PoolingRules.All,
        .. ResizingRules.All, .. ReductionRules.All, .. SamplingRules.All, .. ProductRules.All, .. NormalizationRules.All,
        .. ElementwiseRules.All, .. QuantizationRules.All, .. RecurrentRules.All, .. CompoundRules.All, .. LoopRules.All,
        .. SequenceRules.All, .. PlacingRules.All,
    ]);

    private static readonly Dictionary<string, Rule> Microsoft = new(MicrosoftRules.All);

    /// <summary>The table of the page about normal form.</summary>
    public static IReadOnlyList<NormalRow> Rows =>
    [
        .. ShapeRules.Rows, .. SelectionRules.Rows, .. JoiningRules.Rows, .. WindowRules.Rows, .. PoolingRules.Rows, .. ResizingRules.Rows,
        .. ReductionRules.Rows, .. SamplingRules.Rows, .. ProductRules.Rows, .. RecurrentRules.Rows, .. NormalizationRules.Rows,
        .. ElementwiseRules.Rows, .. ConstantRules.Rows,
    ];

    /// <summary>What normal form does not have.</summary>
    public static IReadOnlyList<string> Gone =>
    [
        .. ConstantRules.Gone, .. ShapeRules.Gone, .. SelectionRules.Gone, .. JoiningRules.Gone, .. ResizingRules.Gone,
        .. ProductRules.Gone, .. ElementwiseRules.Gone, .. CompoundRules.Gone, .. GraphWalk.Gone,
        .. LoopRules.Gone, .. RecurrentRules.Gone, .. SequenceRules.Gone, .. PlacingRules.Gone, Pruning.Gone, .. NormalizationRules.Gone,
        .. QuantizationRules.Gone,
    ];

    public static Rule? Find(string domain, string @operator) => domain switch
    {
        "" => Standard.GetValueOrDefault(@operator),
        "com.microsoft" => Microsoft.GetValueOrDefault(@operator),
        _ => null,
    };
}
