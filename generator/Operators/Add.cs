using System.Collections.Generic;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Add : Join
{
    public override string Kind => "Add";

    public override string Stem => "add";

    public override OperatorDocumentation Documentation => new(
        "[Add]", "unchanged; all branches have one shape", "y = x₁ + x₂ + …", "x + y", "Add");

    public override LayerDefinition Bind(AttributeArguments arguments) => new AddDefinition();
}

/// <summary>The sum of branches.</summary>
internal sealed record AddDefinition : JoinDefinition
{
    protected override string Agreement => "one shape";

    protected override bool ChannelsAgree => true;

    protected override LayerResult Build(LayerContext layer, IReadOnlyList<Shape> branches) => new(new AddOperation(), branches[0]);
}

/// <summary>The elementwise sum of inputs of the same shape, as at the end of a residual block (He et al. 2016).</summary>
internal sealed record AddOperation : Operation
{
    public override bool TakesActivation => true;

    public override JoinFunction JoinOf(int own) => JoinFunction.Sum;

    public override ResultLayout ResultLayout => ResultLayout.OfInput;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;
}
