using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class Conv1D() : ConvolutionOperator(1)
{
    public override string Kind => "Conv1D";

    public override OperatorDocumentation Documentation => new(
        "[Conv1D(filters, kernel)]",
        "C×L → filters×L′, L′ = ⌊(L + 2P − d·(F − 1) − 1)/S⌋ + 1",
        "y[o, i] = b[o] + Σ w[o, c, k]·x[c, S·i + d·k − P]",
        "nn.Conv1d",
        "Conv1D");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Sequence, "Conv1D(5, 3)", "Conv1D(3, 5)", "Conv1D(4, 1)",
            "Conv1D(6, 3, Padding = 2, PaddingMode = PaddingMode.Reflect, Groups = 3)",
            "Conv1D(5, 4, AutoPad = AutoPad.Same, Bias = false)", "Conv1D(5, 3, Dilation = 2, AutoPad = AutoPad.Full)",
            "Conv1D(3, 3, PaddingLeft = 2, PaddingRight = 0)",
            "Conv1D(4, 3, Padding = 1, Stride = 2, Initializer = Initializer.HeNormal)"),
        .. In("4, 23", "Conv1D(3, 3, Stride = 2, Dilation = 3)", "Conv1D(4, 5, Padding = 2, Groups = 4)"),
    ];
}

internal sealed class Conv2D() : ConvolutionOperator(2)
{
    public override string Kind => "Conv2D";

    public override OperatorDocumentation Documentation => new(
        "[Conv2D(filters, kernel)]",
        "C×H×W → filters×H′×W′, H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1",
        "y[o, i, j] = b[o] + Σ w[o, c, m, n]·x[c, S·i + d·m − P, S·j + d·n − P]",
        "nn.Conv2d",
        "Conv2D");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Image, "Conv2D(5, 3)", "Conv2D(4, 1)", "Conv2D(5, 3, Bias = false, Stride = 2, Padding = 1)", "Conv2D(8, 3, Groups = 4)",
            "Conv2D(4, 3, Groups = 4, Padding = 1)", "Conv2D(6, 3, Groups = 2, Dilation = 2, Padding = 2)",
            "Conv2D(3, 3, AutoPad = AutoPad.Same, Stride = 2)", "Conv2D(3, 3, AutoPad = AutoPad.Full)",
            "Conv2D(3, 3, AutoPad = AutoPad.Valid, Stride = 2)",
            "Conv2D(3, 1, KernelHeight = 3, KernelWidth = 2, StrideWidth = 2, PaddingTop = 1, PaddingRight = 1)",
            "Conv2D(4, 5, KernelWidth = 2, Padding = 2)",
            "Conv2D(5, 2, KernelWidth = 4, StrideHeight = 2, PaddingHeight = 1, PaddingRight = 3)",
            "Conv2D(4, 3, DilationHeight = 2, DilationWidth = 1, PaddingBottom = 2, PaddingLeft = 1)",
            "Conv2D(3, 3, Padding = 2, PaddingMode = PaddingMode.Reflect)",
            "Conv2D(4, 3, Padding = 1, PaddingMode = PaddingMode.Reflect)",
            "Conv2D(4, 3, Padding = 1, PaddingMode = PaddingMode.Circular)",
            "Conv2D(3, 3, PaddingHeight = 1, PaddingLeft = 2, PaddingMode = PaddingMode.Replicate)",
            "Conv2D(3, 3, PaddingHeight = 1, PaddingRight = 2, PaddingMode = PaddingMode.Circular)",
            "Conv2D(4, 3, PaddingWidth = 1, Initializer = Initializer.GlorotUniform)", "Conv2D(3, 1, Frozen = true)",
            "Conv2D(4, 1), Conv2D(4, 3, Padding = 1, Name = \"a\"), Tanh, Conv2D(4, 3, Weights = \"a\")"),
    ];
}

internal sealed class Conv3D() : ConvolutionOperator(3)
{
    public override string Kind => "Conv3D";

    public override OperatorDocumentation Documentation => new(
        "[Conv3D(filters, kernel)]",
        "C×D×H×W → filters×D′×H′×W′, H′ = ⌊(H + 2P − d·(F − 1) − 1)/S⌋ + 1",
        "y[o, h, i, j] = b[o] + Σ w[o, c, l, m, n]·x[c, S·h + d·l − P, S·i + d·m − P, S·j + d·n − P]",
        "nn.Conv3d",
        "Conv3D");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Volume, "Conv3D(4, 3, Padding = 1, StrideHeight = 2)", "Conv3D(4, 3, Padding = 1, PaddingMode = PaddingMode.Circular)",
            "Conv3D(2, 3, KernelDepth = 2)", "Conv3D(4, 1)",
            "Conv3D(3, 2, Stride = 2, AutoPad = AutoPad.Same)",
            "Conv3D(2, 2, AutoPad = AutoPad.Full, Initializer = Initializer.LeCunNormal)",
            "Conv3D(3, 2, KernelDepth = 1, KernelHeight = 3, KernelWidth = 2, StrideDepth = 2, StrideHeight = 1, StrideWidth = 2)",
            "Conv3D(3, 2, PaddingDepth = 1, PaddingHeight = 0, PaddingWidth = 1)",
            "Conv3D(3, 2, PaddingFront = 1, PaddingBack = 0, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 1, PaddingRight = 1)"),
        .. In("2, 6, 7, 7", "Conv3D(3, 2, DilationDepth = 2, DilationHeight = 1, DilationWidth = 3)",
            "Conv3D(4, 3, Padding = 2, Dilation = 2, Groups = 2, Bias = false)"),
    ];
}
