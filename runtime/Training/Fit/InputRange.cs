using System;
using System.Globalization;
using System.Linq;

namespace Strata.Training;

/// <summary>
/// Checks whether samples suit the constants of a network's <see cref="NormalizeAttribute"/>, or its first weights if it has none.
/// </summary>
internal static class InputRange
{
    private const int MostSamples = 32;

    /// <summary>
    /// Values that a network learns from have a root mean square near 1. A larger one than this means that the samples have another scale.
    /// </summary>
    private const double MostMagnitude = 10;

    /// <summary>
    /// Normalised values have a standard deviation near 1. A smaller one than this also means that the samples have another scale.
    /// </summary>
    private const double LeastDeviation = 0.03;

    /// <summary>Layers that only move or choose numbers. Those behind them see the samples as they are.</summary>
    private static readonly string[] Moving =
        ["Flatten", "Reshape", "Transpose", "Crop", "Pad", "Slice", "Split", "MaxPool", "AveragePool", "PixelUnshuffle", "Upsample"];

    /// <summary>What is wrong with samples; null if nothing is, or if nobody can tell.</summary>
    /// <param name="network">The network.</param>
    /// <param name="samples">Some samples. Only a few of them are checked.</param>
    /// <param name="what">What messages call them.</param>
    public static string? FindProblem(CompiledNetwork network, ReadOnlySpan<float> samples, string what)
    {
        InputNormalization? constants = network.Info.InputNormalization;
        LayerInfo? reader = constants is null ? ReaderOf(network.Info) : null;
        if (samples.Length < network.InputLength || (constants is null && reader is null))
        {
            return null;
        }

        Statistics found = Measure(network, samples, constants ?? new InputNormalization([0], [1]));
        bool isLarge = found.Magnitude > MostMagnitude, isFlat = constants is not null && found.IsFlat;
        if (!isLarge && !isFlat)
        {
            return null;
        }

        string where = constants is null
            ? string.Create(CultureInfo.InvariantCulture,
                $"{reader!.Kind} '{reader.Name}' of {network.Info.Name} sees them as they are: a mean of {found.Mean:G3} and a root mean "
                + $"square of {found.Magnitude:G3}, where 0 and 1 are usual.")
            : string.Create(CultureInfo.InvariantCulture,
                $"[Normalize] of {network.Info.Name} takes away {constants.Means[0]:G4} and divides by {constants.Deviations[0]:G4}, so "
                + $"that the network sees a mean of {found.Mean:G3} and a root mean square of {found.Magnitude:G3} where 0 and 1 are "
                + $"usual.");
        return string.Create(CultureInfo.InvariantCulture, $"{what} go from {found.Least} to {found.Most}, but {where} ")
            + Cure(network, samples, found, isLarge, constants is not null);
    }

    /// <summary>What brings the samples where the network learns.</summary>
    private static string Cure(CompiledNetwork network, ReadOnlySpan<float> samples, Statistics found, bool isLarge, bool isNormalized)
    {
        if (isLarge && found is { Least: >= 0, Most: > 1 and <= 255 })
        {
            return "Divide them by 255, as Forward does with bytes.";
        }

        // The samples' own numbers, which a normalisation would take.
        Statistics raw = Measure(network, samples, new InputNormalization([0], [1]));
        double deviation = Math.Sqrt(raw.Variance);
        string own = string.Create(CultureInfo.InvariantCulture, $"[Normalize([{raw.Mean:G3}], [{deviation:G3}])]");
        return !(deviation > 0) ? "Scale them to numbers near 1."
            : isNormalized
                ? $"Bring them to the scale that [Normalize] expects, or declare what suits them; over all channels it is {own}."
            : $"Subtract their mean and divide by their deviation, or let the network do so: over all channels it is {own}.";
    }

    /// <summary>The layer with weights that reads the samples as they are; null if another layer changes them before.</summary>
    private static LayerInfo? ReaderOf(NetworkInfo network)
    {
        LayerInfo? first = network.Inputs.Count == 1
            ? network.Layers.FirstOrDefault(layer => !Moving.Any(kind => layer.Kind.StartsWith(kind, StringComparison.Ordinal))) : null;
        return first is not null && (first.Kind == "Dense" || first.Kind.StartsWith("Conv", StringComparison.Ordinal)) ? first : null;
    }

    private static Statistics Measure(CompiledNetwork network, ReadOnlySpan<float> samples, InputNormalization constants)
    {
        int count = samples.Length / network.InputLength, looked = int.Min(count, MostSamples),
            pixels = network.InputLength / constants.Means.Count;
        double sum = 0, squares = 0;
        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        for (int i = 0; i < looked; i++)
        {
            ReadOnlySpan<float> sample = samples.Slice((int)((long)i * count / looked) * network.InputLength, network.InputLength);
            for (int k = 0; k < sample.Length; k++)
            {
                double value = (sample[k] - constants.Means[k / pixels]) / constants.Deviations[k / pixels];
                sum += value;
                squares += value * value;
                (least, most) = (float.Min(least, sample[k]), float.Max(most, sample[k]));
            }
        }

        double numbers = (double)looked * network.InputLength;
        return new Statistics(least, most, sum / numbers, squares / numbers);
    }

    /// <summary>The range of samples, and the means of their normalised values and of the squares of these.</summary>
    private readonly record struct Statistics(float Least, float Most, double Mean, double Square)
    {
        public double Magnitude => Math.Sqrt(Square);

        public double Variance => Square - (Mean * Mean);

        public bool IsFlat => Most > Least && Variance < LeastDeviation * LeastDeviation;
    }
}
