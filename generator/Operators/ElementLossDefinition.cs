using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

/// <summary>A loss that is a formula of an output and its target, without arguments of its own. Its derivative is derived.</summary>
internal sealed record ElementLossDefinition(Expression Value, Argument<Reduction> Reduction) : LossDefinition
{
    public override Loss Build(LossContext loss) => new ElementLoss(loss.Kind, Value, loss.OneOf(Reduction));
}
