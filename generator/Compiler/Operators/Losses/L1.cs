using System.Collections.Generic;
using Strata.Compiler.Graph;
using static Strata.Compiler.KernelLanguage.Functions;

namespace Strata.Compiler.Operators;

internal sealed class L1 : LossOperator
{
    public override OperatorFamily Family => OperatorFamily.Losses;

    public override string Kind => "L1";

    public override OperatorDocumentation Documentation => new(
        "[L1]", "any", "Σ |x − target| over all values of all samples", "nn.L1Loss(reduction='sum')", "MeanAbsoluteError(reduction='sum')");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        .. In(Flat, "Dense(4), L1", "Dense(4), L1(Reduction = Reduction.Mean)"),
        .. In(Image, "Conv2D(2, 3), L1"),
    ];

    public override Signature<LossDefinition> Signature { get; } = Takes(
        Reductions(Reduction.Sum), reduction => new ElementLossDefinition(Abs(ElementLoss.D), reduction));
}
