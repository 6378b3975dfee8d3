using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// Reads text in the output of a network that was trained with CTC, such as PP-OCR's recognizer (Graves et al., Connectionist Temporal
/// Classification, ICML 2006, section 3).
/// </summary>
/// <remarks>
/// The network gives a probability at each step for each label, and for the blank, which means "no label". An alignment is a class for
/// each step. Its text is what is left without repetitions and without blanks: with - for the blank, "hh-e-l-ll-o" is "hello". The
/// probability of a text is the sum over its alignments.
/// <code>
/// var decoder = new CtcDecoder([.. File.ReadLines("ppocr_keys_v1.txt"), " "]);
/// string text = decoder.Decode(probabilities).Text;
/// </code>
/// </remarks>
public sealed class CtcDecoder
{
    // Softmax in single precision may round a little above 1.
    private const float MostProbability = 1.0001f;

    private readonly string[] _labels;

    /// <summary>Describes the network's classes.</summary>
    /// <param name="labels">The text of each label in the order of the network's classes, without the blank; one or more.</param>
    /// <exception cref="ArgumentException">There is no label, or one is null.</exception>
    public CtcDecoder(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _labels = [.. labels];
        if (_labels.Length == 0)
        {
            throw new ArgumentException("A decoder has one label or more; here is none.", nameof(labels));
        }

        if (Array.IndexOf(_labels, null) is >= 0 and int missing)
        {
            throw new ArgumentException($"Label {missing} is null.", nameof(labels));
        }
    }

    /// <summary>Which class is the blank, 0 to the number of labels. Default 0, as in PyTorch; in Keras it is the last one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public int Blank
    {
        get;
        init => field = value >= 0 && value < Classes ? value : throw new ArgumentOutOfRangeException(
            nameof(Blank), value, $"There are {Classes} classes: {_labels.Length} labels and the blank.");
    }

    /// <summary>Classes of the network: the labels and the blank.</summary>
    public int Classes => _labels.Length + 1;

    /// <summary>Reads the most probable alignment, the best class of each step: best path decoding, section 3.2 of the paper.</summary>
    /// <param name="probabilities">Probabilities, after softmax: steps × <see cref="Classes"/>.</param>
    /// <exception cref="ArgumentException">The length is not steps × classes, or a number is not from 0 to 1.</exception>
    public CtcText Decode(ReadOnlySpan<float> probabilities)
    {
        int steps = StepsOf(probabilities);
        var classes = new List<int>();
        int last = Blank;
        for (int t = 0; t < steps; t++)
        {
            int best = DecoderChecks.Best(probabilities, t * Classes, 1, Classes).Class;
            if (best != last && best != Blank)
            {
                classes.Add(best);
            }

            last = best;
        }

        return TextOf(probabilities, [.. classes]);
    }

    /// <summary>
    /// Searches for the most probable texts. The best path may miss them, where a text has many alignments that are less probable. The
    /// search goes along the steps and keeps the best beginnings of texts (prefixes), each with the probability of all of its alignments.
    /// </summary>
    /// <param name="probabilities">Probabilities, after softmax: steps × <see cref="Classes"/>.</param>
    /// <param name="beamWidth">How many prefixes are kept at each step, 1 or more: the more, the surer and slower.</param>
    /// <returns>
    /// The texts of the last step's prefixes, from the most probable one down: <c>beamWidth</c> at most, and none with probability 0.
    /// </returns>
    /// <exception cref="ArgumentException">The length is not steps × classes, or a number is not from 0 to 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The beam width is less than 1.</exception>
    public IReadOnlyList<CtcText> DecodeBeam(ReadOnlySpan<float> probabilities, int beamWidth = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(beamWidth, 1);
        int steps = StepsOf(probabilities);
        var search = new CtcBeam(Classes, Blank, beamWidth);
        for (int t = 0; t < steps; t++)
        {
            search.Step(probabilities.Slice(t * Classes, Classes));
        }

        var found = new List<CtcText>();
        foreach (int[] classes in search.Prefixes)
        {
            found.Add(TextOf(probabilities, classes));
        }

        return [.. found.OrderByDescending(text => text.LogProbability)];
    }

    private int StepsOf(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.Length % Classes != 0)
        {
            throw new ArgumentException(
                $"A step has {Classes} probabilities: {_labels.Length} labels and the blank. {probabilities.Length} is not a multiple.",
                nameof(probabilities));
        }

        for (int i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] is >= 0 and <= MostProbability))
            {
                string found = FormattableString.Invariant($"Step {i / Classes} has {probabilities[i]} for class {i % Classes}.");
                throw new ArgumentException(
                    $"{found} Probabilities are from 0 to 1: apply softmax to logits, and Exp to logarithms.", nameof(probabilities));
            }
        }

        return probabilities.Length / Classes;
    }

    private CtcText TextOf(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> classes)
    {
        var text = new string[classes.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            text[i] = _labels[classes[i] < Blank ? classes[i] : classes[i] - 1];
        }

        return new CtcText(string.Concat(text), classes.Length, LogProbability(probabilities, classes));
    }

    /// <summary>
    /// The forward variables of section 4.1: alpha[s] is the probability that the steps so far end at s of the text with blanks
    /// around each label. They are divided by their sum at each step, so that they do not become 0.
    /// </summary>
    private double LogProbability(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> classes)
    {
        double[] alpha = new double[2 * classes.Length + 1], next = new double[alpha.Length];
        alpha[0] = 1;
        double log = 0;
        for (int t = 0; t < probabilities.Length / Classes; t++)
        {
            ReadOnlySpan<float> step = probabilities.Slice(t * Classes, Classes);
            double sum = 0;
            for (int s = 0; s < alpha.Length; s++)
            {
                bool isLabel = s % 2 == 1;
                int c = isLabel ? classes[s / 2] : Blank;
                double before = alpha[s] + (s > 0 ? alpha[s - 1] : 0);
                if (isLabel && s > 1 && classes[s / 2 - 1] != c)
                {
                    before += alpha[s - 2];
                }

                sum += next[s] = before * step[c];
            }

            for (int s = 0; s < next.Length; s++)
            {
                alpha[s] = sum > 0 ? next[s] / sum : 0;
            }

            log += Math.Log(sum);
        }

        return Math.Min(0, log + Math.Log(alpha[^1] + (alpha.Length > 1 ? alpha[^2] : 0)));
    }
}
