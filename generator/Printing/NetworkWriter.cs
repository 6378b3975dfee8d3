using System.Collections.Generic;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

namespace Strata.Generator.Printing;

/// <summary>A generated file.</summary>
internal sealed record SourceFile(string HintName, string Text);

/// <summary>The entry of the back end. A valid graph becomes the files of a network: one for its surface, and one for each tier.</summary>
internal static class NetworkWriter
{
    /// <summary>The only file of a network that cannot be compiled. No file if no part can be added to its class.</summary>
    public static SourceFile? WriteInvalid(NetworkModel model, EquatableArray<Problem> errors) => model.Target is { } target
        ? new SourceFile(target.FilePrefix + ".g.cs", SurfaceWriter.Write(target, model.Surface, errors)) : null;

    /// <summary>The generated part of the network's own class.</summary>
    public static SourceFile WriteSurface(
        NetworkTarget target, NetworkGraph graph, NetworkSurface surface, EquatableArray<Tier> tiers,
        CancellationToken cancellationToken) =>
        new(target.FilePrefix + ".g.cs", SurfaceWriter.Write(target, graph, surface, tiers, cancellationToken));

    /// <summary>A class for each tier, and more where the weights of dense layers may be stored in narrower types.</summary>
    public static EquatableArray<ProgramText> WritePrograms(
        NetworkTarget target, NetworkGraph graph, EquatableArray<Tier> tiers, CancellationToken cancellationToken)
    {
        var programs = new List<ProgramText>();
        foreach (Tier tier in tiers)
        {
            var inFloats = TierPrograms.Lower(graph, tier, cancellationToken);
            programs.Add(TierWriter.Write(target, inFloats, cancellationToken));
            if (inFloats.OtherWeights is { } weights)
            {
                programs.Add(TierWriter.Write(target, TierPrograms.Lower(graph, tier, cancellationToken, weights), cancellationToken));
            }
        }

        return programs.ToEquatableArray();
    }
}
