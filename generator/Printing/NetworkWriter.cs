using System.Collections.Generic;
using System.Linq;
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
    /// <param name="sizes">The graphs of further sizes.</param>
    /// <param name="separate">What a step of the build compiles; null if <see cref="WritePrograms"/> writes the kernels.</param>
    public static SourceFile WriteSurface(
        NetworkTarget target, NetworkGraph graph, NetworkSurface surface, EquatableArray<Tier> tiers,
        CancellationToken cancellationToken, EquatableArray<SizedGraph> sizes = default, SeparateKernels? separate = null) =>
        new(target.FilePrefix + ".g.cs", SurfaceWriter.Write(target, graph, surface, tiers, cancellationToken, sizes, separate));

    /// <summary>A class for each tier, and more where the weights of dense layers may be stored in narrower types.</summary>
    /// <param name="sizes">The graphs of further sizes.</param>
    public static EquatableArray<ProgramText> WritePrograms(
        NetworkTarget target, NetworkGraph graph, EquatableArray<Tier> tiers, CancellationToken cancellationToken,
        EquatableArray<SizedGraph> sizes = default)
    {
        NetworkGraph[] graphs = [graph, .. sizes.Select(size => size.Graph)];
        string[] names = [.. sizes.Select(DescriptionWriter.NameOf)];
        var programs = new List<ProgramText>();
        foreach (Tier tier in tiers)
        {
            TierPrograms[] inFloats = TierPrograms.LowerSizes(graphs, tier, cancellationToken);
            programs.Add(TierWriter.Write(target, inFloats, names, cancellationToken));
            if (inFloats[0].OtherWeights is { } weights)
            {
                TierPrograms[] narrow = TierPrograms.LowerSizes(graphs, tier, cancellationToken, weights);
                programs.Add(TierWriter.Write(target, narrow, names, cancellationToken));
            }
        }

        return programs.ToEquatableArray();
    }
}
