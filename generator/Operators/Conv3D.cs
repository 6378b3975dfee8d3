namespace Strata.Generator.Operators;

internal sealed class Conv3D() : ConvolutionOperator(3)
{
    public override string Kind => "Conv3D";

    public override OperatorDocumentation Documentation => new(
        "[Conv3D(filters, kernel)]",
        "C×D×H×W → filters×D′×H′×W′, H′ = ⌊(H + 2P − D·(F − 1) − 1)/S⌋ + 1",
        "y[o, h, i, j] = b[o] + Σ w[o, c, l, m, n]·x[c, S·h + D·l − P, S·i + D·m − P, S·j + D·n − P]",
        "nn.Conv3d",
        "Conv3D");
}
