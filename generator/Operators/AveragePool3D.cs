using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class AveragePool3D() : PoolingOperator(PoolingKind.Average, 3)
{
    public override string Kind => "AveragePool3D";

    public override OperatorDocumentation Documentation => new(
        "[AveragePool3D(kernel)]",
        "C×D×H×W → C×D′×H′×W′, D′ = ⌊(D + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, h, i, j] = 1/K·Σ x[c, S·h + l − P, S·i + m − P, S·j + n − P]",
        "nn.AvgPool3d",
        "AveragePooling3D");
}
