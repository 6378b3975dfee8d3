namespace Strata.Generator.Operators;

internal sealed class L2Pool2D() : L2PoolOperator(2)
{
    public override string Kind => "L2Pool2D";

    public override OperatorDocumentation Documentation => new(
        "[L2Pool2D(kernel)]",
        "C×H×W → C×H′×W′, H′ = ⌊(H + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i, j] = √Σ x[c, S·i + m − P, S·j + n − P]²",
        "nn.LPPool2d(2, kernel)",
        "");
}
