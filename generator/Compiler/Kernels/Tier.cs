using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// A tier of the kernels: one vector width, the registers that a tile may use, and the families of CPUs that run it. To add a tier, add it
/// to <see cref="All"/>, and a member to the runtime's <c>Isa</c>, whose <c>IsaSelection</c> asks the processor for it. Tests say what
/// build/Strata.targets is missing, and which widths the runtime derives.
/// </summary>
/// <param name="Name">The member of <c>Strata.Isa</c>, and the name of the emitted class.</param>
/// <param name="Bits">The bits of a vector.</param>
/// <param name="Needs">
/// The classes of .NET's <c>Intrinsics.X86</c> whose <c>IsSupported</c> must be true, besides fast vectors of these bits.
/// </param>
/// <param name="AheadOfTime">
/// The instruction set that a program compiled ahead of time must name for this tier: <c>x86-64-v3</c>. Empty if it need not name any: then
/// the tier runs everywhere.
/// </param>
/// <param name="Registers">Vector registers that all machines of the tier have.</param>
/// <param name="PanelVectors">
/// Vectors of a dense layer's weights that are in flight for one sample: enough to hide the latency of the multiply-add.
/// </param>
/// <param name="Fuses">
/// Whether the multiply-add rounds once. At 128 bits the processor decides: without FMA hardware the fused one is emulated, at 0.6 GFLOP/s.
/// </param>
/// <param name="Families">
/// The CPU families of the cost model. The first one decides, and was measured. CPUs that run a wider tier, too, use the wider one.
/// </param>
internal sealed record Tier(
    string Name, int Bits, EquatableArray<string> Needs, string AheadOfTime, int Registers, int PanelVectors, bool Fuses,
    EquatableArray<CpuFamily> Families)
{
    private const int Widest = 512, WidestOfIntegers = 256;

    public static readonly Tier Avx512 = new(
        "Avx512", 512, EquatableArray<string>.Empty, "x86-64-v4", 32, 8, Fuses: true,
        EquatableArray.Of(CpuFamily.Zen5, CpuFamily.Zen4, CpuFamily.SapphireRapids, CpuFamily.SkylakeServer));

    public static readonly Tier Avx2 = new(
        "Avx2", 256, EquatableArray.Of("Fma"), "x86-64-v3", 16, 12, Fuses: true,
        EquatableArray.Of(CpuFamily.Zen3, CpuFamily.Zen5Narrow, CpuFamily.Skylake, CpuFamily.Gracemont));

    public static readonly Tier Vector128 = new(
        "Vector128", 128, EquatableArray<string>.Empty, "", 16, 12, Fuses: false,
        EquatableArray.Of(CpuFamily.Zen5Narrow, CpuFamily.NeoverseN1, CpuFamily.SandyBridge));

    /// <summary>All tiers, the widest first. The last one runs everywhere.</summary>
    public static readonly EquatableArray<Tier> All = EquatableArray.Of(Avx512, Avx2, Vector128);

    /// <summary>The names of the families, without widths: <c>Zen 5</c>. Each runs the widest tier that it is a family of.</summary>
    public static EquatableArray<string> FamilyNames { get; } =
        Cancellation.None(() => All.SelectMany(tier => tier.Families).Select(family => family.ShortName).Distinct().ToEquatableArray());

    /// <summary>The family that this tier is for alone; empty for all.</summary>
    public string Family => Families.Count == 1 ? Families[0].ShortName : "";

    /// <summary>
    /// The same tier with what is best for one family of CPUs, whatever it costs the others; this tier if that is none of its families.
    /// </summary>
    /// <param name="family">One of <see cref="FamilyNames"/>; empty for all.</param>
    public Tier For(string family) => Families.FirstOrDefault(one => one.ShortName == family) is { } only
        ? this with { Families = EquatableArray.Of(only) } : this;

    /// <summary>The name in settings of projects and in environment variables: <c>avx512</c>.</summary>
    public string Setting => Name.ToLowerInvariant();

    /// <summary>Whether every machine runs it.</summary>
    public bool RunsEverywhere => AheadOfTime.Length == 0;

    /// <summary>The lanes of a vector of floats.</summary>
    public int Lanes => ElementType.Vector.LanesIn(Bits);

    /// <summary>How kernels of this tier multiply small integers.</summary>
    public IntegerFormat Integers => new(Bits == Widest ? IntegerFormat.Quads : IntegerFormat.Pairs);

    /// <summary>
    /// The tier whose vectors multiply integers. .NET 10 has the products of four bytes (AVX-VNNI) in vectors of 256 bits, and none in
    /// wider ones; kernels take the width from here.
    /// </summary>
    public Tier OfIntegers => Bits == Widest ? this with { Bits = WidestOfIntegers, Registers = 16 } : this;

    /// <summary>The type of what has a bit for each lane.</summary>
    public ElementType LaneBits => ElementType.LaneBits(Lanes);

    /// <summary>
    /// Accumulators of the largest tile. A quarter of the registers is for operands. With more accumulators than that in 16 registers, the
    /// JIT would use registers 16–31 on machines with AVX-512, and spill on all others.
    /// </summary>
    public int Accumulators => Registers - (Registers / 4);

    /// <summary>A builder for kernels of this tier.</summary>
    public KernelBuilder Builder() => new(Lanes, Fuses);

    // The hash of a kernel includes its tier: the width is enough to tell tiers apart.
    public override int GetHashCode() => Bits;

    public int RoundUp(int length) => Arithmetic.RoundUp(length, Lanes);
}
