using System;

namespace Strata.Generator.KernelLanguage;

/// <summary>Where a function of the target is.</summary>
internal enum FunctionClass
{
    /// <summary>An instruction of the vector type.</summary>
    Simd,

    /// <summary>The runtime's <c>VectorMath</c>.</summary>
    VectorMath,
}

/// <summary>A function that targets have, with its derivative. There is one object for each.</summary>
/// <param name="name">Its name in the target.</param>
/// <param name="derivatives">The derivatives by the arguments that are vectors, in order, for a call.</param>
internal sealed class Function(string name, FunctionClass home, Func<Call, Expression[]> derivatives)
{
    public string Name => name;

    public FunctionClass Home => home;

    /// <summary>How many of the arguments are vectors; those behind them are single numbers.</summary>
    public int Vectors { get; init; } = 1;

    public Expression[] Derivatives(Call call) => derivatives(call);

    public override string ToString() => name;
}
