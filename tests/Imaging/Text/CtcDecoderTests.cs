using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Strata.Imaging.Tests;

/// <summary>Texts and their probabilities, compared with sums over all alignments.</summary>
public sealed class CtcDecoderTests
{
    private static readonly string[] Labels = ["a", "b", "c"];

    /// <summary>Probabilities that sum up to 1 at each step; a few classes are likely, as those of a network.</summary>
    private static float[] Noise(int steps, int classes, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[steps * classes];
        for (int t = 0; t < steps; t++)
        {
            double[] row = [.. Enumerable.Range(0, classes).Select(_ => Math.Exp(3 * random.NextDouble()))];
            for (int c = 0; c < classes; c++)
            {
                values[(t * classes) + c] = (float)(row[c] / row.Sum());
            }
        }

        return values;
    }

    /// <summary>The probability of each text: all alignments are written out, without repetitions and blanks.</summary>
    private static Dictionary<string, double> AllTexts(float[] probabilities, string[] labels, int blank)
    {
        int classes = labels.Length + 1, steps = probabilities.Length / classes;
        var sums = new Dictionary<string, double>();
        for (int number = 0; number < Math.Pow(classes, steps); number++)
        {
            int[] alignment = [.. Enumerable.Range(0, steps).Select(t => number / (int)Math.Pow(classes, t) % classes)];
            double probability = alignment.Select((c, t) => (double)probabilities[(t * classes) + c]).Aggregate(1.0, (a, b) => a * b);
            string text = string.Concat(alignment.Where((c, t) => c != blank && (t == 0 || c != alignment[t - 1]))
                .Select(c => labels[c < blank ? c : c - 1]));
            sums[text] = sums.GetValueOrDefault(text) + probability;
        }

        return sums;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_wide_beam_finds_the_texts_that_the_sums_over_all_alignments_find(int blank)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            float[] probabilities = Noise(1 + (seed % 6), 4, seed);
            Dictionary<string, double> all = AllTexts(probabilities, Labels, blank);
            Assert.Equal(1, all.Values.Sum(), 5);
            IReadOnlyList<CtcText> found = new CtcDecoder(Labels) { Blank = blank }.DecodeBeam(probabilities, beamWidth: 2000);
            Assert.Equal(all.Count, found.Count);
            Assert.Equal(found.OrderByDescending(text => text.LogProbability), found);
            Assert.All(found, text => Assert.Equal(Math.Log(all[text.Text]), text.LogProbability, 1e-9));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_best_path_has_the_probability_of_all_alignments_of_its_text(int blank)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            float[] probabilities = Noise(1 + (seed % 6), 4, seed);
            int[] path = [.. probabilities.Chunk(4).Select(step => Array.IndexOf(step, step.Max()))];
            string expected = string.Concat(path.Where((c, t) => c != blank && (t == 0 || c != path[t - 1]))
                .Select(c => Labels[c < blank ? c : c - 1]));
            CtcText found = new CtcDecoder(Labels) { Blank = blank }.Decode(probabilities);
            Assert.Equal((expected, expected.Length), (found.Text, found.Length));
            Assert.Equal(Math.Log(AllTexts(probabilities, Labels, blank)[expected]), found.LogProbability, 1e-9);
            Assert.Equal(Math.Exp(found.LogProbability / Math.Max(1, found.Length)), found.Confidence);
        }
    }

    /// <summary>The alignment of two blanks has 0.36, those of "a" 0.64 together.</summary>
    [Fact]
    public void A_beam_finds_a_text_that_the_best_path_misses()
    {
        float[] probabilities = [0.6f, 0.4f, 0.6f, 0.4f];
        var decoder = new CtcDecoder(["a"]);
        Assert.Equal("", decoder.Decode(probabilities).Text);
        CtcText best = decoder.DecodeBeam(probabilities)[0];
        Assert.Equal("a", best.Text);
        Assert.Equal(0.64, Math.Exp(best.LogProbability), 6);
    }

    /// <summary>
    /// A search that looks at all classes, and names prefixes by their text. What the decoder leaves out of the many classes of a step must
    /// not matter.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_narrow_beam_keeps_what_a_search_over_all_classes_keeps(int width)
    {
        string[] labels = [.. Enumerable.Range('A', 40).Select(c => ((char)c).ToString())];
        for (int seed = 0; seed < 20; seed++)
        {
            float[] probabilities = Noise(12, 41, seed);
            var beam = new Dictionary<string, (double Blank, double Label)> { [""] = (1, 0) };
            foreach (float[] step in probabilities.Chunk(41))
            {
                var next = new Dictionary<string, (double Blank, double Label)>();
                foreach ((string text, (double blank, double label)) in beam)
                {
                    Add(next, text, (blank + label) * step[0], text.Length > 0 ? label * step[text[^1] - 'A' + 1] : 0);
                    for (int c = 0; c < 40; c++)
                    {
                        bool repeats = text.Length > 0 && text[^1] == labels[c][0];
                        Add(next, text + labels[c], 0, (repeats ? blank : blank + label) * step[c + 1]);
                    }
                }

                beam = next.OrderByDescending(p => p.Value.Blank + p.Value.Label).Take(width).ToDictionary(p => p.Key, p => p.Value);
            }

            Assert.Equal(beam.Keys.Order(), new CtcDecoder(labels).DecodeBeam(probabilities, width).Select(text => text.Text).Order());
        }

        static void Add(Dictionary<string, (double Blank, double Label)> sums, string text, double blank, double label)
        {
            (double b, double l) = sums.GetValueOrDefault(text);
            sums[text] = (b + blank, l + label);
        }
    }

    [Fact]
    public void A_long_line_has_a_probability_that_is_not_rounded_to_0()
    {
        float[] probabilities = Noise(4000, 4, 1);
        CtcText found = new CtcDecoder(Labels).Decode(probabilities);
        Assert.InRange(found.LogProbability, -6000, -745);
        Assert.InRange(found.Confidence, 0.01, 1);
        Assert.True(new CtcDecoder(Labels).DecodeBeam(probabilities, 4)[0].LogProbability >= found.LogProbability);
    }

    [Fact]
    public void What_is_not_text_is_empty_or_impossible()
    {
        var decoder = new CtcDecoder(Labels);
        Assert.Equal(new CtcText("", 0, 0), decoder.Decode([]));
        Assert.Equal(new CtcText("", 0, 0), Assert.Single(decoder.DecodeBeam([])));
        Assert.Equal(double.NegativeInfinity, decoder.Decode(new float[8]).LogProbability);
        Assert.Empty(decoder.DecodeBeam(new float[8]));
        Assert.Equal(1, decoder.Decode([1, 0, 0, 0]).Confidence);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Contains("here is none", Assert.Throws<ArgumentException>(() => new CtcDecoder([])).Message, StringComparison.Ordinal);
        Assert.Contains("Label 1 is null", Assert.Throws<ArgumentException>(() => new CtcDecoder(["a", null!])).Message,
            StringComparison.Ordinal);
        Assert.Contains("There are 4 classes: 3 labels and the blank.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new CtcDecoder(Labels) { Blank = 4 }).Message, StringComparison.Ordinal);
        var decoder = new CtcDecoder(Labels);
        Assert.Contains("A step has 4 probabilities: 3 labels and the blank. 7 is not a multiple.",
            Assert.Throws<ArgumentException>(() => decoder.Decode(new float[7])).Message, StringComparison.Ordinal);
        Assert.Contains("Step 1 has -2.5 for class 2. Probabilities are from 0 to 1: apply softmax to logits, and Exp to logarithms.",
            Assert.Throws<ArgumentException>(() => decoder.Decode([1, 0, 0, 0, 1, 0, -2.5f, 0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => decoder.Decode([float.NaN, 0, 0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.DecodeBeam([1, 0, 0, 0], 0));
    }
}
