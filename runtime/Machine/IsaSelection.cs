using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata;

/// <summary>Says which instruction-set tiers this process can run, and which one networks use by default.</summary>
public static class IsaSelection
{
    /// <summary>
    /// The environment variable that forces a tier: <c>avx512</c>, <c>avx2</c> or <c>vector128</c>. It is read once, when
    /// a tier is first asked for.
    /// </summary>
    public const string EnvironmentVariable = "STRATA_ISA";

    /// <summary>All tiers, the widest first.</summary>
    internal static readonly Isa[] All = [.. Enum.GetValues<Isa>().OrderDescending()];

    private static StrongBox<Isa?>? _forced;

    /// <summary>
    /// The tier that <c>STRATA_ISA</c> names, otherwise the widest that runs here. Networks whose options name no tier use it.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>STRATA_ISA</c> names no tier, or one that does not run here.</exception>
    public static Isa Default => Forced ?? All.First(IsSupported);

    /// <summary>What the environment variable names; null where it is not set.</summary>
    private static Isa? Forced => (_forced ??= new(Parse(Environment.GetEnvironmentVariable(EnvironmentVariable)))).Value;

    /// <summary>What may be written for a tier: <c>avx512, avx2 or vector128</c>.</summary>
    internal static string Choices => $"{string.Join(", ", All.SkipLast(1).Select(Name))} or {Name(All[^1])}";

    /// <summary>
    /// Whether the tier runs here. <see cref="Isa.Avx512"/> runs only where .NET regards 512-bit vectors as fast. With NativeAOT a tier
    /// runs only if the program was compiled for its instruction set.
    /// </summary>
    /// <param name="isa">The tier.</param>
    public static bool IsSupported(Isa isa) => isa switch
    {
        Isa.Avx512 => Vector512.IsHardwareAccelerated,
        Isa.Avx2 => Vector256.IsHardwareAccelerated && Fma.IsSupported,
        Isa.Vector128 => true,
        _ => false,
    };

    /// <summary>
    /// Chooses the tier of a network. The first of these that exists:
    /// <list type="number">
    /// <item><description>the wanted tier</description></item>
    /// <item><description>the tier that <c>STRATA_ISA</c> names</description></item>
    /// <item><description>the widest tier that the network was compiled for and that runs here</description></item>
    /// </list>
    /// </summary>
    /// <param name="network">The network's name.</param>
    /// <param name="tiers">The tiers that it was compiled for, the widest first.</param>
    /// <param name="wanted">The tier that its options name; null for none.</param>
    /// <param name="int8">Whether it multiplies 8-bit integers.</param>
    /// <exception cref="PlatformNotSupportedException">The network was compiled without the tier, or it does not run here.</exception>
    /// <exception cref="InvalidOperationException"><c>STRATA_ISA</c> names no tier, or one that does not run here.</exception>
    internal static Isa For(string network, IReadOnlyList<Isa> tiers, Isa? wanted, bool int8)
    {
        if ((wanted ?? Forced) is not { } isa)
        {
            // AVX-512's kernels multiply four bytes in an instruction that not all of these processors have; the others multiply two.
            if (int8 && !AvxVnni.IsSupported && tiers.Any(tier => tier != Isa.Avx512 && IsSupported(tier)))
            {
                tiers = [.. tiers.Where(tier => tier != Isa.Avx512)];
            }

            return tiers.Any(IsSupported) ? tiers.First(IsSupported) : throw new PlatformNotSupportedException(
                $"{network} was compiled for {Names(tiers)} alone (by StrataTiers or IlcInstructionSet), and {WhyNot(tiers[^1])}");
        }

        if (!IsSupported(isa))
        {
            throw new PlatformNotSupportedException($"The tier {Name(isa)} does not run here: {WhyNot(isa)}");
        }

        return tiers.Contains(isa) ? isa : throw new PlatformNotSupportedException(
            $"{network} was compiled for {Names(tiers)} alone (by StrataTiers or IlcInstructionSet), not for "
            + $"{Name(isa)}{(wanted is null ? $", which {EnvironmentVariable} names" : "")}.");
    }

    internal static Isa? Parse(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        int number = Array.FindIndex(All, isa => Name(isa).Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));
        if (number < 0)
        {
            throw new InvalidOperationException($"{EnvironmentVariable} is '{name}'; it may be {Choices}.");
        }

        Isa isa = All[number];
        return IsSupported(isa) ? isa
            : throw new InvalidOperationException($"{EnvironmentVariable} is '{name}', but {WhyNot(isa)}");
    }

    private static string WhyNot(Isa isa) => WhyNot(isa, ProcessorHas(isa), RuntimeFeature.IsDynamicCodeCompiled);

    /// <summary>Why a tier does not run, as the end of a sentence.</summary>
    /// <param name="isa">The tier.</param>
    /// <param name="processorHas">Whether the processor has its instructions.</param>
    /// <param name="isJit">Whether the JIT compiles the program. False with NativeAOT.</param>
    internal static string WhyNot(Isa isa, bool processorHas, bool isJit) => (processorHas, isJit) switch
    {
        (false, _) => $"this processor does not support {Name(isa)}.",
        (true, true) => $".NET does not use {Name(isa)} here, though the processor has it. Look for DOTNET_Enable… settings; "
            + ".NET itself avoids 512 bits on processors that slow down with them.",
        (true, false) => $"this program was compiled without {Name(isa)}, though the processor has it. "
            + $"Publish with <IlcInstructionSet>{AheadOfTime(isa)}</IlcInstructionSet>.",
    };

    /// <summary>The instruction set that a program compiled ahead of time must name for a tier; empty if it need not name any.</summary>
    internal static string AheadOfTime(Isa isa) => isa switch
    {
        Isa.Avx512 => "x86-64-v4",
        Isa.Avx2 => "x86-64-v3",
        _ => "",
    };

    /// <summary>Asks the processor itself: what .NET says depends on how the program was compiled.</summary>
    private static bool ProcessorHas(Isa isa) => isa switch
    {
        // Intel's manual, volume 2A, CPUID: leaf 7, EBX bit 5 is AVX2 and bit 16 AVX512F; leaf 1, ECX bit 12 is FMA.
        Isa.Avx512 => HasBit(7, leaf => leaf.Ebx, 16),
        Isa.Avx2 => HasBit(7, leaf => leaf.Ebx, 5) && HasBit(1, leaf => leaf.Ecx, 12),
        Isa.Vector128 => true,
        _ => false,
    };

    private static bool HasBit(int leaf, Func<(int Eax, int Ebx, int Ecx, int Edx), int> register, int bit) =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= leaf && (register(X86Base.CpuId(leaf, 0)) & (1 << bit)) != 0;

    private static string Names(IEnumerable<Isa> tiers) => string.Join(" and ", tiers.Select(Name));

    /// <summary>The name in settings: <c>avx512</c>.</summary>
    internal static string Name(Isa isa) => isa.ToString().ToLowerInvariant();
}
