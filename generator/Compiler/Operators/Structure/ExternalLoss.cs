using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class ExternalLoss : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    public override string Kind => "ExternalLoss";

    public override OperatorDocumentation Documentation => new(
        "[ExternalLoss]", "that of the network's outputs", "the loss is the caller's: trainer.Forward, Backward and Update",
        "loss = f(model(x)); loss.backward()", "GradientTape");

    public override IReadOnlyList<OperatorCase> Cases => ["Conv2D(3, 3), ExternalLoss"];
}
