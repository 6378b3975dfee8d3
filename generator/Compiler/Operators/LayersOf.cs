namespace Strata.Compiler.Operators;

internal sealed class LayersOf : Operator
{
    public const string Name = "LayersOf";

    public override string Kind => Name;

    public override OperatorDocumentation Documentation => new(
        "[LayersOf(typeof(Network))]", "that of the network's last layer, or of the one before Until",
        "the layers of another network", "", "");
}
