using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Strata.Imaging;

/// <summary>Keeps the names of classes with a network's file: <c>flowers.safetensors</c> and <c>flowers.classes.txt</c>.</summary>
/// <remarks>The file has a name in each line, as the lists of most published models do.</remarks>
public static class ClassNames
{
    private const string Extension = ".classes.txt";

    /// <summary>Writes the names beside a network's file. The file appears complete or not at all.</summary>
    /// <param name="weights">The network's file, which need not exist yet.</param>
    /// <param name="names">The names, in the order of the classes.</param>
    /// <exception cref="ArgumentException">A name is empty or has several lines.</exception>
    /// <exception cref="IOException">The file cannot be written. An existing file is unchanged.</exception>
    public static void Save(string weights, IReadOnlyList<string> names)
    {
        ArgumentException.ThrowIfNullOrEmpty(weights);
        ArgumentNullException.ThrowIfNull(names);
        if (names.FirstOrDefault(n => string.IsNullOrWhiteSpace(n) || n.AsSpan().IndexOfAny('\r', '\n') >= 0) is { } wrong)
        {
            throw new ArgumentException($"'{wrong}' is no name of a class: it is empty, or has several lines.", nameof(names));
        }

        AtomicText.Write(PathOf(weights), string.Join('\n', names) + "\n");
    }

    /// <summary>Reads the names beside a network's file.</summary>
    /// <param name="weights">The network's file.</param>
    /// <exception cref="FileNotFoundException">There are no names beside it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Load(string weights)
    {
        ArgumentException.ThrowIfNullOrEmpty(weights);
        string path = PathOf(weights);
        return File.Exists(path) ? File.ReadAllLines(path)
            : throw new FileNotFoundException($"There are no names of classes beside {weights}: {path} does not exist.", path);
    }

    /// <summary>The classes with the highest scores.</summary>
    /// <param name="scores">A score for each class: probabilities or logits.</param>
    /// <param name="count">How many to return.</param>
    /// <returns>Class and score, from the highest score down; equal ones in the order of the classes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 0.</exception>
    public static IReadOnlyList<(int Class, float Score)> Top(ReadOnlySpan<float> scores, int count = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. scores.ToArray().Index().OrderByDescending(s => s.Item).Take(count).Select(s => (s.Index, s.Item))];
    }

    private static string PathOf(string weights) => Path.ChangeExtension(weights, null) + Extension;
}
