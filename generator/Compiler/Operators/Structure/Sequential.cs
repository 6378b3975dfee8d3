using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class Sequential : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    public static ArgumentSpec<string> NameArgument { get; } = new("name", ArgumentForm.Optional, "");

    public override string Kind => "Sequential";

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Sequential(\"features\"), Conv2D(3, 3), ReLU", "Sequential(\"features\"), Conv2D(3, 3), ReLU, Sequential, Flatten, Dense(2)",
    ];

    public override IReadOnlyList<ArgumentSpec> Arguments => [NameArgument];

    public override OperatorDocumentation Documentation => new(
        "[Sequential(\"features\")]", "that of the tensor before it", "names what follows features.0, features.1, …",
        "nn.Sequential", "Sequential");
}
