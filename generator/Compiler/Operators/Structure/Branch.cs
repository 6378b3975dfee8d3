using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class Branch : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    public override string Kind => "Branch";

    public override OperatorDocumentation Documentation => new(
        "[Branch]", "that of the tensor where its group began", "y = x", "", "");

    public override IReadOnlyList<OperatorCase> Cases => ["Branch, Conv2D(4, 1), Branch, Add", "Branch, Branch, ReLU, Multiply"];
}
