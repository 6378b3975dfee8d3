using System;
using System.Linq;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Graph;

/// <summary>A function of each element by itself: its formula is all that lowering and the kernels know of it.</summary>
/// <param name="Identifier">A C# identifier that no other function has: kernels name helper methods after it.</param>
/// <param name="Title">What comments of generated code call it.</param>
/// <param name="Value">Of the input <see cref="X"/>.</param>
/// <param name="Gradient">
/// The gradient in front of it: from the gradient behind it, <see cref="G"/>, and its output <see cref="Y"/> or its input, not both. What
/// is written in terms of the output can be fused in training, since the output is saved anyway.
/// </param>
/// <param name="IsIncreasing">
/// Whether max pooling in front of it gives the same as max pooling behind it. This is so if it never decreases and is NaN for NaN and for
/// nothing else. Max pooling keeps a NaN of its window, so that a function that makes a number of NaN, or NaN of an infinity, would give
/// different results in the two orders. <see cref="Monotonicity"/> proves it for a function of which only the formula is known.
/// </param>
internal sealed record Activation(string Identifier, string Title, Expression Value, Expression Gradient, bool IsIncreasing) : Operation
{
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

    public override Activation AsActivation => this;

    public override bool IsActivation => true;

    public override ResultLayout ResultLayout => ResultLayout.OfInput;

    public override bool ReadsInSequence(Shape input, bool training) => input.Rank == 1;

    public override Reach ReachOf(Shape input, Shape output) => Reach.Place;

    /// <summary>A function whose derivative is found by differentiation.</summary>
    /// <param name="identifier">Its identifier, which is also its title.</param>
    /// <param name="isIncreasing">There is no default, since a wrong answer would only be seen in the results of some networks.</param>
    /// <param name="derivative">Its derivative in terms of the input, where a form is better than the one found by differentiation.</param>
    /// <param name="derivativeOfOutput">The same in terms of the output.</param>
    public static Activation Of(
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

    /// <summary>The gradient by differentiation, in terms of the output if it reads nothing else.</summary>
    public static Expression Derive(Expression value)
    {
        Expression gradient = Differentiation.Gradient(value, X, G), ofOutput = gradient.Replace(value, Y);
        return ofOutput.Reads(X) ? gradient : ofOutput;
    }

    private static bool IsIdentifier(string text) =>
        text.Length > 0 && char.IsLetter(text[0]) && text.All(c => char.IsLetterOrDigit(c) || c == '_');
}
