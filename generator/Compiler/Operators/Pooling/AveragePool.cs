using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

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
