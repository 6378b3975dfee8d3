namespace Strata.Generator.Operators;

internal sealed class StochasticDepth : LayerOperator
{
    public override string Kind => "StochasticDepth";

    public override string Stem => "drop";

    public override OperatorDocumentation Documentation => new(
        "[StochasticDepth(0.2)]", "unchanged",
        "in training all of a sample is 0 with probability rate, else x/(1 − rate); at the end of a residual branch",
        "torchvision.ops.StochasticDepth(p, 'row')", "Dropout(p, noise_shape=(None, 1, 1, 1))");

    public override LayerResult? Build(LayerContext layer)
    {
        double rate = Dropout.RateOf(layer);
        return layer.HasErrors || layer.Input is not { } input
            ? null : new LayerResult(new DropoutOperation(rate, DroppedPart.Sample), input);
    }
}
