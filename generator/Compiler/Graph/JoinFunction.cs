using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Graph;

/// <summary>
/// A function that joins the elements of two tensors of one shape. A layer that computes one of them can apply it before it stores its
/// result, and then reads the other one.
/// </summary>
/// <param name="Identifier">A C# identifier, after which kernels name functions.</param>
/// <param name="Title">What it is called in comments of generated code.</param>
/// <param name="Operand">What kernels call the other tensor.</param>
/// <param name="Value">The formula of the result, in terms of the layer's own element <see cref="X"/> and of <see cref="Other"/>.</param>
internal sealed record JoinFunction(string Identifier, string Title, string Operand, Expression Value)
{
    /// <summary>The element that the layer computes.</summary>
    public static readonly Variable X = new("x");

    /// <summary>The element of the other tensor.</summary>
    public static readonly Variable Other = new("other");

    /// <summary>The sum, as at the end of a residual block.</summary>
    public static readonly JoinFunction Sum = new("Sum", "Sum", "addend", X + Other);

    public Expression Apply(Expression value, Expression other) => Formula.Apply(Identifier, Value, (X, value), (Other, other));
}
