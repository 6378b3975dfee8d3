using System.Threading;

namespace Strata;

/// <summary>
/// The parameters that all sizes of a network have in common. A size whose kernels pack them as those of the declared size
/// has the same memory; any other has them in memory of its own, and takes over what was changed at another size before its next call.
/// </summary>
/// <param name="first">The network at the size that it was declared with.</param>
internal sealed class SharedParameters(CompiledNetwork first)
{
    private readonly Lock _lock = new();
    private volatile CompiledNetwork _newest = first;
    private int _changes;

    /// <summary>The size that has changed the parameters last.</summary>
    public CompiledNetwork Newest => _newest;

    /// <summary>
    /// Takes over the newest parameters. The caller has a <see cref="Lifetime.Hold"/>, so that no size changes its own meanwhile.
    /// </summary>
    /// <param name="network">One of the sizes.</param>
    /// <param name="seen">The last change that it has seen.</param>
    public void CatchUp(CompiledNetwork network, ref int seen)
    {
        if (Volatile.Read(ref seen) == Volatile.Read(ref _changes))
        {
            return;
        }

        lock (_lock)
        {
            if (seen != _changes)
            {
                network.TakeOverFrom(_newest);
                Volatile.Write(ref seen, _changes);
            }
        }
    }

    /// <summary>Notes that a size has changed its parameters. It had taken over the newest ones before, and is alone.</summary>
    public void Changed(CompiledNetwork network, ref int seen)
    {
        lock (_lock)
        {
            _newest = network;
            Volatile.Write(ref _changes, _changes + 1);
            Volatile.Write(ref seen, _changes);
        }
    }
}
