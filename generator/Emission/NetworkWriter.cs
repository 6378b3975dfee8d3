using System.Collections.Generic;
using Strata.Generator.Graph;
using Strata.Generator.Lowering;

namespace Strata.Generator.Emission;

/// <summary>A generated file.</summary>
internal sealed record SourceFile(string HintName, string Text);

/// <summary>The entry of the back end: a valid graph becomes the files of a network, one for its surface and one for each tier.</summary>
internal static class NetworkWriter
{
    public static EquatableArray<SourceFile> Write(NetworkTarget target, NetworkGraph graph, NetworkSurface surface)
    {
        var files = new List<SourceFile> { new(target.HintPrefix + ".g.cs", SurfaceWriter.Write(target, graph, surface)) };
        foreach (Tier tier in Tier.All)
        {
            TierPrograms programs = TierPrograms.Lower(graph, tier);
            files.Add(new SourceFile($"{target.HintPrefix}.{tier.Name}.g.cs", TierWriter.Write(target, programs)));
        }

        return files.ToEquatableArray();
    }
}
