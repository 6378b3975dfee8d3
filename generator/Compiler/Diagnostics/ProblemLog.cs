using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.Diagnostics;

/// <summary>
/// The problems of a network, in the order in which they were found. What only follows from another problem stays in the log, with a link
/// to it. <see cref="Told"/> alone decides what users are told.
/// </summary>
internal sealed class ProblemLog
{
    private readonly List<Problem> _problems = [];
    private readonly HashSet<ProblemKey> _keys = [];

    /// <summary>How many there are so far, told or not: a mark for <see cref="Link"/> and <see cref="LinkCopy"/>.</summary>
    public int Count => _problems.Count;

    /// <summary>Whether an error is told.</summary>
    public bool HasErrors => _problems.WithCancellation().Any(problem => problem.IsError && IsTold(problem));

    /// <summary>The first error from an index on; null if there is none.</summary>
    public ProblemKey? FirstErrorSince(int first) =>
        _problems.FindIndex(first, problem => problem.IsError) is >= 0 and var index ? _problems[index].Key : null;

    public void Add(Problem problem)
    {
        _keys.Add(problem.Key);
        _problems.Add(problem);
    }

    public void AddRange(IEnumerable<Problem> problems)
    {
        foreach (Problem problem in problems)
        {
            Add(problem);
        }
    }

    /// <summary>Adds a problem that is a single mistake, however many copies of a block have it: the copies repeat the first one.</summary>
    public void AddOnce(Problem problem) => Add(_keys.Contains(problem.Key) ? problem with { FollowsFrom = problem.Key } : problem);

    /// <summary>Links all problems from an index on to the one that they follow from.</summary>
    public void Link(int first, ProblemKey cause)
    {
        for (int i = first; i < _problems.Count; i++)
        {
            Cancellation.ThrowIfRequested();

            // An attribute that the compiler refuses is wrong in any case.
            if (_problems[i].Rule.Category != Category.Binding)
            {
                _problems[i] = _problems[i] with { FollowsFrom = cause };
            }
        }
    }

    /// <summary>
    /// Links the problems of a copy of a block, which begin at an index, to those of the copies before it. Every copy has the mistakes of
    /// the first one.
    /// </summary>
    public void LinkCopy(int first)
    {
        if (_problems.Count == first)
        {
            return;
        }

        HashSet<ProblemKey> known = [.. _problems.Take(first).WithCancellation().Where(IsTold).Select(problem => problem.Key)];
        for (int i = first; i < _problems.Count; i++)
        {
            Cancellation.ThrowIfRequested();
            if (known.Contains(_problems[i].Key))
            {
                _problems[i] = _problems[i] with { FollowsFrom = _problems[i].Key };
            }
        }
    }

    /// <summary>
    /// What users are told: the problems that follow from no other. An error that follows from a warning is told instead of the warning:
    /// its message says what the warning says.
    /// </summary>
    public IReadOnlyList<Problem> Told()
    {
        HashSet<ProblemKey> covered =
            [.. _problems.WithCancellation().Where(IsTold).Select(problem => problem.FollowsFrom).OfType<ProblemKey>()];
        return [.. _problems.WithCancellation().Where(problem => IsTold(problem) && !covered.Contains(problem.Key))];
    }

    private static bool IsTold(Problem problem) =>
        problem.FollowsFrom is not { } cause || (problem.IsError && !cause.Rule.IsError);
}
