using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class Output : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    public static ArgumentSpec<string> NameArgument { get; } = new("name", ArgumentForm.Optional, "");

    public override string Kind => "Output";

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), Output(\"raw\"), Softmax, Output(\"classes\")",
            "Dense(4), ReLU, Output(\"first\", From = \"dense1\"), Output(\"last\")"),
    ];

    public override IReadOnlyList<ArgumentSpec> Arguments => [NameArgument];

    public override OperatorDocumentation Documentation => new(
        "[Output(\"name\")]", "that of the tensor before it", "y = x", "return x, …", "outputs=[…]");
}
