using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class ParamSource : SourceOperator
{
    public override string Kind => "Param";

    public override string Stem => "param";

    public override OperatorDocumentation Documentation => new(
        "[Param(channels, length)]", "any → the given one", "y = w, a learned tensor that all samples share", "nn.Parameter", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Param(4, 9, 7), Branch, Add", "Param(4, 1, 1, Name = \"scales\", Initial = 0.5), Multiply(\"input\", \"scales\")",
        .. In(Sequence, "Branch, Param(3, 2, Deviation = 0.5), Branch, Concat(Axis = Axes.Width)"),
        .. In(Flat, "Branch, Param(10, BatchAxis = true), ReLU, Branch, Add"),
        .. In(Volume, "Branch, Param(1, 5, 6, 4, Deviation = 1), Branch, Multiply"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Extents, InitialValue, Initial("Deviation", 0.0), BatchAxis,
        (extents, initial, deviation, batch) => new SourceDefinition(extents, initial, deviation, batch));
}
