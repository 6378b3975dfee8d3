using System;
using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Embedding : LayerOperator
{
    public override string Kind => "Embedding";

    public override OperatorFamily Family => OperatorFamily.Sampling;

    public override string Stem => "embedding";

    public override OperatorDocumentation Documentation => new(
        "[Embedding(count, features)]", "L, or 1×L → features×L; 1×H×W → features×H×W",
        "y[f, i] = W[index[i], f]: a learned row for each index", "nn.Embedding(count, features)", "Embedding(count, features)");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Sigmoid, Affine(5.9, 0), Embedding(6, 4)",
            "Sigmoid, Branch, Affine(0.9, 0), Embedding(1, 3), Branch, Affine(2.9, 0), Embedding(3, 3, Deviation = 0.02), Add",
            "Sigmoid, Branch, Affine(1.9, 0), Embedding(2, 4, Name = \"words\"), Branch, Affine(2.9, -1.5), "
                + "Embedding(2, 4, Weights = \"words\"), Add"),
        .. In(Sequence, "Conv1D(1, 1), Sigmoid, Affine(7.9, -3.9), Embedding(9, 5), Tanh"),
        .. In(Image, "ArgMax, Embedding(4, 3)"),
        .. In(Volume, "ArgMax(Axis = Axes.Channels), Embedding(2, 5)"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("count"), Required<int>("features"), Initial("Deviation", 1.0),
        (count, features, deviation) => new EmbeddingDefinition(count, features, deviation));
}

/// <summary>A row of a learned table for each index.</summary>
/// <param name="Deviation">The standard deviation of initial values.</param>
internal sealed record EmbeddingDefinition(Argument<int> Count, Argument<int> Features, Argument<double> Deviation) : LayerDefinition
{
    public override IEnumerable<string> ParameterSuffixes => [TableRows.Weight];

    public override LayerResult? Build(LayerContext layer)
    {
        layer.AtLeast(1, Count);
        layer.AtLeast(1, Features);
        double deviation = layer.Finite(Deviation, 0, orEqual: true);
        if (Count.Value > ExactIndices.Most)
        {
            layer.Report(ArgumentProblems.OutOfRange(
                layer.At(Count.Name), Count.Name, Count.Value,
                $"at most {Arithmetic.Number(ExactIndices.Most)}: an index is a float, which is exact up to there"));
        }

        if (layer.Input is not { } input || layer.HasErrors)
        {
            return null;
        }

        if (input.Rank > 1 && input.Channels > 1)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.Here, $"its input, {input}, has {Arithmetic.Number(input.Channels)} channels",
                "It reads one channel of indices, or a flat tensor"));
            return null;
        }

        Shape output = input.Rank == 1 ? Shape.Sequence(Features.Value, input.Channels) : input.With(Axes.Channels, Features.Value);
        return new LayerResult(
            new TableRows(Count.Value, Features.Value, deviation), output,
            $"a row of {Arithmetic.Number(Features.Value)} for each of {input} indices");
    }
}

/// <summary>
/// A row of a learned table for each index, without its fraction. Indices below 0 count from the end. Where there is no such row, the
/// result is NaN, and no gradient passes.
/// </summary>
/// <param name="Count">The number of rows.</param>
/// <param name="Features">The number of columns.</param>
/// <param name="Deviation">The standard deviation of initial values.</param>
internal sealed record TableRows(int Count, int Features, double Deviation) : LoopOperation
{
    public const string Weight = "weight";

    public override Dependence Dependence => Dependence.All;

    public override bool IsDifferentiable(int input) => false;

    public override Reach ReachOf(Shape input, Shape output) => Reach.AllChannels(input);

    // A normal distribution with a fan of 1 has a deviation of 1.
    public override EquatableArray<ParameterSpec> Parameters(Shape input) => EquatableArray.Of(
        new ParameterSpec(Weight, EquatableArray.Of(Count, Features), Initializer.LeCunNormal, 1, 1) { Gain = Deviation });

    public override void Forward(LoopPass pass)
    {
        LoopTensor y = pass.Output;
        LoopParameter weight = pass.Parameter(Weight);
        pass.Step("", k => ForEach(
            k, pass.Input, y,
            (at, place, isInside) => y[at] = Expression.Select(isInside, weight.At(place), k.NoElement(pass.IsTraining))));
    }

    public override void Backward(LoopPass pass)
    {
        if (pass.HasGradient(Weight))
        {
            LoopTensor dy = pass.OutputGradient;
            LoopParameter gradient = pass.ParameterGradient(Weight);
            pass.Step("", k => ForEach(
                k, pass.Input, dy, (at, place, isInside) => gradient.AddGradient(place, Expression.Select(isInside, dy[at], 0))));
        }
    }

    /// <summary>Loops over the elements of the result. The inner loop goes along a row of the table.</summary>
    /// <param name="body">Gets the element, the place in the table that it is from, and whether there is such a place.</param>
    private void ForEach(Loops k, LoopTensor indices, LoopTensor result, Action<ElementIndex, Index, Expression> body)
    {
        var at = new ElementIndex(new IndexVariable("c"));
        ElementIndex from = indices.Shape.Rank == 1 ? new ElementIndex(at.X, 0, 0, 0) : at with { C = 0 };
        k.ForLanes(() => k.For(k.LoopsAlong(result, Axes.All & ~Axes.Channels), () =>
        {
            Variable index = k.Let("index", indices[from]);
            Variable isInside = k.Let("isInside", (index > -Count - 1) & (index < Count));
            IndexVariable row = k.LetInt("row", Index.Truncate(index));
            Index counted = k.LetInt("counted", Index.Choose(row < 0, row + Count, row));
            IndexVariable first = k.LetInt("first", Index.Clamp(counted, 0, Count - 1) * Features);
            k.For(k.LoopsAlong(result, Axes.Channels), () => body(at, first + at.C, isInside));
        }));
    }
}
