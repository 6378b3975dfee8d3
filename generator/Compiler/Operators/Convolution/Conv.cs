namespace Strata.Compiler.Operators;

internal sealed class Conv1D() : ConvolutionOperator(1)
{
    public override string Kind => "Conv1D";

    public override OperatorDocumentation Documentation => new(
        "[Conv1D(filters, kernel)]",
        "C×L → filters×L′, L′ = ⌊(L + 2P − D·(F − 1) − 1)/S⌋ + 1",
        "y[o, i] = b[o] + Σ w[o, c, k]·x[c, S·i + D·k − P]",
        "nn.Conv1d",
        "Conv1D");
}

internal sealed class Conv2D() : ConvolutionOperator(2)
{
    public override string Kind => "Conv2D";

    public override OperatorDocumentation Documentation => new(
        "[Conv2D(filters, kernel)]",
        "C×H×W → filters×H′×W′, H′ = ⌊(H + 2P − D·(F − 1) − 1)/S⌋ + 1",
        "y[o, i, j] = b[o] + Σ w[o, c, m, n]·x[c, S·i + D·m − P, S·j + D·n − P]",
        "nn.Conv2d",
        "Conv2D");
}

internal sealed class Conv3D() : ConvolutionOperator(3)
{
    public override string Kind => "Conv3D";

    public override OperatorDocumentation Documentation => new(
        "[Conv3D(filters, kernel)]",
        "C×D×H×W → filters×D′×H′×W′, H′ = ⌊(H + 2P − D·(F − 1) − 1)/S⌋ + 1",
        "y[o, h, i, j] = b[o] + Σ w[o, c, l, m, n]·x[c, S·h + D·l − P, S·i + D·m − P, S·j + D·n − P]",
        "nn.Conv3d",
        "Conv3D");
}
