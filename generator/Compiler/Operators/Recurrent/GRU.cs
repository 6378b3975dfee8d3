namespace Strata.Compiler.Operators;

internal sealed class GRU : RecurrentOperator
{
    public override string Kind => "GRU";

    public override OperatorDocumentation Documentation => new(
        "[GRU(hidden)]", "C×L → hidden×L; twice as many channels if Bidirectional",
        "y = (1 − z)·n + z·y₋₁; n = tanh(W·x + b + r·(U·y₋₁ + b′))",
        "nn.GRU(C, hidden, batch_first=True)", "GRU(hidden, return_sequences=True)");

    protected override RecurrentOperation Make(RecurrentCell cell) => new GatedRecurrentUnit(cell);
}
