using System.Collections.Generic;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class MaxPool1D() : PoolingOperator(PoolingKind.Max, 1)
{
    public override string Kind => "MaxPool1D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool1D(kernel)]",
        "C×L → C×L′, L′ = ⌊(L + 2P − d·(F − 1) − 1)/S⌋ + 1, S = F by default",
        "y[c, i] = max x[c, S·i + d·k − P]",
        "nn.MaxPool1d",
        "MaxPooling1D");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "MaxPool1D(3)", "MaxPool1D(3, Dilation = 2)", "MaxPool1D(2, Stride = 1, Padding = 1, CeilMode = true)",
            "MaxPool1D(3, Stride = 2, AutoPad = AutoPad.Same)", "MaxPool1D(3, Stride = 2, PaddingLeft = 1, PaddingRight = 0)"),
    ];
}

internal sealed class MaxPool2D() : PoolingOperator(PoolingKind.Max, 2)
{
    public override string Kind => "MaxPool2D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool2D(kernel)]",
        "C×H×W → C×H′×W′, H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1, S = F by default",
        "y[c, i, j] = max x[c, S·i + d·m − P, S·j + d·n − P]",
        "nn.MaxPool2d",
        "MaxPooling2D");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "MaxPool2D(2)", "MaxPool2D(3, Stride = 2, Padding = 1)", "MaxPool2D(2, CeilMode = true)",
        "MaxPool2D(3, Stride = 2, CeilMode = true)", "MaxPool2D(3, Stride = 3, Padding = 1, CeilMode = true)",
        "MaxPool2D(2, StrideWidth = 3, CeilMode = true)", "MaxPool2D(3, Stride = 2, AutoPad = AutoPad.Same)",
        "MaxPool2D(2, Dilation = 2, Stride = 1)", "MaxPool2D(3, DilationHeight = 2, Stride = 2, Padding = 1)",
        "MaxPool2D(2, KernelHeight = 3, KernelWidth = 2, StrideHeight = 1, StrideWidth = 2)",
        "MaxPool2D(2, PaddingHeight = 1, PaddingWidth = 0)",
        "MaxPool2D(2, PaddingTop = 1, PaddingBottom = 0, PaddingLeft = 1, PaddingRight = 1)",
        .. In("4, 13, 12", "MaxPool2D(2, Stride = 3, DilationWidth = 3)"),
    ];
}

internal sealed class MaxPool3D() : PoolingOperator(PoolingKind.Max, 3)
{
    public override string Kind => "MaxPool3D";

    public override OperatorDocumentation Documentation => new(
        "[MaxPool3D(kernel)]",
        "C×D×H×W → C×D′×H′×W′, H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1, S = F by default",
        "y[c, h, i, j] = max x[c, S·h + d·l − P, S·i + d·m − P, S·j + d·n − P]",
        "nn.MaxPool3d",
        "MaxPooling3D");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Volume, "MaxPool3D(2)", "MaxPool3D(3, Stride = 2, Padding = 1, CeilMode = true)", "MaxPool3D(2, Dilation = 2, Stride = 1)",
            "MaxPool3D(3, Stride = 2, AutoPad = AutoPad.Same)",
            "MaxPool3D(2, KernelDepth = 1, KernelHeight = 3, KernelWidth = 2, StrideDepth = 2, StrideHeight = 1, StrideWidth = 2)",
            "MaxPool3D(2, PaddingDepth = 1, PaddingHeight = 0, PaddingWidth = 1)",
            "MaxPool3D(2, PaddingFront = 1, PaddingBack = 0, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 1, PaddingRight = 1)"),
        .. In("2, 6, 7, 7", "MaxPool3D(2, Stride = 1, DilationDepth = 2, DilationHeight = 1, DilationWidth = 3)"),
    ];
}
