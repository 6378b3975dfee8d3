using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>
/// A layer that goes along a sequence, in one or both directions, with a state. Each step adds products of the input and of the state
/// before; the cell makes gates of the sums, and the next state of the gates. The channels of the result are the states of the way forward,
/// then those of the way back.
/// </summary>
/// <param name="Cell">Its extents.</param>
/// <param name="Gates">The sums of a unit.</param>
/// <param name="Kept">The numbers of a unit that backward reads.</param>
internal abstract record RecurrentOperation(RecurrentCell Cell, int Gates, int Kept) : LoopOperation
{
    public const string OfInput = "weight_ih", OfState = "weight_hh", InputBias = "bias_ih", StateBias = "bias_hh";

    public sealed override Dependence Dependence => Dependence.All;

    public sealed override Reach ReachOf(Shape input, Shape output) => Reach.Everything;

    public sealed override long MultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        (long)Cell.Directions * output.Width * Gates * Cell.Hidden * (inputs[0].Channels + Cell.Hidden);

    /// <summary>The suffix of a parameter's key: <c>weight_ih_l0_reverse</c>.</summary>
    public static string Suffix(string name, RecurrentCell cell, int direction) =>
        $"{name}_l{Arithmetic.Number(cell.Layer)}{(direction == 0 ? "" : "_reverse")}";

    /// <summary>All suffixes, in PyTorch's order.</summary>
    public static IEnumerable<string> SuffixesOf(RecurrentCell cell) =>
        from direction in Enumerable.Range(0, cell.Directions)
        from name in cell.Bias ? new[] { OfInput, OfState, InputBias, StateBias } : [OfInput, OfState]
        select Suffix(name, cell, direction);

    public sealed override EquatableArray<ParameterSpec> Parameters(Shape input) =>
        SuffixesOf(Cell).Select(suffix => Parameter(suffix, input.Channels)).ToEquatableArray();

    private ParameterSpec Parameter(string suffix, int features)
    {
        int rows = Gates * Cell.Hidden, columns = suffix.StartsWith(OfInput, StringComparison.Ordinal) ? features : Cell.Hidden;
        bool isBias = suffix.StartsWith("bias", StringComparison.Ordinal);

        // All are drawn from U(−1/√H, 1/√H), as PyTorch does.
        return new ParameterSpec(
            suffix, isBias ? EquatableArray.Of(rows) : EquatableArray.Of(rows, columns), Initializer.PyTorchUniform, Cell.Hidden, rows)
        {
            Role = isBias ? ParameterRole.Bias : ParameterRole.Weight,
        };
    }

    // The sums of a unit's gates are computed side by side. In the backward pass each sum of products has a loop of its own.
    public sealed override LoopWork WorkOf(IReadOnlyList<Shape> inputs, Shape output, bool isBackward)
    {
        long units = (long)output.Width * Cell.Hidden;
        return isBackward ? new LoopWork(units * Gates * Math.Max(inputs[0].Channels, Cell.Hidden), 0)
            : new LoopWork(units * (inputs[0].Channels + Cell.Hidden), units * (Gates + 1));
    }

    public sealed override void Forward(LoopPass pass)
    {
        foreach (RecurrentWay way in Ways(pass))
        {
            pass.Step(way.Title, k => way.ForEachStep(k, isBackward: false, (at, before) =>
                k.For([("u", Cell.Hidden)], unit => RecordState(way, k, unit[0], at, before))), name: way.Name);
        }
    }

    public sealed override void Backward(LoopPass pass)
    {
        foreach (RecurrentWay way in Ways(pass))
        {
            pass.Step($"gates{(way.Title.Length > 0 ? ", " : "")}{way.Title}", k =>
            {
                k.For([("r", RecurrentWay.Carried), ("u", Cell.Hidden)], at => way.Later[at[0], 0, 0, at[1]] = 0);
                way.ForEachStep(k, isBackward: true, (at, before) =>
                {
                    k.For([("u", Cell.Hidden)], unit => RecordGates(way, k, unit[0], at, before));
                    if (before is not null)
                    {
                        k.For([("u", Cell.Hidden)], unit => way.Later[0, 0, 0, unit[0]] =
                            way.PassedBySums(k, unit[0], at) is var sum && PassesState ? sum + way.Later[1, 0, 0, unit[0]] : sum);
                    }
                });
            }, name: way.Name + "Gates");
            way.RecordGradients();
        }
    }

    /// <summary>Whether part of the state goes on as it is. Its gradient is in row 1 of <see cref="RecurrentWay.Later"/>.</summary>
    protected abstract bool PassesState { get; }

    /// <summary>
    /// Which of the numbers that are kept of a unit its next step reads, besides the state; null if it reads none of them.
    /// </summary>
    public abstract int? Memory { get; }

    /// <summary>Records what a step makes of a unit's sums.</summary>
    /// <param name="ofInput">The products with the input, for each gate.</param>
    /// <param name="ofState">Those with the state before.</param>
    /// <param name="before">The unit before the step; null at the first step.</param>
    public abstract RecurrentStep RecordStep(KernelBuilder k, Expression[] ofInput, Expression[] ofState, UnitBefore? before);

    /// <summary>Records the next state of a unit. The place before is null at the first step.</summary>
    private void RecordState(RecurrentWay way, Loops k, Index unit, Index at, Index? before)
    {
        (Expression[] ofInput, Expression[] ofState) = way.SumsOf(k, unit, at, before);
        RecurrentStep step = RecordStep(k, ofInput, ofState, before is null ? null
            : new UnitBefore(() => way.State(unit, before), () => way.KeptOf(Memory!.Value, unit, before)));
        for (int row = 0; row < Kept; row++)
        {
            way.Keep(row, unit, at, step.Kept[row]);
        }

        way.SetState(unit, at, step.State);
    }

    /// <summary>Records the gradients of a unit's sums at one step.</summary>
    protected abstract void RecordGates(RecurrentWay way, Loops k, Index unit, Index at, Index? before);

    private IEnumerable<RecurrentWay> Ways(LoopPass pass) =>
        Enumerable.Range(0, Cell.Directions).Select(direction => new RecurrentWay(pass, this, direction));
}

/// <summary>A unit before a step.</summary>
/// <param name="State">Reads its state.</param>
/// <param name="Memory">Reads what the cell keeps besides (<see cref="RecurrentOperation.Memory"/>).</param>
internal sealed record UnitBefore(Func<Expression> State, Func<Expression> Memory);

/// <summary>A unit after a step.</summary>
/// <param name="Kept">The numbers that backward reads.</param>
internal sealed record RecurrentStep(Expression State, Variable[] Kept);
