namespace Strata.Generator.Operators;

internal sealed class L2Pool3D() : L2PoolOperator(3)
{
    public override string Kind => "L2Pool3D";

    public override OperatorDocumentation Documentation => new(
        "[L2Pool3D(kernel)]",
        "C×D×H×W → C×D′×H′×W′, D′ = ⌊(D + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, h, i, j] = √Σ x[c, S·h + l − P, S·i + m − P, S·j + n − P]²",
        "nn.LPPool3d(2, kernel)",
        "");
}
