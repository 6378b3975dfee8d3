using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Strata.Generator.Reading;
using Strata.Compiler.Diagnostics;

namespace Strata.Generator;

/// <summary>A problem with its place, as a value.</summary>
internal sealed record Report(
    Rule Rule, EquatableArray<string> Slots, EquatableArray<Fix> Fixes, Place Place, EquatableArray<Place> Others)
{
    /// <summary>
    /// The problems of several networks, each with its place. If several networks use a block with a mistake, it is reported once.
    /// </summary>
    public static IEnumerable<Report> Collect(IEnumerable<(EquatableArray<Problem> Problems, DeclarationPlaces Places)> networks)
    {
        var seen = new HashSet<(string, EquatableArray<string>, Place)>();
        foreach ((EquatableArray<Problem> problems, DeclarationPlaces places) in networks)
        {
            foreach (Problem problem in problems)
            {
                Place place = places.Find(problem, out List<Place> others, out bool isInnermost);
                if (seen.Add((problem.Id, problem.Slots, place)))
                {
                    yield return new Report(
                        problem.Rule, problem.Slots, isInnermost ? problem.Fixes : EquatableArray<Fix>.Empty, place,
                        others.ToEquatableArray());
                }
            }
        }
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Descriptors.Of(Rule), Place.ToLocation(), Others.Select(other => other.ToLocation()), Fix.ToProperties(Fixes),
        Slots.ToArray<object>());
}
