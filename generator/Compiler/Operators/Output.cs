namespace Strata.Compiler.Operators;

internal sealed class Output : Operator
{
    public override string Kind => "Output";

    public override OperatorDocumentation Documentation => new(
        "[Output(\"name\")]", "that of the tensor before it", "y = x", "return x, …", "outputs=[…]");
}
