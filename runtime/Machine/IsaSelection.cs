using System;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Strata;

/// <summary>Which instruction-set tiers this process can run, and which one it takes.</summary>
public static class IsaSelection
{
    /// <summary>
    /// The environment variable that forces a tier: <c>avx512</c>, <c>avx2</c> or <c>vector128</c>. It is read when a tier is first asked for, and the tier that it names stays.
    /// </summary>
    public const string EnvironmentVariable = "STRATA_ISA";

    private static volatile Isa _selected;

    /// <summary>The tier of networks that were not given one: what <c>STRATA_ISA</c> names, otherwise the widest supported.</summary>
    /// <exception cref="InvalidOperationException"><c>STRATA_ISA</c> names no tier, or one that this processor lacks.</exception>
    public static Isa Default => _selected != default ? _selected : _selected = Parse(Environment.GetEnvironmentVariable(EnvironmentVariable));

    /// <summary>
    /// Whether the tier runs here. <see cref="Isa.Avx512"/> also asks that .NET regards 512-bit vectors as fast on this processor.
    /// </summary>
    /// <param name="isa">The tier.</param>
    public static bool IsSupported(Isa isa) => isa switch
    {
        Isa.Avx512 => Vector512.IsHardwareAccelerated,
        Isa.Avx2 => Vector256.IsHardwareAccelerated && Fma.IsSupported,
        Isa.Vector128 => true,
        _ => false,
    };

    internal static Isa Parse(string? name)
    {
        Isa isa;
        switch (name?.Trim().ToUpperInvariant())
        {
            case null or "":
                return IsSupported(Isa.Avx512) ? Isa.Avx512 : IsSupported(Isa.Avx2) ? Isa.Avx2 : Isa.Vector128;
            case "AVX512":
                isa = Isa.Avx512;
                break;
            case "AVX2":
                isa = Isa.Avx2;
                break;
            case "VECTOR128":
                isa = Isa.Vector128;
                break;
            default:
                throw new InvalidOperationException($"{EnvironmentVariable} is '{name}'; it may be avx512, avx2 or vector128.");
        }

        return IsSupported(isa)
            ? isa
            : throw new InvalidOperationException($"{EnvironmentVariable} is '{name}', which this processor does not support.");
    }
}
