namespace Strata.Generator.Operators;

internal sealed class L2Pool1D() : L2PoolOperator(1)
{
    public override string Kind => "L2Pool1D";

    public override OperatorDocumentation Documentation => new(
        "[L2Pool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i] = √Σ x[c, S·i + k − P]²",
        "nn.LPPool1d(2, kernel)",
        "");
}
