using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>What the lanes of an element hold.</summary>
internal enum LaneAxis
{
    Samples,
    Channels,
    Pixels,

    /// <summary>An element is one float.</summary>
    None,
}

/// <summary>Records the loops of one step of an operator over elements, whatever their lanes hold.</summary>
/// <param name="channelsAreItems">Whether each channel is computed without the others, so that threads may share the channels.</param>
internal sealed class Loops(int lanes, bool fuses, LaneAxis axis, bool channelsAreItems = false) : KernelBuilder(lanes, fuses)
{
    /// <summary>The names of values in <see cref="Passed"/>.</summary>
    public const string SamplesName = "samples", SlotStrideName = "slotStride", SampleStrideName = "sampleStride", ContextName = "step";

    /// <summary>
    /// A sum of squares below this may have lost digits, because the squares were too small. Multiplied by <see cref="Up"/>, they are not.
    /// </summary>
    public static readonly double SmallSquares = Math.Pow(2, -90);

    /// <summary>Factors for numbers whose squares are too large or too small for floats.</summary>
    private static readonly double Down = Math.Pow(2, -100), Up = Math.Pow(2, 100);

    private readonly List<LoopOperand> _operands = [];
    private readonly List<ValueParameter> _passed = [];

    /// <summary>The operands that the loops use, in the order of the kernel's parameters.</summary>
    public IReadOnlyList<LoopOperand> Operands => _operands;

    /// <summary>How many channels, or rows of all channels, threads may share; 0 if the step is not divided.</summary>
    public int SharedItems { get; private set; }

    /// <summary>Values of the program that the kernel gets after its operands.</summary>
    public IReadOnlyList<ValueParameter> Passed => _passed;

    /// <summary>The lane of the elements in <see cref="ForLanes"/>; null elsewhere.</summary>
    public Index? Lane { get; private set; }

    public bool LanesAreChannels => axis == LaneAxis.Channels;

    public bool LanesArePixels => axis == LaneAxis.Pixels;

    /// <summary>The number of samples in the block.</summary>
    public IndexVariable Samples => new(Pass(SamplesName, ElementType.Int));

    /// <summary>The distance from the parts of one block to those of the next, in floats.</summary>
    public IndexVariable SlotStride => new(Pass(SlotStrideName, ElementType.Int));

    /// <summary>With samples apart, the distance from a sample of a block to the next, in floats.</summary>
    public IndexVariable SampleStride => new(Pass(SampleStrideName, ElementType.Int));

    /// <summary>The context of the training step, which is the same for all samples.</summary>
    public Variable Context => new(Pass(ContextName, ElementType.StepContext), ElementType.StepContext);

    /// <summary>The number of elements along the channels. It is smaller than that of channels if lanes hold channels.</summary>
    public int Channels(LoopTensor tensor) => LanesAreChannels ? Vectors(tensor.Shape.Channels) : tensor.Shape.Channels;

    /// <summary>Nested loops that begin at 0.</summary>
    public void For((string Variable, int Count)[] loops, Action<Index[]> body) =>
        For([.. loops.Select(l => new SumLoop(l.Variable, l.Count))], () => body([.. loops.Select(l => new IndexVariable(l.Variable))]));

    /// <summary>Nested loops.</summary>
    public void For(IReadOnlyList<SumLoop> loops, Action body)
    {
        List<Scope> scopes = [.. loops.Select(loop => loop.Open(this))];
        body();
        scopes.Reverse();
        scopes.ForEach(scope => scope.Dispose());
    }

    /// <summary>
    /// A loop over the samples in the lanes, for elements at places that each sample computes for itself. In it, elements and variables
    /// are single floats.
    /// </summary>
    public void ForLanes(Action body)
    {
        switch (axis)
        {
            case LaneAxis.None:
                Lane = 0;
                body();
                break;
            case LaneAxis.Samples:
                var lane = new IndexVariable("lane");
                Lane = lane;
                using (Open(loop => new For(lane, 0, Lanes, 1, Narrowing.Narrow(loop))))
                {
                    body();
                }

                break;
            default:
                throw new InvalidOperationException($"Lanes hold {axis}, which are computed together.");
        }

        Lane = null;
    }

    /// <summary>
    /// What stands where there is no element, in <see cref="ForLanes"/>: NaN. In training, it is 0 in lanes without a sample, since these
    /// are added to sums, times 0.
    /// </summary>
    public Expression NoElement(bool isTraining) => isTraining && axis == LaneAxis.Samples
        ? Expression.Select(new Broadcast(Lane!) < new Broadcast(Samples), double.NaN, 0) : double.NaN;

    /// <summary>A loop over all elements of a tensor, channel by channel.</summary>
    public void ForEach(LoopTensor tensor, Action<ElementIndex> body) => ForChannels(tensor, c => ForPixels(tensor, c, body));

