using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class AveragePool1D() : PoolingOperator(PoolingKind.Average, 1)
{
    public override string Kind => "AveragePool1D";

    public override OperatorDocumentation Documentation => new(
        "[AveragePool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i] = 1/K·Σ x[c, S·i + k − P]",
        "nn.AvgPool1d",
        "AveragePooling1D");
}
