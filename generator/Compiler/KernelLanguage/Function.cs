using System;
using System.Collections.Generic;

namespace Strata.Compiler.KernelLanguage;

/// <summary>What kind of function it is. <c>Printing</c> finds its text by kind and name.</summary>
internal enum FunctionClass
{
    /// <summary>An instruction for each element, of vectors and of floats: √x, |x|, the larger of two.</summary>
    Instruction,

    /// <summary>A mathematical function of vectors, which the runtime computes: eˣ, tanh x.</summary>
    Mathematical,

    /// <summary>A function of lanes, bits or memory that formulas do not have: one of <see cref="Intrinsics"/>.</summary>
    Intrinsic,

    /// <summary>A member of the runtime from the table <see cref="RuntimeApi"/>.</summary>
    Runtime,

    /// <summary>One with a body of its own, which is printed once.</summary>
    Defined,
}

/// <summary>A function that kernels can call, with its derivative. There is one object for each.</summary>
/// <param name="name">What it is called among those of its class.</param>
/// <param name="derivatives">The derivatives by the arguments that are vectors, in order, for a call.</param>
internal class Function(string name, FunctionClass home, Func<Call, Expression[]>? derivatives = null, ElementType? result = null)
    : IEquatable<Function>
{
    public string Name => name;

    public FunctionClass Home => home;

    /// <summary>How many of the arguments are vectors in formulas; those behind them are single numbers.</summary>
    public int Vectors { get; init; } = 1;

    /// <summary>How many single numbers follow the vectors, where that is always the same.</summary>
    public int Numbers { get; init; }

    /// <summary>The type of its result; null for that of the first argument.</summary>
    public ElementType? Result { get; init; } = result;

    /// <summary>The range of its results, from the ranges of its arguments; null where it is not known.</summary>
    public Func<IReadOnlyList<Interval>, Interval>? Range { get; init; }

    /// <summary>
    /// Its result for numbers, in double precision. Null if it has none there that is as exact as that of the runtime.
    /// </summary>
    public Func<IReadOnlyList<double>, double>? Value { get; init; }

    public Expression[] Derivatives(Call call) =>
        derivatives is null ? throw new NotSupportedException($"{name} has no derivative.") : derivatives(call);

    public virtual bool Equals(Function? other) => other is not null && other.Name == name && other.Home == home;

    public sealed override bool Equals(object? obj) => obj is Function other && Equals(other);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(name);

    public override string ToString() => name;
}

/// <summary>A function whose body is a part of the kernel.</summary>
/// <param name="purpose">A line above it; empty where the name says enough.</param>
internal sealed class DefinedFunction(string name, string purpose, Nest nest) : Function(name, FunctionClass.Defined, result: nest.Result)
{
    public string Purpose => purpose;

    public Nest Nest => nest;

    /// <summary>Whether the JIT puts it into its callers. One that is too long for that is compiled by itself, as kernels are.</summary>
    public bool IsInlined { get; init; } = true;

    public override bool Equals(Function? other) => other is DefinedFunction defined && defined.Name == Name && defined.Nest == nest;

    public override int GetHashCode() => base.GetHashCode();
}
