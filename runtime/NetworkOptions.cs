namespace Strata;

/// <summary>Options of one instance of a network.</summary>
public sealed record NetworkOptions
{
    /// <summary>The instruction-set tier; null takes <see cref="IsaSelection.Default"/>.</summary>
    public Isa? Isa { get; init; }

    /// <summary>Most threads that one call uses, the caller's own included; 0 (the default) takes one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Seed of the initial parameters and of dropout. The same seed gives the same parameters on every machine and tier.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// A safetensors file from which the parameters come, as by <see cref="CompiledNetwork.Load(string)"/>; null (the default) draws fresh
    /// ones. Drawing takes longer than loading where a network has millions of them.
    /// </summary>
    public string? Weights { get; init; }
}
