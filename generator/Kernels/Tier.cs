namespace Strata.Generator.Kernels;

/// <summary>
/// A target of the kernels: one vector width and the registers that a tile may use.
/// </summary>
/// <param name="Name">The member of <c>Strata.Isa</c>, and the name of the emitted class.</param>
/// <param name="Vector">The class of <c>System.Runtime.Intrinsics</c>.</param>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="Accumulators">
/// The largest tile. 512 bits: 24 of the 32 registers, the rest holds operands. 256 and 128 bits: 12 of 16; with more, the JIT
/// would use registers 16–31 where AVX-512 is present, and spill on every machine that has none.
/// </param>
/// <param name="Registers">Vector registers of the machines that the tier is for.</param>
/// <param name="PanelVectors">
/// Vectors of a dense layer's weights that are in flight for one sample: enough to hide the latency of the multiply-add.
/// </param>
/// <param name="MultiplyAdd">
/// The multiply-add of the tier. At 128 bits the estimate: where there is no FMA hardware the fused one is emulated at
/// 0.6 GFLOP/s.
/// </param>
internal sealed record Tier(string Name, string Vector, int Lanes, int Accumulators, int Registers, int PanelVectors, string MultiplyAdd)
{
    public static readonly Tier Avx512 = new("Avx512", "Vector512", 16, 24, 32, 8, "FusedMultiplyAdd");
    public static readonly Tier Avx2 = new("Avx2", "Vector256", 8, 12, 16, 12, "FusedMultiplyAdd");
    public static readonly Tier Vector128 = new("Vector128", "Vector128", 4, 12, 16, 12, "MultiplyAddEstimate");

    public static readonly EquatableArray<Tier> All = EquatableArray.Of(Avx512, Avx2, Vector128);

    public int RoundUp(int length) => (length + Lanes - 1) / Lanes * Lanes;
}
