using System;
using System.Linq;
using Strata.Benchmarks.Measurement;

namespace Strata.Benchmarks.Commands;

/// <summary>Says what runs here: <c>Zen 4 (family 25), 2 processors, tiers: avx512 avx2 vector128</c>.</summary>
internal static class MachineCommand
{
    public static int Run()
    {
        string tiers = string.Join(' ', Enum.GetValues<Isa>().Where(IsaSelection.IsSupported).OrderDescending().Select(Tier.Name));
        Console.WriteLine($"{Processor.Family}, {Environment.ProcessorCount} processors, tiers: {tiers}");
        return 0;
    }
}
