namespace Strata.Compiler.Operators;

internal sealed class Sequential : Operator
{
    public override string Kind => "Sequential";

    public override OperatorDocumentation Documentation => new(
        "[Sequential(\"features\")]", "that of the tensor before it", "names what follows features.0, features.1, …",
        "nn.Sequential", "Sequential");
}
