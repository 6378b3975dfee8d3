namespace Strata.Compiler.Kernels;

/// <summary>
/// What the cost model knows about a family of CPUs at the width of one tier. A vector here has that width. Cycles are those of a core that
/// runs one thread.
/// </summary>
/// <remarks>
/// <para>
/// The figures of Zen 5 were measured. Its rates come from loops in C# that are like those of the kernels. Its overheads were fitted to the
/// times of whole kernels of 512 bits. The figures of the other families are from the vendors' manuals, which are named at each family.
/// The same loops confirmed multiply-adds, stores, sums of lanes and the second-level cache of Zen 3. Of the others, only the multiply-adds
/// of Zen 4 and the caches of Emerald Rapids were measured.
/// </para>
/// <para>
/// What a manual does not say is derived:
/// </para>
/// <list type="bullet">
/// <item><description><see cref="AccumulatorEnd"/>: a load and a store.</description></item>
/// <item><description><see cref="LaneMove"/>: a load, and a shuffle for each halving of the lanes.</description></item>
/// <item><description><see cref="LaneSum"/>: a shuffle and an addition for each halving of the lanes, and a store.</description></item>
/// <item><description><see cref="TileStart"/>, <see cref="WindowStart"/>, <see cref="ThreadMeeting"/> and <see cref="WorkerWake"/>: as for
/// Zen 5.</description></item>
/// </list>
/// </remarks>
/// <param name="Name">The name of the family, with the width if the family has several descriptions.</param>
internal sealed record CpuFamily(string Name)
{
    /// <summary>
    /// 512 bits, in a virtual machine at 3.6 GHz. Multiply-adds 1.98 to 2.08 a cycle, 1.94 to 2.08 with a load each, after 3.8 to 4.0
    /// cycles; stores 0.96 to 1.03; the sum of a vector's lanes and its store 6.2 to 6.5 cycles; a line in 1.3 to 1.5 cycles up to 512 KiB,
    /// 2.3 to 2.8 from 2 to 8 MiB, 7 from memory; the 4 cycles below are between these. Threads: a worker that spins takes part after 1 to
    /// 2 µs, a parked one after 5 to 10 µs; the model takes 1 and 10 µs, in cycles of 4 GHz. Instructions: AMD 58455, "Software
    /// Optimization Guide for the AMD Zen5 Microarchitecture", dispatch.
    /// </summary>
    public static readonly CpuFamily Zen5 = new("Zen 5, 512 bits")
    {
        MultiplyAdds = 2,
        MultiplyAddLatency = 4,
        IntegerProducts = 2,
        IntegerLatency = 5,
        Loads = 2,
        Stores = 1,
        Instructions = 8,
        TileStart = 14,
        AccumulatorEnd = 1.5,
        LaneSum = 6,
        LaneMove = 2.5,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 48 << 10,
        SecondLevelBytes = 1024 << 10,
        LastLevelBytes = 4096 << 10,
        LineBytes = 64,
        SecondLevelLine = 1.5,
        BeyondLine = 4,
    };

    /// <summary>
    /// 256 and 128 bits. Measured: rates as at 512 bits, but 1.7 to 2.0 stores; the sum of a vector's lanes and its store takes 2.6 to 2.9
    /// cycles at 256 bits, and 1.2 at 128. The overheads, that of the sum included, are those of 512 bits, since no overheads were fitted
    /// to kernels of these widths.
    /// </summary>
    public static readonly CpuFamily Zen5Narrow = Zen5 with { Name = "Zen 5, 256 and 128 bits", Stores = 2, IntegerProducts = 1.5 };

