using System.Collections.Generic;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class Dropout : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Regularization;

    public override string Kind => "Dropout";

    public override string Stem => "dropout";

    public override OperatorDocumentation Documentation => new(
        "[Dropout(0.5)]", "unchanged", "in training y = 0 with probability rate, else x/(1 − rate)", "nn.Dropout", "Dropout");

    public override IReadOnlyList<OperatorCase> Cases => ["Dropout", "ReLU, Dropout(0.2)", "ReLU, Flatten, Dropout, Dense(3)"];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Optional("rate", 0.5), rate => new DropoutDefinition(rate, DroppedPart.Element));
}

/// <summary>Dropout of elements, channels or samples.</summary>
internal sealed record DropoutDefinition(Argument<double> Rate, DroppedPart Part) : LayerDefinition
{
    public override bool TakesManyAxes => Part != DroppedPart.Channel;

    public override LayerResult? Build(LayerContext layer)
    {
        // This form of the condition is true for NaN, too. With a rate of 1, the scale would divide by 0, and nothing would be learned.
        if (!(Rate.Value >= 0 && Rate.Value < 1))
        {
            layer.Report(ArgumentProblems.OutOfRange(layer.At(Rate.Name), "rate", Rate.Value, "at least 0 and less than 1"));
        }

        if (layer.HasErrors || layer.Input is not { } input)
        {
            return null;
        }

        if (Part == DroppedPart.Channel && input.Rank == 1)
        {
            layer.Report(ShapeProblems.WrongDimensions(
                layer.Here, "channels with pixels", input, "Use [Dropout], or place it before the tensor becomes flat",
                new Fix(FixKind.RenameAttribute, "Dropout")));
            return null;
        }

        return new LayerResult(new DropoutOperation(Rate.Value, Part), input);
    }
}

/// <summary>The unit that is dropped or kept as a whole.</summary>
internal enum DroppedPart
{
    Element,
    Channel,

    /// <summary>All of a sample.</summary>
    Sample,
}

/// <summary>Zeroes an element with probability <paramref name="Rate"/> in training and scales the rest by 1/(1 − rate).</summary>
/// <param name="Part">The unit that is dropped or kept as a whole.</param>
internal sealed record DropoutOperation(double Rate, DroppedPart Part = DroppedPart.Element) : Operation
{
    /// <summary>How many elements are dropped together.</summary>
    public int ElementsOf(Shape shape) => Part switch
    {
        DroppedPart.Sample => shape.Length,
        DroppedPart.Channel => shape.Length / shape.Channels,
        _ => 1,
    };

    public override bool IsForTraining => true;

    // The rate may be 0: where rates rise from block to block, the first one is.
    public override bool IsView => Rate == 0;

    public override ResultLayout ResultLayout => ResultLayout.OfInput;

    // Random bits are drawn in the order of the elements. A view draws none, and passes on the zeros that its readers expect.
    public override bool ReadsInSequence(Shape input, bool training) => (training && !IsView) || input.Rank == 1;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;
}
