using System.Collections.Generic;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Declarations;

/// <summary>An open group of branches. Each branch begins at the tensor where the group began. A join reads the ends of all.</summary>
/// <param name="site">The [Branch] that opens the group.</param>
/// <param name="start">Null if a layer before the group failed.</param>
internal sealed class BranchGroup(Site site, Node? start)
{
    private readonly List<(Node? End, string? FirstLayer)> _ended = [];
    private string? _firstLayer;

    public Site Site { get; } = site;

    /// <summary>The tensor where the group began.</summary>
    public Node? Start { get; } = start;

    /// <summary>The number of branches so far, including the current one.</summary>
    public int Count => _ended.Count + 1;

    /// <summary>Adds a layer to the current branch.</summary>
    public void Add(string layer) => _firstLayer ??= layer;

    /// <summary>Ends the current branch at a tensor, and begins the next one. The tensor is null if it is not known.</summary>
    /// <returns>The tensor where the next branch begins.</returns>
    public Node? Next(Node? end)
    {
        _ended.Add((end, _firstLayer));
        _firstLayer = null;
        return Start;
    }

    /// <summary>Ends the last branch.</summary>
    /// <returns>The ends of all branches in source order; null if one of them is not known.</returns>
    public List<(Node Tensor, string? FirstLayer)>? Close(Node? end)
    {
        Next(end);
        var ends = new List<(Node, string?)>();
        foreach ((Node? tensor, string? firstLayer) in _ended)
        {
            if (tensor is not { } known)
            {
                return null;
            }

            ends.Add((known, firstLayer));
        }

        return ends;
    }
}
