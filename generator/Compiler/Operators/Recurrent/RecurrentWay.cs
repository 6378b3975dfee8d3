using System;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>One way along a sequence: forward, or back. It has the tensors of a pass, and records the sums of products.</summary>
/// <param name="direction">0 for the way forward, 1 for the way back.</param>
internal sealed class RecurrentWay(LoopPass pass, RecurrentOperation of, int direction)
{
    /// <summary>The rows of <see cref="Later"/>.</summary>
    public const int Carried = 2;

    private readonly int _gates = of.Gates, _hidden = of.Cell.Hidden, _features = pass.Input.Shape.Channels;
    private LoopTensor? _kept, _ofInput, _ofState, _later;

    public string Name => direction == 0 ? "" : "Back";

    public string Title => of.Cell.Directions == 1 ? "" : direction == 0 ? "forward" : "back";

    private int Length => pass.Input.Shape.Width;

    /// <summary>The gradients of the sums, as the products with the input have them.</summary>
    private LoopTensor OfInput => _ofInput ??= pass.Temporary("sumsOfInput" + Name, Sums(_gates));

    /// <summary>The same, as the products with the state have them.</summary>
    private LoopTensor OfState => _ofState ??= pass.Temporary("sumsOfState" + Name, Sums(_gates));

    private LoopTensor Kept => _kept ??= pass.IsTraining
        ? pass.Saved("kept" + Name, Sums(of.Kept)) : pass.Temporary("kept" + Name, Sums(of.Kept));

    /// <summary>What later steps add to the gradients of units. Row 0 is that of the state; row 1 is the cell's own.</summary>
    public LoopTensor Later => _later ??= pass.Temporary("later" + Name, Shape.Image(Carried, 1, _hidden));

    /// <summary>Records a body for each step: with its place in the sequence, and the place before it, null at the first.</summary>
    public void ForEachStep(Loops k, bool isBackward, Action<Index, Index?> body)
    {
        void First() => body(Place(0), null);
        if (!isBackward)
        {
            First();
        }

        if (Length > 1)
        {
            k.For([("t", Length - 1)], t =>
            {
                Index step = isBackward ? Length - 1 - t[0] : t[0] + 1;
                body(Place(step), Place(step - 1));
            });
        }

        if (isBackward)
        {
            First();
        }
    }

    /// <summary>The sums of a unit's gates: products with the input, and with the state before. Each has its bias.</summary>
    public (Expression[] OfInput, Expression[] OfState) SumsOf(Loops k, Index unit, Index at, Index? before)
    {
        var feature = new SumLoop("c", _features);
        var other = new SumLoop("s", _hidden);
        string[] Names(string name) => [.. Enumerable.Range(0, _gates).Select(gate => $"{name}{gate}")];
        Expression[] ofInput = k.SumsOfProducts([feature], Names("ofInput"), () => [.. Enumerable.Range(0, _gates).Select(gate =>
            (Weight(RecurrentOperation.OfInput, unit, gate, _features, feature.Variable), pass.Input[feature.Variable, 0, 0, at]))]);
        Expression[] ofState = before is null ? [.. Enumerable.Repeat<Expression>(0, _gates)]
            : k.SumsOfProducts([other], Names("ofState"), () => [.. Enumerable.Range(0, _gates).Select(gate =>
                (Weight(RecurrentOperation.OfState, unit, gate, _hidden, other.Variable), State(other.Variable, before)))]);
        if (of.Cell.Bias)
        {
            ofInput = [.. ofInput.Select((sum, gate) => sum + Bias(RecurrentOperation.InputBias, unit, gate))];
            ofState = [.. ofState.Select((sum, gate) => before is null
                ? Bias(RecurrentOperation.StateBias, unit, gate) : sum + Bias(RecurrentOperation.StateBias, unit, gate))];
        }

        return (ofInput, ofState);
    }

    /// <summary>A unit's state at a place.</summary>
    public Expression State(Index unit, Index at) => pass.Output[unit + (direction * _hidden), 0, 0, at];

    public void SetState(Index unit, Index at, Expression value) => pass.Output[unit + (direction * _hidden), 0, 0, at] = value;

    /// <summary>The gradient of a unit's state at a place: from the layers behind, and from later steps.</summary>
    public Expression StateGradient(Index unit, Index at) =>
        pass.OutputGradient[unit + (direction * _hidden), 0, 0, at] + Later[0, 0, 0, unit];

    /// <summary>One of the numbers that are kept of a unit at a place.</summary>
    public Expression KeptOf(int row, Index unit, Index at) => Kept[unit + (row * _hidden), 0, 0, at];

