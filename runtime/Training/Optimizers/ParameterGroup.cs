using System;
using System.Globalization;
using System.IO.Enumeration;

namespace Strata.Training;

/// <summary>Parameters with their own learning rate or weight decay.</summary>
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
    /// A pattern that the keys of the parameters match, such as <c>layer4.*</c>, <c>*.bias</c> or <c>layer?.0.conv1.weight</c>. <c>*</c>
    /// stands for any characters, including dots; <c>?</c> stands for one character. Upper and lower case differ.
    /// </param>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    public ParameterGroup(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        Pattern = pattern;
    }

    /// <summary>The pattern of the parameters' keys.</summary>
    public string Pattern { get; }

    /// <summary>
    /// The factor by which <see cref="Optimizer.LearningRate"/> is multiplied for this group, 0 or more. Default 1. Schedules therefore
    /// change the group's rate, too.
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

    /// <summary>The settings as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(ParameterGroup), PrintMembers);

    /// <summary>The settings as text, for comparison with a checkpoint's.</summary>
    internal string Settings => string.Create(
        CultureInfo.InvariantCulture, $"{Pattern}: RateMultiplier = {RateMultiplier}, WeightDecay = {WeightDecay}");

    internal bool Matches(string key) => FileSystemName.MatchesSimpleExpression(Pattern, key, ignoreCase: false);

    private static double Check(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or more and finite.");
}
