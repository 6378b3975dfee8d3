using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class MaxPool3D() : PoolingOperator(PoolingKind.Max, 3)
{
    public override string Kind => "MaxPool3D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool3D(kernel)]",
        "C×D×H×W → C×D′×H′×W′, D′ = ⌊(D + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, h, i, j] = max x[c, S·h + l − P, S·i + m − P, S·j + n − P]",
        "nn.MaxPool3d",
        "MaxPooling3D");
}
