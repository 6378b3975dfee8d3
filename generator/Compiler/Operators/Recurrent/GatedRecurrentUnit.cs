using Strata.Compiler.KernelLanguage;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

/// <summary>
/// A gated recurrent unit (Cho et al. 2014), with the reset gate behind the product with the state, as in PyTorch and cuDNN. The gates are
/// in PyTorch's order: reset, update, new.
/// </summary>
internal sealed record GatedRecurrentUnit(RecurrentCell Cell) : RecurrentOperation(Cell, Gates: 3, Kept: 4)
{
    private const int ResetGate = 0, UpdateGate = 1, NewGate = 2, StateSum = 3;

    protected override bool PassesState => true;

    public override int? Memory => null;

    public override RecurrentStep RecordStep(KernelBuilder k, Expression[] ofInput, Expression[] ofState, UnitBefore? before)
    {
        Variable reset = k.Let("reset", Sigmoid(ofInput[ResetGate] + ofState[ResetGate]));
        Variable update = k.Let("update", Sigmoid(ofInput[UpdateGate] + ofState[UpdateGate]));
        Variable sum = k.Let("sum", ofState[NewGate]);
        Variable next = k.Let("next", Tanh(ofInput[NewGate] + (reset * sum)));
        Expression added = (1 - update) * next;
        return new RecurrentStep(before is null ? added : added + (update * before.State()), [reset, update, next, sum]);
    }

    protected override void RecordGates(RecurrentWay way, Loops k, Index unit, Index at, Index? before)
    {
        Variable reset = k.Let("reset", way.KeptOf(ResetGate, unit, at)), update = k.Let("update", way.KeptOf(UpdateGate, unit, at));
        Variable next = k.Let("next", way.KeptOf(NewGate, unit, at)), ofState = k.Let("ofState", way.StateGradient(unit, at));
        Variable ofNext = k.Let("ofNext", ofState * (1 - update) * (1 - (next * next)));
        Expression difference = before is null ? -next : way.State(unit, before) - next;
        way.SetSumGradient(ResetGate, unit, at, ofNext * way.KeptOf(StateSum, unit, at) * (reset * (1 - reset)));
        way.SetSumGradient(UpdateGate, unit, at, ofState * difference * (update * (1 - update)));
        way.SetSumGradient(NewGate, unit, at, ofNext, ofNext * reset);
        way.Later[1, 0, 0, unit] = ofState * update;
    }
}
