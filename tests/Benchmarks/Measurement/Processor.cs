using System;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Strata.Benchmarks.Measurement;

/// <summary>The CPU family that rows are measured on: the name of a machine says less, and clouds do not tell it.</summary>
internal static class Processor
{
    /// <summary><c>Zen 4 (family 25)</c>; vendor, family and model where the name is not known.</summary>
    public static string Family { get; } = Read();

    /// <summary>The name of a family of x86 CPUs.</summary>
    public static string NameOf(string vendor, int family, int model) => (vendor, family, model) switch
    {
        ("AuthenticAMD", 23, < 0x30) => "Zen (family 23)",
        ("AuthenticAMD", 23, _) => "Zen 2 (family 23)",
        ("AuthenticAMD", 25, (>= 0x10 and <= 0x1f) or (>= 0x60 and <= 0x7f) or (>= 0xa0 and <= 0xaf)) => "Zen 4 (family 25)",
        ("AuthenticAMD", 25, _) => "Zen 3 (family 25)",
        ("AuthenticAMD", 26, _) => "Zen 5 (family 26)",
        ("GenuineIntel", 6, 0x55) => "Skylake-SP or Cascade Lake (family 6, model 85)",
        ("GenuineIntel", 6, 0x6a or 0x6c) => $"Ice Lake-SP (family 6, model {model})",
        ("GenuineIntel", 6, 0x8f) => "Sapphire Rapids (family 6, model 143)",
        ("GenuineIntel", 6, 0xcf) => "Emerald Rapids (family 6, model 207)",
        ("GenuineIntel", 6, 0xad or 0xae) => $"Granite Rapids (family 6, model {model})",
        _ => $"{vendor} family {family}, model {model}",
    };

    /// <summary>Whether the cost model's family of this name, with or without a width, describes this processor.</summary>
    public static bool IsOf(string family) => family.Split(',')[0] == Family.Split(" (")[0] switch
    {
        "Skylake-SP or Cascade Lake" or "Ice Lake-SP" => "Skylake server",
        "Emerald Rapids" or "Granite Rapids" => "Sapphire Rapids",
        var name => name,
    };

    private static string Read()
    {
        if (!X86Base.IsSupported)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }

        (int _, int b, int c, int d) = X86Base.CpuId(0, 0);
        Span<byte> vendor = stackalloc byte[12];
        BitConverter.TryWriteBytes(vendor, b);
        BitConverter.TryWriteBytes(vendor[4..], d);
        BitConverter.TryWriteBytes(vendor[8..], c);

        // The extended fields count where the short ones are full.
        int signature = X86Base.CpuId(1, 0).Eax, family = (signature >> 8) & 15, model = (signature >> 4) & 15;
        if (family is 6 or 15)
        {
            model |= (signature >> 12) & 0xf0;
        }

        family += family == 15 ? (signature >> 20) & 255 : 0;
        return NameOf(Encoding.ASCII.GetString(vendor), family, model);
    }
}
