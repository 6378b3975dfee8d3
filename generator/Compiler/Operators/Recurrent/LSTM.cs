namespace Strata.Compiler.Operators;

internal sealed class LSTM : RecurrentOperator
{
    public override string Kind => "LSTM";

    public override OperatorDocumentation Documentation => new(
        "[LSTM(hidden)]", "C×L → hidden×L; twice as many channels if Bidirectional",
        "c = f·c₋₁ + i·g, y = o·tanh c; i, f, o = σ(W·x + U·y₋₁ + b)",
        "nn.LSTM(C, hidden, batch_first=True)", "LSTM(hidden, return_sequences=True)");

    protected override RecurrentOperation Make(RecurrentCell cell) => new LongShortTermMemory(cell);
}
