using Strata.Generator.Graph;

namespace Strata.Generator.Emission;

internal sealed record SourceFile(string HintName, string Text);

/// <summary>The entry of the back end: a valid graph becomes the files of a network.</summary>
internal static class NetworkWriter
{
    public static EquatableArray<SourceFile> Write(NetworkTarget target, NetworkGraph graph) => EquatableArray<SourceFile>.Empty;
}
