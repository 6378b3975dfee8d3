using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Declarations;

/// <summary>Finds tensors by the names of the layers and blocks that compute them.</summary>
internal sealed class TensorNames(StackBlock network, ProblemLog problems)
{
    private readonly Dictionary<string, Node?> _known = new(StringComparer.Ordinal);
    private HashSet<string>? _all;

    /// <param name="tensor">Null if it could not be computed. Layers that read it then report nothing.</param>
    public void Add(StackItem item, Node? tensor)
    {
        if (item.Name.Length > 0)
        {
            _known[item.Name] = tensor;
        }

        if (item is StackBlock { Alias: { Length: > 0 } alias } && !_known.ContainsKey(alias))
        {
            _known.Add(alias, tensor);
        }
    }

    /// <summary>
    /// The tensor that a name means for an item: the name is looked up in the item's scope, then in the scopes around it.
    /// </summary>
    /// <param name="other">Another name that is known there, for messages.</param>
    /// <returns>Null if the name is not known. This is reported, unless it has been before.</returns>
    public Node? Find(string name, StackItem reader, Site site, string? other)
    {
        for (StackBlock? scope = reader.Scope; scope is not null; scope = scope.Scope)
        {
            if (_known.TryGetValue(scope.Prefix + name, out Node? tensor))
            {
                return tensor;
            }
        }

        ReportUnknown(new Subject(site, reader.Label), name, reader.Scope!, reader, other);
        return null;
    }

    public void ReportUnknown(Subject subject, string name, StackBlock scope, StackItem? reader = null, string? other = null)
    {
        _all ??= [.. Names(network)];
        for (StackBlock? around = reader is null ? null : scope; around is not null; around = around.Scope)
        {
            string key = around.Prefix + name;
            if (_all.Contains(key))
            {
                (string where, string advice) = key == reader!.Name
                    ? ("is its own name", "Nothing can read its own result, which would be a cycle")
                    : scope.Prefix.StartsWith(key + ".", StringComparison.Ordinal)
                        ? ("is the block around it", "Nothing can read a result that depends on it, which would be a cycle")
                        : ("comes later",
                            "Layers are computed in source order: move it down, or that layer up. If each needs the other, it is a cycle");
                problems.Add(NameProblems.LaterTensor(subject, name, where, advice));
                return;
            }
        }

        string[] prefixes = Scopes(scope).Select(around => around.Prefix).Distinct().ToArray();
        problems.Add(Unknown(subject, name, (reader is null ? _all.AsEnumerable() : _known.Keys)
            .SelectMany(
                key => prefixes.Where(prefix => key.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(prefix => key.Substring(prefix.Length)))
            .Concat(other is null ? [] : [other])));
    }

    /// <summary>The problem of an unknown name. It suggests the most similar known name.</summary>
    public static Problem Unknown(Subject subject, string name, IEnumerable<string> candidates) =>
        NameProblems.UnknownTensor(subject, name, Similarity.Nearest(name, candidates));

    private static IEnumerable<StackBlock> Scopes(StackBlock scope)
    {
        for (StackBlock? around = scope; around is not null; around = around.Scope)
        {
            yield return around;
        }
    }

    /// <summary>All names in a block.</summary>
    public static IEnumerable<string> Names(StackBlock block)
    {
        foreach (StackItem item in block.Items)
        {
            if (item.Name.Length > 0)
            {
                yield return item.Name;
            }

            if (item is StackBlock inner)
            {
                if (inner.Alias.Length > 0)
                {
                    yield return inner.Alias;
                }

                foreach (string name in Names(inner))
                {
                    yield return name;
                }
            }
        }
    }
}
