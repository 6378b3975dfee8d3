using System;
using System.Globalization;
using System.IO.Enumeration;

namespace Strata.Training;

/// <summary>Parameters that learn at a rate, or with a weight decay, of their own.</summary>
/// <remarks>
/// <code>
/// new Sgd(0.1)
/// {
///     Groups =
///     [
///         new ParameterGroup("fc.*"),                              // the new head: the full rate
///         new ParameterGroup("*") { RateMultiplier = 0.1 },        // all else: a tenth
///     ],
/// }
/// </code>
/// </remarks>
public sealed record ParameterGroup
{
    /// <summary>Creates a group.</summary>
    /// <param name="pattern">
    /// What the keys of its parameters look like: <c>*</c> stands for any characters, dots included, <c>?</c> for one:
    /// <c>layer4.*</c>, <c>*.bias</c>, <c>layer?.0.conv1.weight</c>. Upper and lower case differ.
    /// </param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    public ParameterGroup(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        Pattern = pattern;
    }

    /// <summary>What the keys look like.</summary>
    public string Pattern { get; }

    /// <summary>
    /// The group's rate as a multiple of <see cref="Optimizer.LearningRate"/>, so that it follows schedules; 0 or more. Default 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double RateMultiplier
    {
        get;
        init => field = Check(value, nameof(RateMultiplier));
    } = 1;

    /// <summary>The group's weight decay, 0 or more; null (the default) for the optimizer's own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double? WeightDecay
    {
        get;
        init => field = value is { } decay ? Check(decay, nameof(WeightDecay)) : null;
    }

    /// <summary>The settings as text, the same in every country.</summary>
    public override string ToString() => InvariantText.Of(nameof(ParameterGroup), PrintMembers);

    /// <summary>All of it as text.</summary>
    internal string Settings => string.Create(
        CultureInfo.InvariantCulture, $"{Pattern}: RateMultiplier = {RateMultiplier}, WeightDecay = {WeightDecay}");

    internal bool Matches(string key) => FileSystemName.MatchesSimpleExpression(Pattern, key, ignoreCase: false);

    private static double Check(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");
}
