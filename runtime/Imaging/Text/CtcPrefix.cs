using System.Collections.Generic;

namespace Strata.Imaging;

/// <summary>The beginning of a text, as a node of a tree: the prefix without its last label, and the class of that label.</summary>
internal sealed class CtcPrefix(CtcPrefix? parent, int @class)
{
    private Dictionary<int, CtcPrefix>? _children;

    /// <summary>The prefix without the last label; null for the empty one.</summary>
    public CtcPrefix? Parent => parent;

    /// <summary>The class of the last label.</summary>
    public int Class => @class;

    /// <summary>Whether it was among the best at the last step.</summary>
    public bool IsInBeam { get; set; }

    /// <summary>The probability of its alignments that end with a blank.</summary>
    public double EndsBlank { get; set; }

    /// <summary>The probability of those that end with the last label.</summary>
    public double EndsLabel { get; set; }

    /// <summary>The probability of all of them.</summary>
    public double Probability => EndsBlank + EndsLabel;

    /// <summary>The probability of those behind which a label can begin: the last label itself can do so behind a blank only.</summary>
    public double Before(int next) => parent is not null && next == @class ? EndsBlank : Probability;

    public CtcPrefix? Child(int next) => _children?.GetValueOrDefault(next);

    /// <summary>
    /// The prefix with one label more. A prefix that was dropped comes back as the same node, so that no text is in the beam twice.
    /// </summary>
    public CtcPrefix AddChild(int next)
    {
        _children ??= [];
        if (!_children.TryGetValue(next, out CtcPrefix? child))
        {
            _children[next] = child = new CtcPrefix(this, next);
        }

        return child;
    }

    /// <summary>The classes of its labels, from the first one.</summary>
    public int[] ToClasses()
    {
        var classes = new List<int>();
        for (CtcPrefix at = this; at.Parent is { } before; at = before)
        {
            classes.Add(at.Class);
        }

        classes.Reverse();
        return [.. classes];
    }
}