    /// <summary>
    /// 512 bits. AMD 57647, "Software Optimization Guide for the AMD Zen4 Microarchitecture": 2.6 (caches), 2.9.8 (dispatch of six), 2.11
    /// (floating-point unit: one store a cycle), 2.12 (256-bit loads and stores). An instruction of 512 bits occupies a pipe for two
    /// cycles. The multiply-adds were measured: 115 to 130 GFLOP/s.
    /// </summary>
    public static readonly CpuFamily Zen4 = new("Zen 4")
    {
        MultiplyAdds = 1,
        MultiplyAddLatency = 4,
        IntegerProducts = 2,
        IntegerLatency = 5,
        Loads = 1,
        Stores = 0.5,
        Instructions = 6,
        TileStart = 14,
        AccumulatorEnd = 3,
        LaneSum = 10,
        LaneMove = 5,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 32 << 10,
        SecondLevelBytes = 1024 << 10,
        LastLevelBytes = 4096 << 10,
        LineBytes = 64,
        SecondLevelLine = 2,
        BeyondLine = 4,
    };

    /// <summary>
    /// 512 bits, and Emerald Rapids, its successor. Intel 248966, "Intel 64 and IA-32 Architectures Optimization Reference Manual", Golden
    /// Cove microarchitecture, and Ice Lake's cache parameters for the second level (48 bytes a cycle sustained). The caches were measured
    /// on Emerald Rapids, in a virtual machine of 176 GFLOP/s: two multiply-adds a cycle at 2.75 GHz. A line takes 1.5 to 1.6 cycles from
    /// the second level, 6.5 from 4 to 64 MiB, and 13 from memory. A core's share of the last level is the manual's figure, since what
    /// other programs leave of it varies.
    /// </summary>
    public static readonly CpuFamily SapphireRapids = new("Sapphire Rapids")
    {
        MultiplyAdds = 2,
        MultiplyAddLatency = 4,
        IntegerProducts = 2,
        IntegerLatency = 5,
        Loads = 2,
        Stores = 1,
        Instructions = 6,
        TileStart = 14,
        AccumulatorEnd = 1.5,
        LaneSum = 7,
        LaneMove = 4.5,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 48 << 10,
        SecondLevelBytes = 2048 << 10,
        LastLevelBytes = 1920 << 10,
        LineBytes = 64,
        SecondLevelLine = 1.5,
        BeyondLine = 6.5,
    };

    /// <summary>
    /// 512 bits, for models that do two multiply-adds of this width per cycle. Intel 248966, Skylake server microarchitecture: cache
    /// parameters (52 bytes a cycle sustained from the second level, 15 from the last).
    /// </summary>
    public static readonly CpuFamily SkylakeServer = new("Skylake server")
    {
        MultiplyAdds = 2,
        MultiplyAddLatency = 4,
        IntegerProducts = 2,
        IntegerLatency = 5,
        Loads = 2,
        Stores = 1,
        Instructions = 4,
        TileStart = 14,
        AccumulatorEnd = 1.5,
        LaneSum = 7,
        LaneMove = 4.5,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 32 << 10,
        SecondLevelBytes = 1024 << 10,
        LastLevelBytes = 1408 << 10,
        LineBytes = 64,
        SecondLevelLine = 64.0 / 52,
        BeyondLine = 64.0 / 15,
    };

    /// <summary>
    /// 256 bits. AMD 56665, "Software Optimization Guide for AMD Family 19h Processors": 2.6 (caches), 2.9 (dispatch), 2.11 (floating-point
    /// unit: one store a cycle), 2.12 (load-store unit); 32 bytes a cycle from the second level. Measured in a virtual machine at 3.1 GHz:
    /// multiply-adds 1.94 to 1.99 a cycle, 1.97 with a load each; stores 1.00; the sum of a vector's lanes and its store 4.1 cycles; a line
    /// in 2.0 to 2.3 cycles up to 448 KiB, 2.8 to 3.7 from 1 to 8 MiB, 11 to 14 from memory. <see cref="UnhiddenLines"/> and
    /// <see cref="PixelLine"/> were fitted to pointwise kernels of 768 to 3,072 input channels and 49 to 64 pixels, which differ in their
    /// tiles.
    /// </summary>
    public static readonly CpuFamily Zen3 = new("Zen 3")
    {
        MultiplyAdds = 2,
        MultiplyAddLatency = 4,
        IntegerProducts = 2,
        IntegerLatency = 5,
        Loads = 2,
        Stores = 1,
        Instructions = 6,
        TileStart = 14,
        AccumulatorEnd = 1.5,
        LaneSum = 4,
        LaneMove = 2,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 32 << 10,
        SecondLevelBytes = 512 << 10,
        LastLevelBytes = 4096 << 10,
        LineBytes = 64,
        SecondLevelLine = 2,
        BeyondLine = 4,
        UnhiddenLines = 0.5,
        PixelLine = 10,
    };

