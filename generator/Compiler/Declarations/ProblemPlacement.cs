using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Finds the place of a mistake inside a block. Each use of the block has the same mistake; these problems are merged into one.
/// </summary>
/// <param name="declaration">The network and its blocks.</param>
/// <param name="sound">The sites of the layers that could be built.</param>
internal sealed class ProblemPlacement(NetworkDeclaration declaration, IReadOnlyCollection<Site> sound)
{
    private readonly Dictionary<string, BlockDeclaration> _blocks = declaration.Blocks.ToDictionary(block => block.Key,
        StringComparer.Ordinal);
    private readonly Dictionary<(string, string), HashSet<string>> _soundWays = [];

    /// <summary>Says for each problem where it is reported.</summary>
    public static EquatableArray<Problem> Place(NetworkDeclaration declaration, IReadOnlyList<Problem> problems,
        IReadOnlyCollection<Site> sound) =>
        problems.Any(problem => problem.Site.Inside.Count > 0)
            ? new ProblemPlacement(declaration, sound).Place(problems)
            : problems.ToEquatableArray();

    private EquatableArray<Problem> Place(IReadOnlyList<Problem> problems)
    {
        var placed = new List<(Problem Problem, HashSet<Site> Sites)>();
        var alike = new Dictionary<(string, string, Site, BlockSite?), List<int>>();
        foreach (Problem problem in problems)
        {
            if (problem.Site.Inside.Count == 0)
            {
                placed.Add((problem, []));
                continue;
            }

            (Site site, int depth) = Locate(problem, problems);

            // If the use of a block is wrong, several of its layers may report the same mistake.
            BlockSite last = site.Inside[site.Inside.Count - 1];
            bool isWhole = depth < site.Inside.Count && site.ArgumentAt(depth).Length == 0;
            (string, string, Site, BlockSite?) key =
                (problem.Id, BudgetProblems.UnitOf(problem), site.Only(depth), isWhole ? last : null);
            if (!alike.TryGetValue(key, out List<int> group))
            {
                alike.Add(key, group = []);
            }

            // Two problems at the same site are two mistakes, such as one of the height and one of the width.
            int known = group.FindIndex(index => !placed[index].Sites.Contains(site));
            if (known < 0)
            {
                group.Add(placed.Count);
                placed.Add((problem with { Site = site, Depth = depth }, [site]));
            }
            else
            {
                placed[group[known]].Sites.Add(site);
            }
        }

        return placed
            .Select(p => p.Problem with { Uses = p.Sites.Where(site => site != p.Problem.Site).ToEquatableArray() })
            .ToEquatableArray();
    }

    /// <summary>
    /// The innermost place that explains a problem. It is the argument that the user wrote, not the parameters that pass it on. If the same
    /// layers work at another use of the block, this use is the mistake.
    /// </summary>
    private (Site Site, int Depth) Locate(Problem problem, IReadOnlyList<Problem> problems)
    {
        Site site = problem.Site;
        int depth = site.Inside.Count;
        while (depth > 0 && Origin(site, depth) is { } argument)
        {
            depth--;
            site = site.At(depth, argument);
        }

        if (problem.Rule == BudgetProblems.ExceededRule)
        {
            // The layers of another network are right where they stand: they are too much here.
            bool TakesLayers(int at) => AttributeAt(site, at).Kind == nameof(LayersOf);
            depth = Enumerable.Range(0, depth).Where(TakesLayers).Append(depth).First();
        }

        (string, string) kind = (problem.Id, BudgetProblems.UnitOf(problem));
        if (!_soundWays.TryGetValue(kind, out HashSet<string> ways))
        {
            // A layer with a wrong shape is not built. A layer with a wrong name or a warning is built nevertheless.
            bool isBuilt = !problem.IsError || problem.Rule.Category != Category.Shapes;
            var wrong = new HashSet<Site>(
                problems.Where(other => isBuilt && (other.Id, BudgetProblems.UnitOf(other)) == kind)
                    .Select(other => other.Site.WithoutArguments()));
            ways = new HashSet<string>(
                sound.Where(way => !wrong.Contains(way)).Distinct()
                    .SelectMany(way => Enumerable.Range(1, way.Inside.Count).Select(way.Way)),
                StringComparer.Ordinal);
            _soundWays.Add(kind, ways);
        }

        while (depth > 0 && ways.Contains(site.Way(depth)))
        {
            depth--;
        }

        return (site, depth);
    }

    /// <summary>
    /// The argument of a block's use on which an argument inside of the block depends; null if it depends on no argument of the use.
    /// </summary>
    private string? Origin(Site site, int depth)
    {
        object? value = AttributeAt(site, depth).Find(Site.Element(site.ArgumentAt(depth), out int element));
        if (value is ArrayExpression array && element >= 0 && element < array.Elements.Count)
        {
            value = array.Elements[element];
        }

        if (value is not ConstantExpression expression || !_blocks.TryGetValue(site.Inside[depth - 1].Block, out BlockDeclaration block))
        {
            return null;
        }

        AttributeDeclaration use = AttributeAt(site, depth - 1);
        var open = new Stack<ConstantExpression>([expression]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.Count > 0)
        {
            ConstantExpression next = open.Pop();
            if (next is not ConstantReference reference)
            {
                foreach (ConstantExpression part in next.Parts.Reverse())
                {
                    open.Push(part);
                }
            }
            else if (use.Arguments.FirstOrDefault(argument => !argument.IsDefault
                && string.Equals(argument.Name, reference.Name, StringComparison.OrdinalIgnoreCase)) is { } argument)
            {
                return argument.Name;
            }
            else if (seen.Add(reference.Name)
                && block.Constants.FirstOrDefault(constant => constant.Name == reference.Name) is { } constant)
            {
                open.Push(constant.Value);
            }
        }

        return null;
    }

    private AttributeDeclaration AttributeAt(Site site, int depth) => depth == 0
        ? declaration.Attributes[site.Attribute]
        : _blocks[site.Inside[depth - 1].Block].Attributes[site.Inside[depth - 1].Attribute];
}
