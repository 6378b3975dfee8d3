namespace Strata.Generator.Operators;

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