    /// <summary>
    /// 256 bits. Intel 248966, Skylake microarchitecture: cache parameters (29 bytes a cycle sustained from the second
    /// level, 18 from the last).
    /// </summary>
    public static readonly CpuFamily Skylake = new("Skylake")
    {
        MultiplyAdds = 2,
        MultiplyAddLatency = 4,
        IntegerProducts = 1.5,
        IntegerLatency = 5,
        Loads = 2,
        Stores = 1,
        Instructions = 4,
        TileStart = 14,
        AccumulatorEnd = 1.5,
        LaneSum = 5.5,
        LaneMove = 3.5,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 32 << 10,
        SecondLevelBytes = 256 << 10,
        LastLevelBytes = 2048 << 10,
        LineBytes = 64,
        SecondLevelLine = 64.0 / 29,
        BeyondLine = 64.0 / 18,
    };

    /// <summary>
    /// 256 bits, which the processor divides into two operations of 128. Intel 248966, Gracemont microarchitecture. Four cores share a
    /// second-level cache of 2 MiB.
    /// </summary>
    public static readonly CpuFamily Gracemont = new("Gracemont")
    {
        MultiplyAdds = 1,
        MultiplyAddLatency = 6,
        IntegerProducts = 0.75,
        IntegerLatency = 5,
        Loads = 1,
        Stores = 1,
        Instructions = 5,
        TileStart = 14,
        AccumulatorEnd = 2,
        LaneSum = 7,
        LaneMove = 4,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 32 << 10,
        SecondLevelBytes = 512 << 10,
        LastLevelBytes = 768 << 10,
        LineBytes = 64,
        SecondLevelLine = 2,
        BeyondLine = 4,
    };

    /// <summary>
    /// 128 bits. Arm, "Neoverse N1 Software Optimization Guide", ASIMD floating-point instructions (two multiply-adds a cycle, after four),
    /// load and store instructions (two pipes for both). Only 16 of its 32 registers are used, as many as every family of the tier has.
    /// </summary>
    public static readonly CpuFamily NeoverseN1 = new("Neoverse N1")
    {
        MultiplyAdds = 2,
        MultiplyAddLatency = 4,
        IntegerProducts = 0.5,
        IntegerLatency = 5,
        Loads = 2,
        Stores = 2,
        Instructions = 4,
        TileStart = 14,
        AccumulatorEnd = 1,
        LaneSum = 2.5,
        LaneMove = 1.5,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 64 << 10,
        SecondLevelBytes = 1024 << 10,
        LastLevelBytes = 512 << 10,
        LineBytes = 64,
        SecondLevelLine = 2,
        BeyondLine = 4,
    };

    /// <summary>
    /// 128 bits, without fused multiply-adds: a sum waits for the addition only. Intel 248966, Sandy Bridge
    /// microarchitecture.
    /// </summary>
    public static readonly CpuFamily SandyBridge = new("Sandy Bridge")
    {
        MultiplyAdds = 1,
        MultiplyAddLatency = 3,
        IntegerProducts = 1,
        IntegerLatency = 5,
        Loads = 2,
        Stores = 1,
        Instructions = 4,
        TileStart = 14,
        AccumulatorEnd = 1.5,
        LaneSum = 5,
        LaneMove = 2.5,
        WindowStart = 6,
        ThreadMeeting = 4_000,
        WorkerWake = 40_000,
        FirstLevelBytes = 32 << 10,
        SecondLevelBytes = 256 << 10,
        LastLevelBytes = 2048 << 10,
        LineBytes = 64,
        SecondLevelLine = 2,
        BeyondLine = 4,
    };

