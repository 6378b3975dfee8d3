using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Strata;

/// <summary>A network at all sizes of its inputs: each is compiled when it first comes, and those that were used last are kept.</summary>
/// <param name="first">The network at the size that it was declared with. It is always kept, and does not count.</param>
/// <param name="rule">Which sizes there are.</param>
/// <param name="most">How many sizes are kept, at least 1.</param>
/// <param name="compile">Compiles the network at a size.</param>
internal sealed class NetworkSizes(
    CompiledNetwork first, SizeRule rule, int most, Func<NetworkSizes, int[], CompiledNetwork> compile)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int[], Kept> _kept = new(new ExtentsComparer());
    private long _uses;

    public SizeRule Rule => rule;

    /// <summary>The network at the size that it was declared with.</summary>
    public CompiledNetwork First => first;

    /// <summary>The lifetime of all sizes.</summary>
    public Lifetime Lifetime => first.Lifetime;

    public SharedParameters Parameters { get; } = new(first);

    /// <summary>The network at a size.</summary>
    /// <exception cref="ArgumentException">The rule does not allow it.</exception>
    public CompiledNetwork At(ReadOnlySpan<int> extents)
    {
        if (extents.SequenceEqual(rule.Declared))
        {
            return first;
        }

        Kept? kept;
        lock (_lock)
        {
            Dictionary<int[], Kept>.AlternateLookup<ReadOnlySpan<int>> sizes = _kept.GetAlternateLookup<ReadOnlySpan<int>>();
            if (!sizes.TryGetValue(extents, out kept))
            {
                rule.Check(extents);
                kept = new Kept(extents.ToArray());
                _kept.Add(kept.Extents, kept);
                if (_kept.Count > most)
                {
                    DropLeastRecent(kept);
                }
            }

            kept.LastUse = ++_uses;
        }

        return kept.Network ?? Compile(kept);
    }

    /// <summary>Whether <see cref="At"/> would give a network, and not compile its size again.</summary>
    public bool Keeps(CompiledNetwork network)
    {
        lock (_lock)
        {
            return network == first || _kept.Values.Any(kept => kept.Network == network);
        }
    }

    /// <summary>Frees the memory of the sizes that are kept, if the network at its declared size is freed.</summary>
    public void Free(CompiledNetwork network)
    {
        if (network != first)
        {
            return;
        }

        lock (_lock)
        {
            foreach (Kept kept in _kept.Values)
            {
                kept.Network?.Free();
            }

            _kept.Clear();
        }
    }

    /// <summary>Forgets the size whose last use is longest ago. The collector frees it when nobody has it any more.</summary>
    private void DropLeastRecent(Kept but)
    {
        Kept? oldest = null;
        foreach (Kept kept in _kept.Values)
        {
            if (kept != but && (oldest is null || kept.LastUse < oldest.LastUse))
            {
                oldest = kept;
            }
        }

        _kept.Remove(oldest!.Extents);
    }

    /// <summary>Compiles a size, unless another thread has done it meanwhile. Only those who want this size wait.</summary>
    private CompiledNetwork Compile(Kept kept)
    {
        lock (kept.Lock)
        {
            if (kept.Network is { } network)
            {
                return network;
            }

            try
            {
                return kept.Network = compile(this, kept.Extents);
            }
            catch
            {
                Forget(kept);
                throw;
            }
        }
    }

    /// <summary>What cannot be compiled takes no place.</summary>
    private void Forget(Kept failed)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(failed.Extents, out Kept? kept) && kept == failed)
            {
                _kept.Remove(failed.Extents);
            }
        }
    }

    /// <summary>A size that is kept, or is being compiled.</summary>
    private sealed class Kept(int[] extents)
    {
        private volatile CompiledNetwork? _network;

        public int[] Extents { get; } = extents;

        public Lock Lock { get; } = new();

        /// <summary>When it was last asked for, counted in questions.</summary>
        public long LastUse { get; set; }

        /// <summary>Null until it is compiled.</summary>
        public CompiledNetwork? Network
        {
            get => _network;
            set => _network = value;
        }
    }

    /// <summary>Compares extents by content, so that a size is found without an array of its own.</summary>
    private sealed class ExtentsComparer : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<int> alternate, int[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(int[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<int> alternate)
        {
            var hash = new HashCode();
            foreach (int extent in alternate)
            {
                hash.Add(extent);
            }

            return hash.ToHashCode();
        }

        public int[] Create(ReadOnlySpan<int> alternate) => alternate.ToArray();
    }
}
