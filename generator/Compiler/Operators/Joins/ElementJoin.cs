using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>The base of the joins that compute each element from the elements at its place in all branches.</summary>
internal abstract class ElementJoin : Join
{
    /// <summary>The shape rule of them all, for the documentation.</summary>
    protected const string Shapes = "that of all branches; a branch of 1 element along an axis is repeated: C×1×1, 1×H×W, 1×1×1";
}

/// <summary>A function of elements of all branches. Branches are broadcast as in PyTorch.</summary>
/// <param name="Title">What comments of generated code call the result, which is also the function's identifier: <c>Product</c>.</param>
internal abstract record ElementJoinDefinition(string Title) : JoinDefinition
{
    protected sealed override string Agreement => "one shape, or of 1 element along an axis";

    protected sealed override bool Broadcasts => true;

    /// <summary>The formula of the elements of all branches.</summary>
    protected abstract Expression Formula(IReadOnlyList<Expression> branches);

    protected override LayerResult? Build(LayerContext layer, IReadOnlyList<Shape> branches)
    {
        ElementInput[] inputs = [.. branches.Select((branch, i) => new ElementInput(new Variable($"x{i}"), branch))];
        var function = new ElementFunction(
            Formula([.. inputs.Select(input => (Expression)input.Variable)]), inputs.ToEquatableArray(),
            EquatableArray<ElementParameter>.Empty)
        {
            Name = (Title, Title),
        };
        return new(function, function.Result);
    }
}

/// <summary>A function of two elements; those of further branches follow from left to right.</summary>
internal abstract record PairwiseJoinDefinition(string Title) : ElementJoinDefinition(Title)
{
    /// <summary>The formula of two elements.</summary>
    protected abstract Expression Join(Expression left, Expression right);

    protected sealed override Expression Formula(IReadOnlyList<Expression> branches) => branches.Aggregate(Join);
}
