namespace Strata.Generator.Operators;

internal sealed class Conv2D() : ConvolutionOperator(2)
{
    public override string Kind => "Conv2D";

    public override OperatorDocumentation Documentation => new(
        "[Conv2D(filters, kernel)]",
        "C×H×W → filters×H′×W′, H′ = ⌊(H + 2P − D·(F − 1) − 1)/S⌋ + 1",
        "y[o, i, j] = b[o] + Σ w[o, c, m, n]·x[c, S·i + D·m − P, S·j + D·n − P]",
        "nn.Conv2d",
        "Conv2D");
}
