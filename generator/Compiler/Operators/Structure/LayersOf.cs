using System.Collections.Generic;

namespace Strata.Compiler.Operators;

internal sealed class LayersOf : Operator
{
    public override OperatorFamily Family => OperatorFamily.Structure;

    public const string Name = "LayersOf";

    public static ArgumentSpec<string> Network { get; } = new("network", ArgumentForm.Required, "");

    public static ArgumentSpec<string> Until { get; } = new("Until", ArgumentForm.Property, "");

    public override string Kind => Name;

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        new(Image, "LayersOf(typeof(Backbone))") { Others = Other },
        new(Image, "LayersOf(typeof(Backbone), Until = \"conv2\"), Flatten, Dense(2)") { Others = Other },
    ];

    private const string Other = "[Network, Input(4, 12, 12), Conv2D(3, 3), ReLU, Conv2D(2, 3)] public partial class Backbone;";

    public override IReadOnlyList<ArgumentSpec> Arguments => [Network, Until];

    public override OperatorDocumentation Documentation => new(
        "[LayersOf(typeof(Network))]", "that of the network's last layer, or of the one before Until",
        "the layers of another network", "", "");
}
