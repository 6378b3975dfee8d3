using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Strata.Generator.Declarations;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;

namespace Strata.Generator.Printing;

/// <summary>A generated file.</summary>
internal sealed record SourceFile(string HintName, string Text);

/// <summary>The entry of the back end: a valid graph becomes the files of a network, one for its surface and one for each tier.</summary>
internal static class NetworkWriter
{
    /// <summary>The only file of a network that cannot be compiled; none where no part can be added to its class.</summary>
    public static EquatableArray<SourceFile> WriteInvalid(NetworkModel model, EquatableArray<Problem> errors) => model.Target is { } target
        ? EquatableArray.Of(new SourceFile(target.FilePrefix + ".g.cs", SurfaceWriter.Write(target, model.Surface, errors)))
        : EquatableArray<SourceFile>.Empty;

    public static EquatableArray<SourceFile> Write(NetworkTarget target, NetworkGraph graph, NetworkSurface surface, CancellationToken cancellationToken)
    {
        var files = new List<SourceFile> { new(target.FilePrefix + ".g.cs", SurfaceWriter.Write(target, graph, surface, cancellationToken)) };
        foreach (Tier tier in Tier.All)
        {
            Write(tier, inBFloat16: false);
            if (graph.BFloat16)
            {
                Write(tier, inBFloat16: true);
            }
        }

        return files.ToEquatableArray();

        void Write(Tier tier, bool inBFloat16)
        {
            TierPrograms programs = TierPrograms.Lower(graph, tier, cancellationToken, inBFloat16);
            int part = 0;
            foreach (string text in TierWriter.Write(target, programs, cancellationToken))
            {
                string name = tier.Name + (inBFloat16 ? ".BFloat16" : "") + (part == 0 ? "" : ".Kernels" + part.ToString(CultureInfo.InvariantCulture));
                files.Add(new SourceFile($"{target.FilePrefix}.{name}.g.cs", text));
                part++;
            }
        }
    }
}
