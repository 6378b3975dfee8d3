using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

internal sealed class Multiply : Join
{
    public override string Kind => "Multiply";

    public override string Stem => "multiply";

    public override OperatorDocumentation Documentation => new(
        "[Multiply]",
        "unchanged; all branches have one shape, or are C×1×1",
        "y = x₁·x₂·…, each element of C×1×1 for all pixels of its channel",
        "x * y",
        "Multiply");

    public override LayerDefinition Bind(AttributeArguments arguments) => new MultiplyDefinition();
}

/// <summary>The product of branches.</summary>
internal sealed record MultiplyDefinition : JoinDefinition
{
    protected override string Agreement => "one shape or C×1×1";

    protected override bool ChannelsAgree => true;

    protected override bool PixelsBroadcast => true;

    protected override LayerResult Build(LayerContext layer, IReadOnlyList<Shape> branches)
    {
        ElementInput[] inputs = [.. branches.Select((branch, i) => new ElementInput(new Variable($"x{i}"), branch))];
        var product = new ElementFunction(
            inputs.Select(input => (Expression)input.Variable).Aggregate((left, right) => left * right), inputs.ToEquatableArray(),
            EquatableArray<ElementParameter>.Empty)
        {
            Name = ("Product", "Product"),
        };
        return new(product, product.Result);
    }
}
