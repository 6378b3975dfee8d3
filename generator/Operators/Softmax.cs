using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Softmax : ShapePreserving
{
    public override string Kind => "Softmax";

    public override string Stem => "softmax";

    public override EquatableArray<string> PyTorchPlaces => EquatableArray.Of(
        Known + "it runs along the channels");

    public override OperatorDocumentation Documentation =>
        new("[Softmax]", "unchanged", "y[c] = e^x[c]/Σ e^x[k]", "nn.Softmax(dim=1)", "Softmax");

    protected override Operation Operation => new SoftmaxOperation();
}

/// <summary>Softmax along the channels.</summary>
internal sealed record SoftmaxOperation : Operation
{
    public override bool IsActivation => true;

    public override bool GivesProbabilities => true;

    public override bool ReadsInSequence(Shape input, bool training) => input.Rank == 1;

    public override Reach ReachOf(Shape input, Shape output) => Reach.AllChannels(input);
}
