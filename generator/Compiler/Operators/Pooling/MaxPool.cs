using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class MaxPool1D() : PoolingOperator(PoolingKind.Max, 1)
{
    public override string Kind => "MaxPool1D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − D·(F − 1) − 1)/S⌋ + 1, S = F by default",
        "y[c, i] = max x[c, S·i + D·k − P]",
        "nn.MaxPool1d",
        "MaxPooling1D");
}

internal sealed class MaxPool2D() : PoolingOperator(PoolingKind.Max, 2)
{
    public override string Kind => "MaxPool2D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool2D(kernel)]",
        "C×H×W → C×H′×W′, H′ = ⌊(H + 2P − D·(F − 1) − 1)/S⌋ + 1, S = F by default",
        "y[c, i, j] = max x[c, S·i + D·m − P, S·j + D·n − P]",
        "nn.MaxPool2d",
        "MaxPooling2D");
}

internal sealed class MaxPool3D() : PoolingOperator(PoolingKind.Max, 3)
{
    public override string Kind => "MaxPool3D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool3D(kernel)]",
        "C×D×H×W → C×D′×H′×W′, H′ = ⌊(H + 2P − D·(F − 1) − 1)/S⌋ + 1, S = F by default",
        "y[c, h, i, j] = max x[c, S·h + D·l − P, S·i + D·m − P, S·j + D·n − P]",
        "nn.MaxPool3d",
        "MaxPooling3D");
}
