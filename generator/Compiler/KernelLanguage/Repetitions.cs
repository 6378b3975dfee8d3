using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>
/// Finds the parts that occur more than once in some formulas. Equal parts are one node here, whose uses are counted. So the work grows
/// with the number of different parts, however often they occur.
/// </summary>
internal sealed class Repetitions
{
    /// <summary>The different parts, operands before what uses them.</summary>
    private readonly List<Node> _nodes = [];

    /// <summary>The formulas themselves.</summary>
    private readonly Node[] _roots;
    private readonly Dictionary<Expression, Node> _known = [];

    public Repetitions(params Expression[] formulas)
    {
        var byObject = new Dictionary<Expression, Node>(ReferenceComparer<Expression>.Instance);
        foreach (Expression part in formulas.SelectMany(formula => formula.InOrder()).Where(part => !byObject.ContainsKey(part)))
        {
            // Equal parts have the same objects as operands by then, so that a comparison is fast.
            Expression own = part.Map(operand => byObject[operand].Expression);
            if (!_known.TryGetValue(own, out Node? node))
            {
                node = new Node(own, [.. part.Operands.Select(operand => byObject[operand])]);
                _known.Add(own, node);
                _nodes.Add(node);
            }

            byObject.Add(part, node);
        }

        _roots = [.. formulas.Select(formula => byObject[formula])];
        NumberPlaces();
        CountUses();
    }

    /// <summary>Whether any part gets a name.</summary>
    public bool Any => _nodes.Exists(node => node.IsNamed);

    /// <summary>How often a part occurs, if named parts are written once.</summary>
    public int UsesOf(Expression part) => _known.TryGetValue(part, out Node? node) ? node.Uses : 0;

    /// <summary>
    /// The formulas with names for what occurs more than once. The largest part comes first, unless it reads one that has no name yet.
    /// </summary>
    /// <param name="name">Gives a part its name.</param>
    public Expression[] Name(Func<Expression, Expression> name)
    {
        List<Node> named = _nodes.FindAll(node => node.IsNamed);
        Dictionary<Node, List<Node>> readers = named.ToDictionary(node => node, _ => new List<Node>());
        var missing = new Dictionary<Node, int>();
        var ready = new SortedSet<Node>(Node.Order);
        foreach (Node node in named)
        {
            HashSet<Node> read = NamedIn(node);
            missing.Add(node, read.Count);
            foreach (Node part in read)
            {
                readers[part].Add(node);
            }

            if (read.Count == 0)
            {
                ready.Add(node);
            }
        }

        while (ready.Min is { } next)
        {
            ready.Remove(next);
            next.Name = name(TextOf(next));
            foreach (Node reader in readers[next])
            {
                if (--missing[reader] == 0)
                {
                    ready.Add(reader);
                }
            }
        }

        return [.. _roots.Select(TextOf)];
    }

    private Expression TextOf(Node node) => node.Expression.Replace(part => _known.TryGetValue(part, out Node? known) ? known.Name : null);

    /// <summary>The named parts that a part reads directly, not those inside of them.</summary>
    private static HashSet<Node> NamedIn(Node node)
    {
        var named = new HashSet<Node>();
        var open = new Stack<Node>(node.Operands);
        while (open.Count > 0)
        {
            Node part = open.Pop();
            if (part.IsNamed)
            {
                named.Add(part);
                continue;
            }

            foreach (Node operand in part.Operands)
            {
                open.Push(operand);
            }
        }

        return named;
    }

    /// <summary>In the order in which the formulas read.</summary>
    private void NumberPlaces()
    {
        int place = 0;
        var open = new Stack<Node>(Enumerable.Reverse(_roots));
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (node.Place >= 0)
            {
                continue;
            }

            node.Place = place++;
            for (int i = node.Operands.Count - 1; i >= 0; i--)
            {
                open.Push(node.Operands[i]);
            }
        }
    }

    private void CountUses()
    {
        foreach (Node root in _roots)
        {
            root.Uses++;
        }

        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            Cancellation.ThrowIfRequested();
            Node node = _nodes[i];

            // Negations cost next to nothing and get no names.
            node.IsNamed = node.Uses > 1 && node.Operands.Count > 0 && node.Expression is not Unary;
            foreach (Node operand in node.Operands)
            {
                operand.Uses = (int)Math.Min(int.MaxValue, (long)operand.Uses + (node.IsNamed ? 1 : node.Uses));
            }
        }

        foreach (Node node in _nodes)
        {
            Cancellation.ThrowIfRequested();
            node.Size = (int)Math.Min(int.MaxValue, node.Operands.Sum(operand => operand.IsNamed ? 1L : operand.Size) + 1);
        }
    }

    /// <summary>A part that differs from all others.</summary>
    private sealed class Node(Expression expression, IReadOnlyList<Node> operands)
    {
        /// <summary>The largest first; among equals, the one that the formula reads first.</summary>
        public static readonly IComparer<Node> Order = Comparer<Node>.Create((left, right) =>
            left.Size != right.Size ? right.Size.CompareTo(left.Size) : left.Place.CompareTo(right.Place));

        public Expression Expression => expression;

        public IReadOnlyList<Node> Operands => operands;

        public int Place { get; set; } = -1;

        public int Uses { get; set; }

        public bool IsNamed { get; set; }

        /// <summary>The number of expressions in it. A named part counts as one.</summary>
        public int Size { get; set; }

        public Expression? Name { get; set; }
    }
}
