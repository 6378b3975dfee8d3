using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class LayersOf : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    public const string Name = "LayersOf";

    public static ArgumentSpec<string> Network { get; } = new("network", ArgumentForm.Required, "");

    public static ArgumentSpec<string> Until { get; } = new("Until", ArgumentForm.Property, "");

    public override string Kind => Name;

    public override IReadOnlyList<ArgumentSpec> Arguments => [Network, Until];

    public override OperatorDocumentation Documentation => new(
        "[LayersOf(typeof(Network))]", "that of the network's last layer, or of the one before Until",
        "the layers of another network", "", "");
}
