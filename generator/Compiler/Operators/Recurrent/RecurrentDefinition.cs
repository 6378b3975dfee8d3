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
    public override IEnumerable<string> ParameterSuffixes => Enumerable.Range(0, Math.Max(Layers.Value, 1))
        .SelectMany(layer => RecurrentOperation.SuffixesOf(CellOf(layer)));

    public override LayerResult? Build(LayerContext layer)
    {
        int hidden = layer.AtLeast(1, Hidden), layers = layer.AtLeast(1, Layers);
        if (layer.HasErrors || !layer.HasDimensions(1) || layer.Input is not { } input)
        {
            return null;
        }

        Shape states = input with { Channels = hidden * CellOf(0).Directions };
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
