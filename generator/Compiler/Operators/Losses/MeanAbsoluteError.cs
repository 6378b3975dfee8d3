using System.Collections.Generic;
using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class MeanAbsoluteError : LossOperator
{
    public override OperatorFamily Family => OperatorFamily.Losses;

    public override string Kind => "MeanAbsoluteError";

    public override OperatorDocumentation Documentation => new(
        "[MeanAbsoluteError]", "any", "mean of |x − target| over all values of all samples", "nn.L1Loss", "MeanAbsoluteError");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), MeanAbsoluteError", "Dense(4), MeanAbsoluteError(Reduction = Reduction.Sum)"),
        .. In(Image, "Conv2D(2, 3), MeanAbsoluteError"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Reductions(), reduction => new ElementLossDefinition(Abs(ElementLoss.D), reduction));
}