    /// <summary>The name without the width: <c>Zen 5</c>.</summary>
    public string ShortName => Name.Split(',')[0];

    /// <summary>Multiply-adds of vectors per cycle.</summary>
    public double MultiplyAdds { get; init; }

    /// <summary>The latency of a multiply-add in cycles: when the next one can add to its result.</summary>
    public double MultiplyAddLatency { get; init; }

    /// <summary>
    /// Products of integers per cycle, each with the addition to its sum. At 512 bits they are those of four bytes in vectors of 256 bits
    /// (<c>vpdpbusd</c>); families that lack them run the program of 256 bits, and count as the others. At 256 and 128 bits they are pairs
    /// of 16 bits: a product and an addition. Only that of Zen 5 at 512 bits was seen in whole networks; the others are estimates from the
    /// pipes of both instructions.
    /// </summary>
    public double IntegerProducts { get; init; }

    /// <summary>The latency of such a product with its addition, in cycles; an estimate for all families.</summary>
    public double IntegerLatency { get; init; }

    /// <summary>Loads of vectors per cycle, from the first-level cache.</summary>
    public double Loads { get; init; }

    /// <summary>Stores of vectors per cycle.</summary>
    public double Stores { get; init; }

    /// <summary>Instructions that are dispatched per cycle.</summary>
    public double Instructions { get; init; }

    /// <summary>Overhead of a tile, in cycles: addresses, loop, filling the pipeline.</summary>
    public double TileStart { get; init; }

    /// <summary>Overhead of each accumulator of a tile, in cycles: bias, activation, store.</summary>
    public double AccumulatorEnd { get; init; }

    /// <summary>Cycles for the sum of a vector's lanes, and its store.</summary>
    public double LaneSum { get; init; }

    /// <summary>Cycles for a vector of a transposition.</summary>
    public double LaneMove { get; init; }

    /// <summary>Overhead of each output of a pooling, in cycles.</summary>
    public double WindowStart { get; init; }

    /// <summary>Cycles from the end of a step, which threads share, to the beginning of the next.</summary>
    public double ThreadMeeting { get; init; }

    /// <summary>Cycles until a worker that was parked takes part.</summary>
    public double WorkerWake { get; init; }

    /// <summary>Bytes of the first-level data cache.</summary>
    public int FirstLevelBytes { get; init; }

    /// <summary>Bytes of the second-level cache. If cores share it, a core's share.</summary>
    public int SecondLevelBytes { get; init; }

    /// <summary>Bytes of the cache that cores share, divided by the cores.</summary>
    public int LastLevelBytes { get; init; }

    /// <summary>Bytes of a cache line.</summary>
    public int LineBytes { get; init; }

    /// <summary>Cycles per line of a stream from the second-level cache.</summary>
    public double SecondLevelLine { get; init; }

    /// <summary>Cycles per line of a stream from beyond the second-level cache.</summary>
    public double BeyondLine { get; init; }

    /// <summary>
    /// How much of the time of operands from beyond the first-level cache adds to that of a tile's products. 0 if it was not measured: the
    /// time of weights then counts only where it is longer.
    /// </summary>
    public double UnhiddenLines { get; init; }

    /// <summary>
    /// Cycles that a tile waits for a line of pixels that no prefetcher finds, from beyond the first-level cache. 0 if it was not measured.
    /// </summary>
    public double PixelLine { get; init; }

    /// <summary>Cycles per line of a stream from memory.</summary>
    public double MemoryLine => 2 * BeyondLine;

    /// <summary>Bytes of weights that stay in the first-level cache together with the pixels that they are multiplied by.</summary>
    public int FirstLevelWeights => FirstLevelBytes / 3 * 2;

    /// <summary>Bytes of weights that stay in the second-level cache.</summary>
    public int SecondLevelWeights => SecondLevelBytes / 4 * 3;
}