    /// <summary>The same if no two elements are written to one place. Then threads may share the rows, too.</summary>
    public void ForEachApart(LoopTensor tensor, Action<ElementIndex> body) => ForRowsApart(tensor, [PixelLoops(tensor)[2]], body);

    /// <summary>The same for a tensor whose columns may be several axes. The body also gets the index along each of these.</summary>
    public void ForEachApart(LoopTensor tensor, Action<ElementIndex, Index[]> body)
    {
        int[] extents = tensor.Shape.ColumnAxes;
        if (extents.Length == 1)
        {
            ForEachApart(tensor, at => body(at, [at.X]));
            return;
        }

        SumLoop[] columns = [.. extents.Select((extent, i) => new SumLoop($"x{Arithmetic.Number(i + 1)}", extent))];
        Index[] indices = [.. columns.Select(loop => loop.Variable)];
        ForRowsApart(tensor, columns, row => body(row with { X = tensor.Shape.Column(indices) }, indices));
    }

    private void ForRowsApart(LoopTensor tensor, IReadOnlyList<SumLoop> columns, Action<ElementIndex> body)
    {
        IReadOnlyList<SumLoop> pixels = PixelLoops(tensor);
        int rows = Channels(tensor) * pixels[0].Most * pixels[1].Most;
        if (!channelsAreItems || IsInside || rows == 1)
        {
            ForChannels(tensor, c => For([pixels[0], pixels[1], .. columns], () => body(new ElementIndex(c))));
            return;
        }

        Share(rows);
        using (Items(out Index[] at, ("c", Channels(tensor), 1), ("z", pixels[0].Most, 1), ("y", pixels[1].Most, 1)))
        {
            For(columns, () => body(new ElementIndex(at[0], at[1], at[2], pixels[2].Variable)));
        }
    }

    /// <summary>A loop over the channels of a tensor.</summary>
    public void ForChannels(LoopTensor tensor, Action<Index> body)
    {
        int channels = Channels(tensor);
        if (!channelsAreItems || IsInside || channels == 1)
        {
            For([("c", channels)], at => body(at[0]));
            return;
        }

        Share(channels);
        using (Items("c", 1, out IndexVariable c))
        {
            body(c);
        }
    }

    /// <summary>A loop over the pixels of a channel.</summary>
    public void ForPixels(LoopTensor tensor, Index c, Action<ElementIndex> body) =>
        For(PixelLoops(tensor), () => body(new ElementIndex(c)));

    /// <summary>The loops over the pixels of a channel, for a sum. The variables are <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public IReadOnlyList<SumLoop> PixelLoops(LoopTensor tensor) =>
    [
        new("z", tensor.Shape.Depth), new("y", tensor.Shape.Height),
        new("x", axis == LaneAxis.Pixels ? Vectors(tensor.Shape.Width) : tensor.Shape.Width),
    ];

    /// <summary>Sums over the lanes if they hold samples. If they hold channels, the value stays as it is.</summary>
    public Expression SumOfLanes(Expression value) => LanesAreChannels ? value : Intrinsics.Sum(value);

    /// <summary>
    /// A mask of the lanes that hold an element of a tensor: a sample of the block, or one of the channels. Null if all lanes do.
    /// </summary>
    /// <param name="c">The index of the element along the channels.</param>
    public Expression? LanesWithElements(Shape tensor, Index c) =>
        !LanesAreChannels ? Intrinsics.LanesBefore(new Conversion(ElementType.Float, Samples))
        : tensor.Channels % Lanes == 0 ? null
        : Intrinsics.LanesBefore(new Conversion(ElementType.Float, Number.Named(tensor.Channels, "channels") - (c * Lanes)));

    /// <summary>A sum over loops, of any length.</summary>
    /// <param name="term">Gives the value to add. It may record statements first.</param>
    public Variable SumOver(IReadOnlyList<SumLoop> loops, string name, Func<Expression> term) => SumOver(loops, [name], () => [term()])[0];

    /// <inheritdoc cref="SumOver(IReadOnlyList{SumLoop}, string, Func{Expression})"/>
    public Variable[] SumOver(IReadOnlyList<SumLoop> loops, string[] names, Func<Expression[]> terms) =>
        new BlockedSum(loops, names).Record(this, sums =>
    {
        Expression[] values = terms();
        for (int i = 0; i < sums.Length; i++)
        {
            Increase(sums[i], values[i]);
        }
    });

    /// <summary>
    /// A sum of products, of any length. Where there is an instruction for it, each product is rounded with the sum so far.
    /// </summary>
    /// <param name="factors">Gives the two factors of a product.</param>
    public Variable SumOfProducts(IReadOnlyList<SumLoop> loops, string name, Func<(Expression Left, Expression Right)> factors) =>
        SumsOfProducts(loops, [name], () => [factors()])[0];

