using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class AveragePool2D() : PoolingOperator(PoolingKind.Average, 2)
{
    public override string Kind => "AveragePool2D";

    public override OperatorDocumentation Documentation => new(
        "[AveragePool2D(kernel)]",
        "C×H×W → C×H′×W′, H′ = ⌊(H + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i, j] = 1/K·Σ x[c, S·i + m − P, S·j + n − P]",
        "nn.AvgPool2d",
        "AveragePooling2D");
}
