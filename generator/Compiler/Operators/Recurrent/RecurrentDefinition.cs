using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>One or several layers that go along a sequence; each reads the states of the one before.</summary>
/// <param name="Make">Makes the operation of a layer.</param>
internal sealed record RecurrentDefinition(
    Argument<int> Hidden, Argument<int> Layers, Argument<bool> Bidirectional, Argument<bool> Bias,
    Func<RecurrentCell, RecurrentOperation> Make) : LayerDefinition
{
    /// <summary>Each layer has parameters and kernels of its own. A mistyped number must not make millions of them.</summary>
    public const int MostLayers = 100;

    public override IEnumerable<string> ParameterSuffixes => Enumerable.Range(0, Math.Min(Math.Max(Layers.Value, 1), MostLayers))
        .SelectMany(layer => RecurrentOperation.SuffixesOf(CellOf(layer)));

    public override LayerResult? Build(LayerContext layer)
    {
        int hidden = layer.AtLeast(1, Hidden), layers = layer.InRange(1, MostLayers, Layers);
        if (layer.HasErrors || !layer.HasDimensions(1) || layer.Input is not { } input)
        {
            return null;
        }

        int directions = CellOf(0).Directions;
        if (hidden > Window.MaxExtent / directions)
        {
            string product = Arithmetic.Equation(
                $"{Arithmetic.Number(hidden)}·{Arithmetic.Number(directions)}", (long)hidden * directions);
            layer.Report(ShapeProblems.ExtentTooLarge(layer.At(Hidden.Name), $"its channels, {product},"));
            return null;
        }

        Shape states = input with { Channels = hidden * directions };
        return new LayerResult(Make(CellOf(layers - 1)), states)
        {
            Before =
            [
                .. Enumerable.Range(0, layers - 1).Select(number =>
                    new ImplicitLayer("l" + Arithmetic.Number(number), Make(CellOf(number)), states)),
            ],
        };
    }

    private RecurrentCell CellOf(int layer) => new(Hidden.Value, layer, Bidirectional.Value ? 2 : 1, Bias.Value);
}
