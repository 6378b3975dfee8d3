using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Strata.Generator.Reading;

/// <summary>
/// What was read of classes, from edit to edit. An editor makes a new compilation for each keystroke, and the C# compiler then binds all
/// attributes anew that one asks for. A reading stays valid if its surroundings are the same, and all files that it was read from.
/// </summary>
/// <typeparam name="T">What is read: a value, without symbols.</typeparam>
internal sealed class KeptReadings<T>
    where T : class
{
    private readonly ConditionalWeakTable<SyntaxTree, ConcurrentDictionary<int, Reading>> _readings = new();

    /// <summary>Reads a class, unless it has been read before and would be read in the same way.</summary>
    /// <param name="node">A part of the class.</param>
    /// <param name="compilation">The compilation that it belongs to.</param>
    /// <param name="read">Reads it. It adds the files that it looks into; that of the part need not be added.</param>
    public T? Get(SyntaxNode node, Compilation compilation, Func<ISet<SyntaxTree>, T?> read)
    {
        var surroundings = Surroundings.Of(compilation);
        ConcurrentDictionary<int, Reading> readings = _readings.GetOrCreateValue(node.SyntaxTree);
        if (readings.TryGetValue(node.SpanStart, out Reading kept) && kept.Surroundings == surroundings
            && kept.Files.All(compilation.ContainsSyntaxTree))
        {
            return kept.Value;
        }

        var files = new HashSet<SyntaxTree>();
        T? value = read(files);
        files.Remove(node.SyntaxTree);
        readings[node.SpanStart] = new Reading(value, surroundings, [.. files]);
        return value;
    }

    private sealed record Reading(T? Value, Surroundings Surroundings, SyntaxTree[] Files);
}
