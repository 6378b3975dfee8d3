using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>Functions without arguments that other functions are made of, such as eˣ.</summary>
internal abstract class ElementaryFunction : ShapePreserving
{
    protected sealed override Operation Operation => Activation.Part(Kind, Value);

    /// <summary>The formula of an element.</summary>
    protected abstract Expression Value(Expression x);
}
