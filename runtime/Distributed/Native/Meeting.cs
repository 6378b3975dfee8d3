namespace Strata.Distributed.Native;

/// <summary>A message to each other rank, and one from each: 0 for those that have arrived.</summary>
internal sealed class Meeting(int size)
{
    public nint[] Sends { get; } = new nint[size];

    public nint[] Receives { get; } = new nint[size];
}
