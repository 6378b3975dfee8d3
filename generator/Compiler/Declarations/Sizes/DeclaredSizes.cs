using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Reads the sizes that a network declares, and builds its graph at each.</summary>
internal sealed class DeclaredSizes
{
    /// <summary>The most sizes of a network.</summary>
    public const int Most = 256;

    private readonly NetworkDeclaration _declaration;
    private readonly AttributeDeclaration _attribute;
    private readonly Subject _subject;
    private readonly SizedGraph _declared;
    private readonly ProblemLog _problems = new();

    private DeclaredSizes(NetworkDeclaration declaration, int attribute, NetworkGraph graph)
    {
        (_declaration, _attribute, _declared) = (declaration, declaration.Attributes[attribute], new SizedGraph(graph));
        _subject = new Subject(new Site(attribute, ""), _attribute.Kind);
    }

    /// <summary>Adds the graphs of further sizes to a model, or the problems with them.</summary>
    public static NetworkModel Add(NetworkModel model, NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        int attribute = SizedNetwork.SizesOf(declaration);
        if (attribute < 0 || model.Graph is not { } graph || declaration.Attributes[attribute].Arguments.Count == 0)
        {
            return model;
        }

        var sizes = new DeclaredSizes(declaration, attribute, graph);
        SizedGraph[] graphs = [.. sizes.Graphs(cancellationToken)];
        return sizes._problems.HasErrors
            ? model with { Graph = null, Problems = model.Problems.Concat(sizes._problems.Told()).ToEquatableArray() }
            : model with { Sizes = graphs.ToEquatableArray() };
    }

    private List<SizedGraph> Graphs(CancellationToken cancellationToken)
    {
        var graphs = new List<SizedGraph>();
        List<string> misfits = [];
        string reason = "";
        foreach (int[] extents in Products())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] ofAll = [.. _declared.Graph.Inputs.Where(input => input.Shape.Extents.Length > 1).SelectMany(_ => extents)];
            if (ofAll.SequenceEqual(_declared.Extents))
            {
                continue;
            }

            NetworkModel sized = GraphBuilder.Build(SizedNetwork.Resize(_declaration, ofAll), cancellationToken);
            SizedGraph? graph = sized.Graph is null ? null : new SizedGraph(sized.Graph);
            string? misfit = graph is null ? sized.Problems.First(problem => problem.IsError).Message
                : SizedNetwork.Mismatch(_declared, graph);
            if (misfit is null)
            {
                graphs.Add(graph!);
                continue;
            }

            reason = misfits.Count == 0 ? misfit : reason;
            misfits.Add(SizedNetwork.Text(extents));
        }

        if (misfits.Count > 0)
        {
            _problems.Add(SizeProblems.DoesNotFit(_subject, misfits, reason));
        }

        return graphs;
    }

    /// <summary>The extents of each size, which all inputs with axes have in common. None if there are problems.</summary>
    private IEnumerable<int[]> Products()
    {
        Shape[] inputs = [.. _declared.Graph.Inputs.Select(input => input.Shape).Where(shape => shape.Extents.Length > 1)];
        if (inputs.Length == 0)
        {
            _problems.Add(ArgumentProblems.Unsupported(
                _subject, $"the input has {Arithmetic.Count(_declared.Graph.Input.Shape.Length, "feature")} and no other extents",
                "Remove it"));
            return [];
        }

        int[] declared = [.. inputs[0].Extents.Skip(1)];
        if (inputs.FirstOrDefault(input => !input.Extents.Skip(1).SequenceEqual(declared)) is { Length: > 0 } other)
        {
            _problems.Add(ArgumentProblems.Unsupported(
                _subject, $"the inputs {inputs[0]} and {other} have different extents", "Give all inputs the same extents, or remove it"));
            return [];
        }

        string[] axes = [.. NumberList.ExtentNamesOf(inputs[0].Extents.Length).Skip(1)];
        int[][] extents = [.. axes.Select((axis, i) => ExtentsOf(Identifiers.Pascal(axis)) ?? [declared[i]])];
        CheckAxes(inputs[0], axes);
        long count = extents.Aggregate(1L, (product, one) => product * one.Length);
        if (count > Most && !_problems.HasErrors)
        {
            _problems.Add(SizeProblems.TooMany(_subject, [.. extents.Select(one => one.Length)], Most));
        }

        return _problems.HasErrors ? []
            : extents.Aggregate(
                (IEnumerable<int[]>)[[]], (sizes, axis) => sizes.SelectMany(size => axis.Select(extent => (int[])[.. size, extent])));
    }

    /// <summary>Reports arguments for axes that the input does not have.</summary>
    private void CheckAxes(Shape input, string[] axes)
    {
        string[] known = [.. axes.Select(Identifiers.Pascal)];
        foreach (AttributeArgument argument in _attribute.Arguments)
        {
            string axis = argument.Name.Replace(Sizes.RangeSuffix, "");
            if (!known.Contains(axis))
            {
                _problems.Add(ArgumentProblems.Unsupported(
                    _subject.At(argument.Name), $"the input {input} has no {axis.ToLowerInvariant()}",
                    $"Use {string.Join(" or ", known)}"));
            }
        }
    }

    /// <summary>The extents of an axis; null if it is not named, or wrong.</summary>
    private int[]? ExtentsOf(string axis)
    {
        string range = axis + Sizes.RangeSuffix;
        object? listed = _attribute.Find(axis), ranged = _attribute.Find(range);
        if (listed is not null && ranged is not null)
        {
            _problems.Add(ArgumentProblems.Conflicting(_subject.At(range), axis, range));
            return null;
        }

        return listed is EquatableArray<int> list ? ListOf(axis, [.. list])
            : ranged is EquatableArray<int> ends ? RangeOf(range, [.. ends]) : null;
    }

    private int[]? ListOf(string axis, int[] extents)
    {
        int before = _problems.Count;
        if (extents.Length == 0)
        {
            _problems.Add(ArgumentProblems.OutOfRange(_subject.At(axis), axis, "empty", "at least one extent"));
        }

        for (int i = 0; i < extents.Length; i++)
        {
            Cancellation.ThrowIfRequested();
            Subject here = _subject with { Site = _subject.Site.At(axis, i) };
            if (extents[i] < 1)
            {
                _problems.Add(ArgumentProblems.OutOfRange(here, axis, extents[i], "at least 1"));
            }
            else if (System.Array.IndexOf(extents, extents[i]) < i)
            {
                _problems.Add(ArgumentProblems.OutOfRange(here, axis, $"{Arithmetic.Number(extents[i])} twice", "each extent once"));
            }
        }

        return _problems.Count == before ? extents : null;
    }

    private int[]? RangeOf(string range, int[] numbers)
    {
        if (numbers.Length != 3)
        {
            _problems.Add(ArgumentProblems.OutOfRange(
                _subject.At(range), range, Arithmetic.Count(numbers.Length, "number"), "3 numbers: from, to, step"));
            return null;
        }

        (int from, int to, int step) = (numbers[0], numbers[1], numbers[2]);
        if (from < 1 || to < from || step < 1)
        {
            _problems.Add(ArgumentProblems.OutOfRange(
                _subject.At(range), range, string.Join(", ", numbers.Select(number => Arithmetic.Number(number))),
                "from, to, step with 1 ≤ from ≤ to and 1 ≤ step"));
            return null;
        }

        long count = (((long)to - from) / step) + 1;
        if (count > Most)
        {
            _problems.Add(SizeProblems.TooMany(_subject.At(range), [count], Most));
            return null;
        }

        return [.. Enumerable.Range(0, (int)count).Select(i => from + (i * step))];
    }
}
