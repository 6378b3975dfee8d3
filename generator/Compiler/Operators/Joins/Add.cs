using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

internal sealed class Add : ElementJoin
{
    public override string Kind => "Add";

    public override string Stem => "add";

    public override OperatorDocumentation Documentation => new("[Add]", Shapes, "y = x₁ + x₂ + …", "x + y", "Add");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Branch, Conv2D(4, 1), Branch, Add", "Branch, Conv2D(4, 1), Branch, Conv2D(4, 1), Branch, ReLU, Add",
        "Branch, Conv2D(4, 3, Padding = 1), Branch, Conv2D(4, 5, Padding = 2), Add",
        "Branch, Conv2D(1, 1), Branch, GlobalAveragePool2D, Add", "Conv2D(4, 1, Name = \"a\"), ReLU, Add(\"a\", \"relu1\")",
        .. In("4, 9, 7, Name = \"left\"", "Input(4, 9, 7, Name = \"right\"), Add(\"left\", \"right\")"),
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(() => new AddDefinition());
}

/// <summary>The sum of branches.</summary>
internal sealed record AddDefinition() : PairwiseJoinDefinition("Sum")
{
    protected override Expression Join(Expression left, Expression right) => left + right;

    // The operation for tensors of one shape needs no gradients of its own.
    protected override LayerResult? Build(LayerContext layer, IReadOnlyList<Shape> branches) =>
        branches.All(branch => branch == branches[0]) ? new(new AddOperation(), branches[0]) : base.Build(layer, branches);
}

/// <summary>The elementwise sum of inputs of the same shape, as at the end of a residual block (He et al. 2016).</summary>
internal sealed record AddOperation : Operation
{
    public override bool TakesActivation => true;

    public override JoinFunction JoinOf(int own) => JoinFunction.Sum;

    public override Expression? FormulaOf(IReadOnlyList<Variable> inputs, Func<string, Variable> number) => inputs[0] + inputs[1];

    public override ResultLayout ResultLayout => ResultLayout.OfInput;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;
}
