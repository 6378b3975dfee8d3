namespace Strata.Training;

/// <summary>The learning rates with which networks learn.</summary>
/// <param name="Range">The range in words, for messages.</param>
/// <param name="Most">With a higher rate, a step throws the weights away.</param>
internal readonly record struct UsualRate(string Range, double Most)
{
    /// <summary>A step moves each weight by about the rate, whatever its gradient.</summary>
    public static UsualRate OfScaledSteps { get; } = new("0.0001 to 0.01", 1);

    /// <summary>A step is the gradient times the rate.</summary>
    public static UsualRate OfGradients { get; } = new("0.001 to 1", 10);
}