    public void Keep(int row, Index unit, Index at, Expression value) => Kept[unit + (row * _hidden), 0, 0, at] = value;

    /// <summary>Sets the gradient of a gate's sum.</summary>
    /// <param name="ofState">The gradient as the products with the state have it, if it is another one.</param>
    public void SetSumGradient(int gate, Index unit, Index at, Expression value, Expression? ofState = null)
    {
        OfInput[unit + (gate * _hidden), 0, 0, at] = value;
        OfState[unit + (gate * _hidden), 0, 0, at] = ofState ?? value;
    }

    /// <summary>What the state before a step gets by way of the sums.</summary>
    public Variable PassedBySums(Loops k, Index unit, Index at)
    {
        var row = new SumLoop("row", _gates * _hidden);
        return k.SumOver([row], "passed", () =>
            Parameter(RecurrentOperation.OfState).At(Index.Sum((row.Variable, _hidden)) + unit) * OfState[row.Variable, 0, 0, at]);
    }

    /// <summary>Adds the steps for the gradients of the parameters and of the input.</summary>
    public void RecordGradients()
    {
        RecordProducts(RecurrentOperation.OfInput, "weights of the input", _features, first: 0, (column, t) =>
            pass.Input[column, 0, 0, Place(t)], OfInput);
        if (Length > 1)
        {
            RecordProducts(RecurrentOperation.OfState, "weights of the state", _hidden, first: 1, (column, t) =>
                State(column, Place(t - 1)), OfState);
        }

        if (of.Cell.Bias)
        {
            RecordBias(RecurrentOperation.InputBias, OfInput);
            RecordBias(RecurrentOperation.StateBias, OfState);
        }

        if (pass.InputGradient is { } dx)
        {
            var row = new SumLoop("row", _gates * _hidden);
            LoopParameter weights = Parameter(RecurrentOperation.OfInput);
            pass.Step($"input{Of}", k => k.For([("c", _features), ("i", Length)], at =>
            {
                Variable sum = k.SumOver([row], "sum", () =>
                    weights.At(Index.Sum((row.Variable, _features)) + at[0]) * OfInput[row.Variable, 0, 0, at[1]]);
                dx[at[0], 0, 0, at[1]] = direction == 0 ? sum : dx[at[0], 0, 0, at[1]] + sum;
            }), name: "Input" + Name);
        }
    }

    private void RecordProducts(
        string weight, string what, int columns, int first, Func<Index, Index, Expression> read, LoopTensor gradients)
    {
        string suffix = Suffix(weight);
        if (!pass.HasGradient(suffix))
        {
            return;
        }

        var step = new SumLoop("t", Length - first);
        pass.Step(what + Of, k => k.For([("row", _gates * _hidden), ("c", columns)], at =>
            pass.ParameterGradient(suffix).AddGradient(
                Index.Sum((at[0], columns)) + at[1],
                k.SumOver([step], "sum", () =>
                    gradients[at[0], 0, 0, Place(step.Variable + first)] * read(at[1], step.Variable + first)))),
            name: (weight == RecurrentOperation.OfInput ? "OfInput" : "OfState") + Name);
    }

    private void RecordBias(string bias, LoopTensor gradients)
    {
        string suffix = Suffix(bias);
        if (pass.HasGradient(suffix))
        {
            var step = new SumLoop("t", Length);
            pass.Step("bias" + Of, k => k.For([("row", _gates * _hidden)], at =>
                pass.ParameterGradient(suffix).AddGradient(at[0], k.SumOver([step], "sum", () => gradients[at[0], 0, 0, step.Variable]))),
                name: (bias == RecurrentOperation.InputBias ? "InputBias" : "StateBias") + Name);
        }
    }

    private string Of => Title.Length == 0 ? "" : ", " + Title;

    /// <summary>The place in the sequence of a step of this way.</summary>
    private Index Place(Index step) => direction == 0 ? step : Length - 1 - step;

    private Shape Sums(int rows) => Shape.Sequence(rows * _hidden, Length);

    private string Suffix(string name) => RecurrentOperation.Suffix(name, of.Cell, direction);

    private LoopParameter Parameter(string name) => pass.Parameter(Suffix(name));

    private Expression Weight(string name, Index unit, int gate, int columns, Index column) =>
        Parameter(name).At(Index.Sum((unit, columns)) + column + (gate * _hidden * columns));

    private Expression Bias(string name, Index unit, int gate) => Parameter(name).At(unit + (gate * _hidden));
}
