using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

internal sealed class MeanAbsoluteError : LossOperator
{
    public override string Kind => "MeanAbsoluteError";

    public override OperatorDocumentation Documentation => new(
        "[MeanAbsoluteError]", "any", "mean of |x − target| over all values of all samples", "nn.L1Loss", "MeanAbsoluteError");

    public override Loss Build(LossContext loss) => new ElementLoss(Kind, "Simd.Abs({d})", Sign, loss.Reduction());

    /// <summary>The slope of |d|, 0 at 0.</summary>
    public const string Sign = "Simd.ConditionalSelect(Simd.Equals({d}, Vector.Zero), Vector.Zero, Simd.CopySign(Vector.One, {d}))";
}
