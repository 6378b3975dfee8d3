using System;

namespace Strata.Imaging;

/// <summary>What a <see cref="CtcDecoder"/> reads.</summary>
/// <param name="Text">The text.</param>
/// <param name="Length">Its labels. A label may be several characters, or a part of one.</param>
/// <param name="LogProbability">
/// The natural logarithm of the text's probability, summed over all of its alignments (Graves et al. 2006, equation 3); 0 or less.
/// </param>
public readonly record struct CtcText(string Text, int Length, double LogProbability)
{
    /// <summary>The probability for each label, a geometric mean: it compares long lines with short ones. 0 to 1.</summary>
    public double Confidence => Math.Exp(LogProbability / Math.Max(1, Length));
}
