using System.Collections.Generic;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class Add : Join
{
    public override string Kind => "Add";

    public override string Stem => "add";

    public override OperatorDocumentation Documentation => new(
        "[Add]", "unchanged; all branches have one shape", "y = x₁ + x₂ + …", "x + y", "Add");

    protected override string Agreement => "one shape";

    protected override bool ChannelsAgree => true;

    protected override LayerResult Build(LayerContext layer, IReadOnlyList<Shape> branches) => new(new Graph.Add(), branches[0]);
}