    /// <inheritdoc cref="SumOfProducts"/>
    public Variable[] SumsOfProducts(
        IReadOnlyList<SumLoop> loops, string[] names, Func<(Expression Left, Expression Right)[]> factors) =>
        new BlockedSum(loops, names) { IsOfProducts = true }.Record(this, sums =>
        {
            (Expression Left, Expression Right)[] terms = factors();
            for (int i = 0; i < sums.Length; i++)
            {
                Set(sums[i], MultiplyAdd(terms[i].Left, terms[i].Right, sums[i]));
            }
        });

    /// <summary>A sum over the pixels of a channel.</summary>
    public Variable SumOverPixels(LoopTensor tensor, Index c, string name, Func<ElementIndex, Expression> term) =>
        SumOver(PixelLoops(tensor), name, () => term(new ElementIndex(c)));

    /// <summary>Sums over the pixels of a channel.</summary>
    public Variable[] SumOverPixels(LoopTensor tensor, Index c, string[] names, Func<ElementIndex, Expression[]> terms) =>
        SumOver(PixelLoops(tensor), names, () => terms(new ElementIndex(c)));

    /// <summary>
    /// Computes something from factor·x, with a factor of 1. In lanes where numbers became too large or too small, it is computed again
    /// with another factor. Factors are powers of two, so they cause no rounding. Kernels have no branches, so this is a loop; nearly
    /// always it has one iteration.
    /// </summary>
    /// <param name="body">Gets the factor. Returns the mask of lanes whose numbers are finite, and the mask of those whose numbers are too
    /// small.</param>
    /// <returns>The factor of each lane.</returns>
    public Variable Rescaled(Func<Variable, (Expression IsFinite, Expression? IsSmall)> body)
    {
        IndexVariable rounds = LetInt("rounds", 1);
        Variable factor = Let("factor", 1);
        using (For("round", rounds, out _))
        {
            (Expression isFinite, Expression? isSmall) = body(factor);
            Expression next = Expression.Select(isFinite, isSmall is null ? factor : Expression.Select(isSmall, Up, factor), Down);
            Variable changed = Let("changed", Expression.Select(Expression.AreEqual(factor, 1), next, factor));
            Expression changes = Intrinsics.Sum(Expression.Select(Expression.AreEqual(changed, factor), 0, 1));
            Set(rounds, Index.Choose(changes > Constant.Single(0), 2, 1));
            Set(factor, changed);
        }

        return factor;
    }

    /// <summary>
    /// Finds the maximum of a pooling's window again. The result is a mask of the lanes in which the maximum is the element at the current
    /// place of the window's loops.
    /// </summary>
    /// <param name="window">The loops over planes, rows and columns.</param>
    public Expression FindMaximum(LoopTensor tensor, Index c, IReadOnlyList<SumLoop> window)
    {
        Index NumberOf(Index z, Index y, Index x) => (((z * tensor.Shape.Height) + y) * tensor.Shape.Width) + x;
        var at = new ElementIndex(c, window[0].Variable, window[1].Variable, window[2].Variable);
        var number = new Broadcast(NumberOf(at.Z, at.Y, at.X));
        Variable largest = Let("largest", new Constant(float.NegativeInfinity));
        Variable place = Let("place", new Broadcast(NumberOf(window[0].First, window[1].First, window[2].First)));
        For(window, () =>
        {
            Variable candidate = Let("candidate", tensor[at]);
            Variable greater = Let("greater", Intrinsics.ReplacesMaximum(candidate, largest));
            Set(place, Expression.Select(greater, number, place));
            Set(largest, Expression.Select(greater, candidate, largest));
        });
        return Expression.AreEqual(place, number);
    }

    /// <summary>Records that the loops use an operand.</summary>
    public void Use(LoopOperand operand, Access access)
    {
        if (!_operands.Contains(operand))
        {
            _operands.Add(operand);
            operand.Access = access;
        }
        else if (operand.Access != access)
        {
            operand.Access = Access.ReadWrite;
        }
    }

    /// <summary>The loops as a kernel.</summary>
    public Nest Nest()
    {
        IEnumerable<Parameter> operands = _operands.Select(operand => new PointerParameter(new Pointer(operand.Name)));
        Nest nest = Nest(ElementType.None);
        nest = nest with { Parameters = operands.Concat(_passed).Concat(nest.Parameters).ToEquatableArray() };
        return axis == LaneAxis.None ? Narrowing.Narrow(nest) : nest;
    }

    private void Share(int items)
    {
        if (SharedItems > 0 && SharedItems != items)
        {
            throw new InvalidOperationException(
                $"Threads cannot share one step's loops over {SharedItems} and over {items} channels or rows.");
        }

        SharedItems = items;
    }

    private string Pass(string name, ElementType type)
    {
        if (!_passed.Exists(p => p.Name == name))
        {
            _passed.Add(new ValueParameter(name, type));
        }

        return name;
    }

    private int Vectors(int extent) => Arithmetic.CeilingDivide(extent, Lanes);
}
