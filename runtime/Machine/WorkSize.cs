namespace Strata;

/// <summary>Decides which work is large enough to wake another thread for.</summary>
internal static class WorkSize
{
    // A good kernel does about 4 to 5 multiply-adds per nanosecond and lane, so this takes some 20 µs. To start parked workers costs half
    // of that, and spinning ones 1–2 µs. The compiler has the same limit for one sample, in cycles (ThreadCosts.LeastSample).
    private const long MultiplyAddsPerLane = 80_000;

    /// <summary>Memory-bound work (optimizers, sums) below this many floats stays on one thread: some 10 µs.</summary>
    public const long MinimumFloats = 65_536;

    /// <summary>Whether this number of multiply-adds takes longer than about 20 µs with vectors of this many lanes.</summary>
    public static bool IsWorthSharing(long multiplyAdds, int lanes) => multiplyAdds >= MultiplyAddsPerLane * lanes;
}
