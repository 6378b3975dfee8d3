using System.Collections.Generic;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>What the convolutions have in common.</summary>
internal abstract class ConvolutionOperator(int dimensions) : LayerOperator
{
    public sealed override string Stem => "conv";

    public sealed override LayerResult? Build(LayerContext layer)
    {
        int filters = layer.AtLeast(1, "filters");
        int groups = layer.AtLeast(1, "Groups", 1);
        Initializer initializer = layer.Initializer();
        if (filters >= 1 && groups >= 1)
        {
            if (filters % groups != 0)
            {
                ReportGroups(layer, groups, filters, "filters");
            }
            else if (layer.Input is { } input && input.Rank == dimensions + 1 && input.Channels % groups != 0)
            {
                ReportGroups(layer, groups, input.Channels, "channels");
            }
        }

        if (Window.Read(layer, dimensions, pooling: false) is not { } window || layer.HasErrors)
        {
            return null;
        }

        return new LayerResult(
            new Convolution(filters, window.Vertical, window.Horizontal, groups, layer.Bool("Bias", true), initializer) { Depth = window.Depth },
            window.Output with { Channels = filters },
            window.Formula,
            window.PaddedInput);
    }

    public sealed override IEnumerable<string> ParameterSuffixes(LayerContext layer) =>
        layer.Bool("Bias", true) ? ["weight", "bias"] : ["weight"];

    private static void ReportGroups(LayerContext layer, int groups, int number, string noun)
    {
        string amount = Arithmetic.Number(number);
        layer.Report(
            Rules.GroupsDoNotDivide,
            "Groups",
            Arithmetic.Number(groups),
            $"{amount} {noun}",
            $"{amount} = {Arithmetic.Number(number / groups)}·{Arithmetic.Number(groups)} + {Arithmetic.Number(number % groups)}",
            layer.Input is { } input ? $"; input is {input}" : "");
    }
}
