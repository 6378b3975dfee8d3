using System;

namespace Strata;

/// <summary>
/// The names of a checkpoint's tensors that are not the network's parameters. No key of a parameter holds a slash, so a checkpoint can be
/// read as a file of weights, too.
/// </summary>
internal static class CheckpointNames
{
    /// <summary>The key of the metadata under which <see cref="Strata.Training.CheckpointData"/> is stored.</summary>
    public const string Metadata = "strata.checkpoint";

    /// <summary>Begins the names of the optimizer's state.</summary>
    public const string Optimizer = "optimizer/";

    /// <summary>Begins the names of the best epoch's parameters.</summary>
    public const string Best = "best/";

    /// <summary>Begins the names of the averages of the parameters.</summary>
    public const string Average = "average/";

    private static readonly string[] Own = [Optimizer, Best, Average];

    /// <summary>Whether a tensor belongs to a checkpoint, but not to the network.</summary>
    public static bool IsOwn(SafetensorsEntry entry, SafetensorsHeader header) =>
        header.Metadata.ContainsKey(Metadata)
        && Array.Exists(Own, prefix => entry.Name.StartsWith(prefix, StringComparison.Ordinal));
}
