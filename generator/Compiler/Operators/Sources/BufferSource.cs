using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class BufferSource : SourceOperator
{
    public override string Kind => "Buffer";

    public override string Stem => "buffer";

    public override OperatorDocumentation Documentation => new(
        "[Buffer(channels, length)]", "any → the given one", "y = b, a fixed tensor that all samples share", "register_buffer", "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Buffer(4, 9, 7), Branch, Add", "Buffer(4, 1, 1, Name = \"scales\", Initial = 0.5), Multiply(\"input\", \"scales\")",
        .. In(Sequence, "Branch, Buffer(3, 11, Initial = 2), Branch, Multiply"),
        .. In(Volume, "Branch, Buffer(2, 1, 6, 4), Branch, Add"),
        .. In(Flat, "Branch, Buffer(10, BatchAxis = true), Branch, Dense(10), Add"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Extents, InitialValue, BatchAxis, (extents, initial, batch) => new SourceDefinition(extents, initial, null, batch));
}
