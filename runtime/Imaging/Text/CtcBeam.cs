using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Imaging;

/// <summary>
/// A beam search over prefixes of texts. The sums over alignments are those of prefix search decoding (Graves et al. 2006, section 3.2):
/// alignments that end with a blank and those that end with the last label are kept apart, since only behind a blank does the same label
/// begin anew.
/// </summary>
internal sealed class CtcBeam
{
    private readonly int _classes;
    private readonly int _blank;
    private readonly int _width;
    private List<CtcPrefix> _beam;

    public CtcBeam(int classes, int blank, int width)
    {
        (_classes, _blank, _width) = (classes, blank, width);
        _beam = [new CtcPrefix(null, blank) { IsInBeam = true, EndsBlank = 1 }];
    }

    /// <summary>The classes of each prefix.</summary>
    public IEnumerable<int[]> Prefixes => _beam.Select(prefix => prefix.ToClasses());

    /// <summary>Goes one step on.</summary>
    /// <param name="step">The probability of each class.</param>
    public void Step(ReadOnlySpan<float> step)
    {
        var candidates = new List<Candidate>();
        int[] likely = Likely(step);
        foreach (CtcPrefix prefix in _beam)
        {
            double label = 0;
            if (prefix.Parent is { } parent)
            {
                label = (prefix.EndsLabel + (parent.IsInBeam ? parent.Before(prefix.Class) : 0)) * step[prefix.Class];
            }

            candidates.Add(new Candidate(prefix, null, prefix.Probability * step[_blank], label));
            foreach (int c in likely)
            {
                if (prefix.Child(c) is not { IsInBeam: true })
                {
                    candidates.Add(new Candidate(prefix, c, 0, prefix.Before(c) * step[c]));
                }
            }
        }

        IEnumerable<Candidate> possible = candidates.Where(candidate => candidate.Probability > 0);
        Keep([.. possible.OrderByDescending(candidate => candidate.Probability).Take(_width)]);
    }

    private void Keep(Candidate[] best)
    {
        double sum = best.Sum(candidate => candidate.Probability);
        foreach (CtcPrefix prefix in _beam)
        {
            prefix.IsInBeam = false;
        }

        _beam = [.. best.Select(candidate => candidate.Added is { } c ? candidate.Prefix.AddChild(c) : candidate.Prefix)];
        for (int i = 0; i < best.Length; i++)
        {
            // Only ratios count: divided by their sum, the numbers do not become 0.
            _beam[i].IsInBeam = true;
            _beam[i].EndsBlank = best[i].EndsBlank / sum;
            _beam[i].EndsLabel = best[i].EndsLabel / sum;
        }
    }

    /// <summary>
    /// The classes that can matter. Of a prefix's new children, at most as many as the beam is wide are kept: those with the most probable
    /// classes. As many again may be in the beam already, and one repeats the last label.
    /// </summary>
    private int[] Likely(ReadOnlySpan<float> step)
    {
        int most = int.Min((2 * _width) + 1, _classes - 1);
        var best = new PriorityQueue<int, float>(most + 1);
        for (int c = 0; c < _classes; c++)
        {
            if (c == _blank)
            {
                continue;
            }

            if (best.Count < most)
            {
                best.Enqueue(c, step[c]);
            }
            else if (best.TryPeek(out _, out float least) && step[c] > least)
            {
                best.DequeueEnqueue(c, step[c]);
            }
        }

        return [.. best.UnorderedItems.Select(item => item.Element).Order()];
    }

    /// <summary>A prefix after this step: one of the beam, or one with a label added.</summary>
    private readonly record struct Candidate(CtcPrefix Prefix, int? Added, double EndsBlank, double EndsLabel)
    {
        public double Probability => EndsBlank + EndsLabel;
    }
}
