using Strata.Generator.Diagnostics;

namespace Strata.Generator.Operators;

internal sealed class Dropout : LayerOperator
{
    public override string Kind => "Dropout";

    public override string Stem => "dropout";

    public override OperatorDocumentation Documentation => new(
        "[Dropout(0.5)]", "unchanged", "in training y = 0 with probability rate, else x/(1 − rate)", "nn.Dropout", "Dropout");

    public override LayerResult? Build(LayerContext layer)
    {
        double rate = RateOf(layer);
        return layer.HasErrors || layer.Input is not { } input ? null : new LayerResult(new Graph.Dropout(rate), input);
    }

    public static double RateOf(LayerContext layer)
    {
        double rate = layer.Double("rate", 0.5);

        // Written so that NaN fails too. A rate of 1 would divide by zero, and nothing would be learned.
        if (!(rate >= 0 && rate < 1))
        {
            layer.Report(Rules.ArgumentOutOfRange, "rate", "rate", Arithmetic.Number(rate), "at least 0 and less than 1");
        }

        return rate;
    }
}
