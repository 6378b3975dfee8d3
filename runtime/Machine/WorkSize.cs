namespace Strata;

/// <summary>Decides which work is large enough to share with another thread.</summary>
internal static class WorkSize
{
    // A good kernel does about 4 to 5 multiply-adds per nanosecond and lane, so this takes some 20 µs. Waking parked workers costs half of
    // that, waking spinning ones 1–2 µs. The compiler has the same limit for one sample, in cycles (ThreadCosts.LeastSample).
    private const long MultiplyAddsPerLane = 80_000;

    /// <summary>Below this many floats, memory-bound work (optimizers, sums) takes less than about 10 µs. It stays on one thread.</summary>
    public const long MinimumFloats = 65_536;

    /// <summary>Whether this number of multiply-adds takes longer than about 20 µs with vectors of this many lanes.</summary>
    public static bool IsWorthSharing(long multiplyAdds, int lanes) => multiplyAdds >= MultiplyAddsPerLane * lanes;
}
