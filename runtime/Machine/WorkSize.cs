namespace Strata;

/// <summary>Which work is worth waking another thread for.</summary>
internal static class WorkSize
{
    // A lane does about 5 multiply-adds per nanosecond in a good kernel, so this is some 20 µs: twice what a dispatch costs
    // when the workers are parked; while they spin it is 1–2 µs. The compiler says the same of one sample in cycles
    // (CostModel.LeastSample).
    private const long MultiplyAddsPerLane = 80_000;

    /// <summary>Memory-bound work (optimizers, sums) below this many floats stays on one thread: some 10 µs.</summary>
    public const long MinimumFloats = 65_536;

    /// <summary>Whether so many multiply-adds take longer than about 20 µs in the tier.</summary>
    public static bool IsWorthSharing(long multiplyAdds, int lanes) => multiplyAdds >= MultiplyAddsPerLane * lanes;
}
