using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>A loss that is a formula of an output and its target, without arguments of its own. Its derivative is derived.</summary>
internal sealed record ElementLossDefinition(Expression Value, Argument<Reduction> Reduction) : LossDefinition
{
    public override Loss Build(LossContext loss) => new ElementLoss(loss.Kind, Value, loss.OneOf(Reduction));
}
