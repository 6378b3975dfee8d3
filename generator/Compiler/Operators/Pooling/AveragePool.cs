using System.Collections.Generic;
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

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "AveragePool1D(2)", "AveragePool1D(3, Padding = 1, CeilMode = true)",
            "AveragePool1D(3, Stride = 2, AutoPad = AutoPad.Same, CountIncludePad = false)",
            "AveragePool1D(3, Stride = 1, PaddingLeft = 1, PaddingRight = 0)"),
    ];
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

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "AveragePool2D(2)", "AveragePool2D(3, Stride = 2, Padding = 1)", "AveragePool2D(3, Stride = 1, Padding = 1)",
        "AveragePool2D(3, Stride = 2, Padding = 1, CountIncludePad = false)", "AveragePool2D(2, CeilMode = true)",
        "AveragePool2D(3, Stride = 3, Padding = 1, CeilMode = true)",
        "AveragePool2D(4, Stride = 3, Padding = 1, CeilMode = true, CountIncludePad = false)",
        "AveragePool2D(3, Stride = 2, AutoPad = AutoPad.Same)",
        "AveragePool2D(2, KernelHeight = 3, KernelWidth = 2, StrideHeight = 1, StrideWidth = 2)",
        "AveragePool2D(2, PaddingHeight = 1, PaddingWidth = 0)",
        "AveragePool2D(2, PaddingTop = 1, PaddingBottom = 0, PaddingLeft = 1, PaddingRight = 1)",
    ];
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

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Volume, "AveragePool3D(2, CeilMode = true)", "AveragePool3D(2, StrideDepth = 1)",
            "AveragePool3D(3, Stride = 2, Padding = 1, CountIncludePad = false)", "AveragePool3D(3, Stride = 2, AutoPad = AutoPad.Same)",
            "AveragePool3D(2, KernelDepth = 1, KernelHeight = 3, KernelWidth = 2, StrideDepth = 2, StrideHeight = 1, StrideWidth = 2)",
            "AveragePool3D(2, PaddingDepth = 1, PaddingHeight = 0, PaddingWidth = 1)",
            "AveragePool3D(2, PaddingFront = 1, PaddingBack = 0, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 1, PaddingRight = 1)"),
    ];
}
