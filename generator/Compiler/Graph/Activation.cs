using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Graph;

/// <summary>A function that is applied to each element by itself. Lowering and the kernels know only its formula.</summary>
/// <param name="Identifier">A C# identifier, after which kernels name functions.</param>
/// <param name="Title">Its name in comments of generated code.</param>
/// <param name="Value">The formula of the output, in terms of the input <see cref="X"/>.</param>
/// <param name="Gradient">
/// The gradient of the input. It is a formula of the gradient of the output, <see cref="G"/>, and of either the output <see cref="Y"/> or
/// the input, but not both. Training can fuse an activation whose gradient reads the output, since the output is saved anyway.
/// </param>
/// <param name="IsIncreasing">
/// Whether the activation and max pooling can be swapped without changing the result. The function must never decrease, and it must be NaN
/// for NaN and for nothing else: max pooling keeps a NaN of its window, so a function that turns a number or an infinity into NaN would
/// give other results after pooling than before it. If only the formula is known, <see cref="Monotonicity"/> proves this.
/// </param>
internal sealed record Activation(string Identifier, string Title, Expression Value, Expression Gradient, bool IsIncreasing) : Operation
{
    public override Expression? FormulaOf(IReadOnlyList<Variable> inputs, Func<string, Variable> number) =>
        Value.Replace(part => part.Equals(X) ? inputs[0] : null);

    /// <summary>The input.</summary>
    public static readonly Variable X = new("x");

    /// <summary>The output.</summary>
    public static readonly Variable Y = new("y");

    /// <summary>The gradient of the output.</summary>
    public static readonly Variable G = new("g");

    public string Identifier { get; } = IsIdentifier(Identifier) ? Identifier : throw new ArgumentException(
        $"The identifier of an activation has letters, digits and underscores, and begins with a letter: '{Identifier}' does not.",
        nameof(Identifier));

    public bool NeedsInput => Gradient.Reads(X);

    /// <summary>
    /// Whether value and gradient are finite for all numbers that lanes without an element may hold. In training, such lanes are added to
    /// sums, times 0. If it is not finite, training computes it in loops that mask these lanes.
    /// </summary>
    public bool IsFinite { get; init; } = true;

    /// <summary>
    /// Whether training can apply it in the kernel of the layer before it, and its gradient in that of the layer behind it. These know only
    /// its output, and mask no lanes.
    /// </summary>
    public bool CanBeFusedInTraining => !NeedsInput && IsFinite;

    public override Activation AsActivation => this;

    /// <summary>
    /// Whether it is a part of other functions, such as √x or a·x + b. Two in a row are then no mistake, and what it computes is no
    /// probability or the like.
    /// </summary>
    public bool IsPart { get; init; }

    public override bool IsActivation => !IsPart;

    public override ResultLayout ResultLayout => ResultLayout.OfInput;

    public override bool ReadsInSequence(Shape input, bool training) => input.Rank == 1;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    /// <summary>Makes a function and finds its derivative by differentiation.</summary>
    /// <param name="identifier">Its identifier, which is also its title.</param>
    /// <param name="isIncreasing">
    /// See <see cref="IsIncreasing"/>. It has no default, since a wrong value would only show in the results of some networks.
    /// </param>
    /// <param name="derivative">
    /// Its derivative in terms of the input, if there is a better form than the one found by differentiation.
    /// </param>
    /// <param name="derivativeOfOutput">The same in terms of the output.</param>
    public static Activation Create(
        string identifier, bool isIncreasing, Func<Expression, Expression> value, Func<Expression, Expression>? derivative = null,
        Func<Expression, Expression>? derivativeOfOutput = null)
    {
        Expression formula = value(X);
        return new Activation(
            identifier, identifier, formula,
            derivativeOfOutput is not null ? Simplification.Product(G, derivativeOfOutput(Y))
            : derivative is not null ? Simplification.Product(G, derivative(X))
            : Derive(formula),
            isIncreasing);
    }

    /// <summary>
    /// Makes a function that is a part of others; see <see cref="IsPart"/>. What holds for it is proven from its formula.
    /// </summary>
    public static Activation Part(
        string identifier, Func<Expression, Expression> value, Func<Expression, Expression>? derivative = null,
        Func<Expression, Expression>? derivativeOfOutput = null)
    {
        Activation function = Create(identifier, Monotonicity.IsProvenIncreasing(value(X), X), value, derivative, derivativeOfOutput);
        return function with
        {
            IsPart = true,
            IsFinite = Ranges.IsProvenFinite(function.Value) && Ranges.IsProvenFinite(function.Gradient),
        };
    }

    /// <summary>This function, and another one of its result.</summary>
    public Activation Then(Activation next)
    {
        Expression value = next.Value.Replace(part => part.Equals(X) ? Value : null);
        return new Activation(
            $"{Identifier}_{next.Identifier}", $"{Title} and {next.Title}", value, Derive(value), IsIncreasing && next.IsIncreasing)
        {
            IsPart = IsPart && next.IsPart,
            IsFinite = IsFinite && next.IsFinite,
        };
    }

    /// <summary>The gradient, found by differentiation. It is in terms of the output if it then needs nothing else.</summary>
    public static Expression Derive(Expression value)
    {
        Expression gradient = Differentiation.Gradient(value, X, G);
        return OutputForm.Find(value, gradient, X, Y) ?? gradient;
    }

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && char.IsLetter(text[0]) && text.All(c => char.IsLetterOrDigit(c) || c == '_');
}
