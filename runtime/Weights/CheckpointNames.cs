using System;

namespace Strata;

/// <summary>
/// What a checkpoint calls its tensors that are none of the network's. No key of a parameter holds a slash, so a checkpoint can be read as
/// a file of weights, too.
/// </summary>
internal static class CheckpointNames
{
    /// <summary>Under which the metadata has the numbers.</summary>
    public const string Metadata = "strata.checkpoint";

    /// <summary>Before what the optimizer remembers.</summary>
    public const string Optimizer = "optimizer/";

    /// <summary>Before the parameters of the best epoch.</summary>
    public const string Best = "best/";

    /// <summary>Before the averages of the parameters.</summary>
    public const string Average = "average/";

    private static readonly string[] Own = [Optimizer, Best, Average];

    /// <summary>Whether a tensor belongs to a checkpoint, but not to the network.</summary>
    public static bool IsOwn(SafetensorsEntry entry, SafetensorsHeader header) =>
        header.Metadata.ContainsKey(Metadata)
        && Array.Exists(Own, prefix => entry.Name.StartsWith(prefix, StringComparison.Ordinal));
}
