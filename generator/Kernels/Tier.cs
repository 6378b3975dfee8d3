using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Kernels;

/// <summary>
/// A tier of the kernels: one vector width, the registers that a tile may use, and the families of CPUs that run it.
/// </summary>
/// <param name="Name">The member of <c>Strata.Isa</c>, and the name of the emitted class.</param>
/// <param name="Vector">The class of <c>System.Runtime.Intrinsics</c>.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="Registers">Vector registers that all machines of the tier have.</param>
/// <param name="PanelVectors">
/// Vectors of a dense layer's weights that are in flight for one sample: enough to hide the latency of the multiply-add.
/// </param>
/// <param name="MultiplyAdd">
/// The multiply-add of the tier. At 128 bits the estimate: where there is no FMA hardware the fused one is emulated at
/// 0.6 GFLOP/s.
/// </param>
/// <param name="Families">
/// What the cost model weighs, the measured one first. Some of them have wider vectors, too; there the wider tier is used.
/// </param>
internal sealed record Tier(
    string Name, string Vector, int Lanes, int Registers, int PanelVectors, string MultiplyAdd, EquatableArray<CpuFamily> Families)
{
    public static readonly Tier Avx512 = new(
        "Avx512", "Vector512", 16, 32, 8, "FusedMultiplyAdd",
        EquatableArray.Of(CpuFamily.Zen5, CpuFamily.Zen4, CpuFamily.SapphireRapids, CpuFamily.SkylakeServer));

    public static readonly Tier Avx2 = new(
        "Avx2", "Vector256", 8, 16, 12, "FusedMultiplyAdd",
        EquatableArray.Of(CpuFamily.Zen5Narrow, CpuFamily.Zen3, CpuFamily.Skylake, CpuFamily.Gracemont));

    public static readonly Tier Vector128 = new(
        "Vector128", "Vector128", 4, 16, 12, "MultiplyAddEstimate",
        EquatableArray.Of(CpuFamily.Zen5Narrow, CpuFamily.NeoverseN1, CpuFamily.SandyBridge));

    public static readonly EquatableArray<Tier> All = EquatableArray.Of(Avx512, Avx2, Vector128);

    /// <summary>
    /// The largest tile: a quarter of the registers holds operands. Of 16, the JIT would use registers 16–31 for more where AVX-512 is
    /// present, and spill on every machine that has none.
    /// </summary>
    public int Accumulators => Registers - (Registers / 4);

    /// <summary>Records kernels in its vectors.</summary>
    public KernelBuilder Builder() => new(Lanes, MultiplyAdd == "FusedMultiplyAdd");

    // Kernels are looked up by a hash that includes their tier: its width is enough.
    public override int GetHashCode() => Lanes;

    public int RoundUp(int length) => Arithmetic.RoundUp(length, Lanes);
}
