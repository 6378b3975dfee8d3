using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Operators;

/// <summary>Compares names of layers by the words in them, of which libraries have several for one thing: avg, average and mean.</summary>
internal static class LayerWords
{
    /// <summary>Words and what they are called here, in the order in which they are replaced. Names are in lower case.</summary>
    private static readonly (string Word, string Own)[] Synonyms =
    [
        ("_", ""), ("normalization", "norm"), ("normalisation", "norm"), ("pooling", "pool"), ("avg", "average"),
        ("meanpool", "averagepool"), ("maximumpool", "maxpool"), ("convolution", "conv"), ("deconv", "convtranspose"),
        ("transposedconv", "convtranspose"), ("transposeconv", "convtranspose"), ("upsampling", "upsample"), ("cropping", "crop"),
        ("padding", "pad"),
    ];

    /// <summary>What stands in front of or behind a layer's name and says nothing of it.</summary>
    private const string Beginning = "lazy";

    private static readonly string[] Endings = ["layer", "activation"];

    /// <summary>The number of axes in a name, 1 to 3; null if there is none.</summary>
    public static char? AxesOf(string name) =>
        name.Length > 2 && name[name.Length - 1] is 'd' or 'D' && name[name.Length - 2] is >= '1' and <= '3' and var axes ? axes : null;

    /// <summary>A name without <c>Loss</c> at its end.</summary>
    public static string WithoutLoss(string name)
    {
        const string Loss = "loss";
        return name.EndsWith(Loss, StringComparison.OrdinalIgnoreCase) ? name.Substring(0, name.Length - Loss.Length) : name;
    }

    /// <summary>Whether two names have the same words, in whatever case.</summary>
    public static bool AreAlike(string name, string other) => Words(name) == Words(other);

    /// <summary>A name without what says nothing of the layer: <c>ReluActivation</c> gives <c>Relu</c>.</summary>
    public static string Bare(string name)
    {
        string bare = name.StartsWith(Beginning, StringComparison.OrdinalIgnoreCase) ? name.Substring(Beginning.Length) : name;
        string? ending = Endings.FirstOrDefault(
            word => bare.Length > word.Length && bare.EndsWith(word, StringComparison.OrdinalIgnoreCase));
        return ending is null ? bare : bare.Substring(0, bare.Length - ending.Length);
    }

    /// <summary>
    /// The layer whose name has the same words. If one of the two names does not tell the number of axes, the layer of two axes is meant.
    /// </summary>
    public static string? Same(string name, IReadOnlyCollection<string> kinds)
    {
        string own = Words(Bare(name));
        string? Find(string words) => kinds.FirstOrDefault(kind => Words(kind) == words);
        return Find(own) ?? (AxesOf(own) is null ? Find(own + "2d") : Find(own.Substring(0, own.Length - 2)));
    }

    /// <summary>
    /// The name that differs by one letter, or by two that are exchanged. A digit is no slip: L1 is not L2. Short names have too many
    /// neighbours.
    /// </summary>
    public static string? WithSlip(string name, IEnumerable<string> kinds)
    {
        const int Shortest = 5;
        string own = name.ToLowerInvariant();
        return own.Length < Shortest ? null : kinds.FirstOrDefault(kind => IsSlip(own, kind.ToLowerInvariant()));
    }

    private static bool IsSlip(string written, string kind)
    {
        int begin = 0, end = 0, shorter = Math.Min(written.Length, kind.Length);
        while (begin < shorter && written[begin] == kind[begin])
        {
            begin++;
        }

        while (end < shorter - begin && written[written.Length - 1 - end] == kind[kind.Length - 1 - end])
        {
            end++;
        }

        string was = written.Substring(begin, written.Length - begin - end), meant = kind.Substring(begin, kind.Length - begin - end);
        return !was.Concat(meant).Any(char.IsDigit)
            && ((was.Length <= 1 && meant.Length <= 1)
                || (was.Length == 2 && meant.Length == 2 && was[0] == meant[1] && was[1] == meant[0]));
    }

    /// <summary>A name in lower case, in the words that are used here.</summary>
    private static string Words(string name)
    {
        string words = Synonyms.Aggregate(name.ToLowerInvariant(), (text, synonym) => text.Replace(synonym.Word, synonym.Own));

        // Keras puts the axes in the middle: conv2dtranspose.
        const string Convolution = "conv", Transpose = "transpose";
        int axes = Convolution.Length + 2;
        return words.StartsWith(Convolution, StringComparison.Ordinal) && words.Length > axes
            && AxesOf(words.Substring(0, axes)) is not null && words.Substring(axes) is Transpose or Transpose + "d"
                ? Convolution + Transpose + words.Substring(Convolution.Length, 2) : words;
    }
}
