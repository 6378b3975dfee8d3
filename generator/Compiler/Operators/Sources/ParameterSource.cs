using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class ParameterSource : SourceOperator
{
    public override string Kind => "Parameter";

    public override string Stem => "parameter";

    public override OperatorDocumentation Documentation => new(
        "[Parameter(channels, length)]", "any → the given one", "y = w, a learned tensor that all samples share", "nn.Parameter", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Parameter(4, 9, 7), Branch, Add", "Parameter(4, 1, 1, Name = \"scales\", Initial = 0.5), Multiply(\"input\", \"scales\")",
        .. In(Sequence, "Branch, Parameter(3, 2, Deviation = 0.5), Branch, Concat(Axis = Axes.Width)"),
        .. In(Flat, "Branch, Parameter(10, BatchAxis = true), ReLU, Branch, Add"),
        .. In(Volume, "Branch, Parameter(1, 5, 6, 4, Deviation = 1), Branch, Multiply"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Extents, Initial, Property("Deviation", 0.0), BatchAxis,
        (extents, initial, deviation, batch) => new SourceDefinition(extents, initial, deviation, batch));
}
