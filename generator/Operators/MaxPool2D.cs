using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class MaxPool2D() : PoolingOperator(PoolingKind.Max, 2)
{
    public override string Kind => "MaxPool2D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool2D(kernel)]",
        "C×H×W → C×H′×W′, H′ = ⌊(H + 2P − F)/S⌋ + 1, S = F by default",
        "y[c, i, j] = max x[c, S·i + m − P, S·j + n − P]",
        "nn.MaxPool2d",
        "MaxPooling2D");
}
