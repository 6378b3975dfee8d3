using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>A loss that compares each output by itself with its target, so that any tensor suits.</summary>
internal abstract class ElementLossOperator : LossOperator
{
    public override TargetKind Targets => TargetKind.Values;
}
