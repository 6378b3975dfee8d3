using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class MaxPool1D() : PoolingOperator(PoolingKind.Max, 1)
{
    public override string Kind => "MaxPool1D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i] = max x[c, S·i + k − P]",
        "nn.MaxPool1d",
        "MaxPooling1D");
}
