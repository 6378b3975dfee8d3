using System.Linq;
using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

/// <summary>
/// A long short-term memory with a forget gate (Hochreiter and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000). The gates are in
/// PyTorch's order: input, forget, cell, output.
/// </summary>
internal sealed record LongShortTermMemory(RecurrentCell Cell) : RecurrentOperation(Cell, Gates: 4, Kept: 5)
{
    private const int InputGate = 0, ForgetGate = 1, CellGate = 2, OutputGate = 3, CellState = 4;

    protected override bool PassesState => false;

    public override int? Memory => CellState;

    public override RecurrentStep RecordStep(KernelBuilder k, Expression[] ofInput, Expression[] ofState, UnitBefore? before)
    {
        Variable[] gates = k.Let(ofInput.Select((sum, gate) =>
            ($"gate{gate}", gate == CellGate ? Tanh(sum + ofState[gate]) : Sigmoid(sum + ofState[gate]))));
        Expression added = gates[InputGate] * gates[CellGate];
        Variable cell = k.Let("cell", before is null ? added : (gates[ForgetGate] * before.Memory()) + added);
        return new RecurrentStep(gates[OutputGate] * Tanh(cell), [.. gates, cell]);
    }

    protected override void RecordGates(RecurrentWay way, Loops k, Index unit, Index at, Index? before)
    {
        Variable[] gates = k.Let(Enumerable.Range(0, Gates).Select(gate => ($"gate{gate}", way.KeptOf(gate, unit, at))));
        (Variable input, Variable forget, Variable added, Variable output) =
            (gates[InputGate], gates[ForgetGate], gates[CellGate], gates[OutputGate]);
        Variable shown = k.Let("shown", Tanh(way.KeptOf(CellState, unit, at)));
        Variable ofState = k.Let("ofState", way.StateGradient(unit, at));
        Variable ofCell = k.Let("ofCell", way.Later[1, 0, 0, unit] + (ofState * output * (1 - (shown * shown))));
        way.SetSumGradient(InputGate, unit, at, ofCell * added * (input * (1 - input)));
        way.SetSumGradient(
            ForgetGate, unit, at, before is null ? 0 : ofCell * way.KeptOf(CellState, unit, before) * (forget * (1 - forget)));
        way.SetSumGradient(CellGate, unit, at, ofCell * input * (1 - (added * added)));
        way.SetSumGradient(OutputGate, unit, at, ofState * shown * (output * (1 - output)));
        way.Later[1, 0, 0, unit] = ofCell * forget;
    }
}
