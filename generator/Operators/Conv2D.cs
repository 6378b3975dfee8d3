using System.Collections.Generic;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Conv2D : LayerOperator
{
    public override string Kind => "Conv2D";

    public override string Stem => "conv";

    public override OperatorDocumentation Documentation => new(
        "[Conv2D(filters, kernel)]",
        "C×H×W → filters×H′×W′, H′ = ⌊(H + 2P − D·(F − 1) − 1)/S⌋ + 1",
        "y[o, i, j] = b[o] + Σ w[o, c, m, n]·x[c, S·i + D·m − P, S·j + D·n − P]",
        "nn.Conv2d",
        "Conv2D");

    public override LayerResult? Build(LayerContext layer)
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
            else if (layer.Input is { Rank: 3 } image && image.Channels % groups != 0)
            {
                ReportGroups(layer, groups, image.Channels, "channels");
            }
        }

        if (Window2D.Read(layer, pooling: false) is not { } window || layer.HasErrors)
        {
            return null;
        }

        return new LayerResult(
            new Convolution(filters, window.Vertical, window.Horizontal, groups, layer.Bool("Bias", true), initializer),
            Shape.Image(filters, window.Height, window.Width),
            window.Formula,
            window.PaddedInput);
    }

    public override IEnumerable<string> ParameterSuffixes(LayerContext layer) =>
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
