using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Where : ElementJoin
{
    public override string Kind => "Where";

    public override string Stem => "where";

    public override OperatorDocumentation Documentation => new(
        "[Where]", Shapes, "y = x₂ where x₁ ≠ 0, else x₃", "torch.where", "ops.where");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Branch, Tanh, Greater, Where(\"greater1\", \"input\", \"tanh1\")",
        "Branch, Buffer(4, 1, 1, Initial = 1), Branch, Conv2D(4, 1), Branch, Where",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new WhereDefinition());
}

/// <summary>Elements of the second branch where the first is not 0, and elsewhere those of the third one.</summary>
internal sealed record WhereDefinition() : ElementJoinDefinition("Chosen")
{
    private const int Branches = 3;

    protected override int? Most => Branches;

    protected override LayerResult? Build(LayerContext layer, IReadOnlyList<Shape> branches)
    {
        if (branches.Count == Branches)
        {
            return base.Build(layer, branches);
        }

        layer.Report(BranchProblems.TooFew(
            layer.Here, $"{Arithmetic.Number(branches.Count)} tensors", "It takes three: a condition, and what is chosen by it"));
        return null;
    }

    protected override Expression Formula(IReadOnlyList<Expression> branches) =>
        Expression.Select(Expression.AreEqual(branches[0], 0), branches[2], branches[1]);
}
