using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>Functions without arguments that other functions are made of, such as eˣ.</summary>
internal abstract class ElementaryFunction : ShapePreserving
{
    protected sealed override Operation Operation =>
        Activation.Part(Kind, Value, Derivative(Activation.X) is { } derivative ? _ => derivative : null);

    /// <summary>The formula of an element.</summary>
    protected abstract Expression Value(Expression x);

    /// <summary>The derivative, if it is not the one that differentiation finds.</summary>
    protected virtual Expression? Derivative(Expression x) => null;
}
