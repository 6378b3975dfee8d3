using System.Linq;
using System.Threading;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Lowering;

namespace Strata.Compiler.Declarations;

/// <summary>The time that a network may take.</summary>
/// <param name="Family">The family of CPUs that it is about: one of <see cref="Kernels.Tier.FamilyNames"/>.</param>
/// <param name="Declaration">The network, where the problem is placed.</param>
/// <param name="Layers">All layers in order, for messages.</param>
internal sealed record TimeBudget(
    double Milliseconds, string Family, double Gigahertz, NetworkDeclaration Declaration, EquatableArray<Subject> Layers)
{
    /// <summary>The problem of a network that takes longer; null if it does not. It lowers the network once more.</summary>
    public Problem? Exceeded(NetworkGraph graph, CancellationToken cancellationToken)
    {
        string unit = $"{(Milliseconds == 1 ? "millisecond" : "milliseconds")} on {Family} at {Arithmetic.Grouped(Gigahertz)} GHz";
        double[] times = ExpectedTime.Of(graph, Family, Gigahertz, cancellationToken);
        return DeclaredBudget.Exceeded(Layers, times, unit, Milliseconds) is { } problem
            ? ProblemPlacement.Place(Declaration, [problem], [.. Layers.Select(layer => layer.Site)])[0] : null;
    }
}
