using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics;
using Xunit;

namespace Strata.Runtime.Tests;

public class IsaSelectionTests
{
    public static TheoryData<Isa> Tiers => [.. IsaSelection.All];

    [Fact]
    public void The_widest_supported_tier_is_the_default()
    {
        Isa widest = Vector512.IsHardwareAccelerated ? Isa.Avx512 : IsaSelection.IsSupported(Isa.Avx2) ? Isa.Avx2 : Isa.Vector128;
        Assert.Null(IsaSelection.Parse(null));
        Assert.Null(IsaSelection.Parse(""));
        Assert.True(IsaSelection.IsSupported(IsaSelection.Default));
        if (Environment.GetEnvironmentVariable(IsaSelection.EnvironmentVariable) is null)
        {
            Assert.Equal(widest, IsaSelection.Default);
            Assert.Equal(widest, IsaSelection.For("Net", IsaSelection.All, null, int8: false));
        }
    }

    [Theory]
    [InlineData("vector128", Isa.Vector128)]
    [InlineData("AVX2", Isa.Avx2)]
    [InlineData(" avx512 ", Isa.Avx512)]
    public void A_name_forces_a_tier_or_says_why_it_does_not_run(string name, Isa isa)
    {
        if (IsaSelection.IsSupported(isa))
        {
            Assert.Equal(isa, IsaSelection.Parse(name));
        }
        else
        {
            var e = Assert.Throws<InvalidOperationException>(() => IsaSelection.Parse(name));
            Assert.StartsWith($"STRATA_ISA is '{name}', but ", e.Message, StringComparison.Ordinal);
            Assert.Contains(name.Trim(), e.Message[20..], StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void The_lanes_of_a_tier_are_the_floats_in_its_vectors()
    {
        Assert.Equal((Vector128<float>.Count, Vector256<float>.Count, Vector512<float>.Count),
            (Isa.Vector128.Lanes(), Isa.Avx2.Lanes(), Isa.Avx512.Lanes()));
        Assert.StartsWith("Expected Vector128, Avx2 or Avx512.",
            Assert.Throws<ArgumentOutOfRangeException>(() => ((Isa)3).Lanes()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_lists_the_known_ones()
    {
        var e = Assert.Throws<InvalidOperationException>(() => IsaSelection.Parse("sse9"));
        Assert.Equal("STRATA_ISA is 'sse9'; it may be avx512, avx2 or vector128.", e.Message);
    }

    [Theory]
    [InlineData(false, true, "this processor does not support avx2.")]
    [InlineData(false, false, "this processor does not support avx2.")]
    [InlineData(
        true, false,
        "this program was compiled without avx2, though the processor has it. Publish with "
        + "<IlcInstructionSet>x86-64-v3</IlcInstructionSet>.")]
    public void What_a_tier_lacks_is_the_processor_the_program_or_a_setting(bool processorHas, bool isJit, string reason) =>
        Assert.Equal(reason, IsaSelection.WhyNot(Isa.Avx2, processorHas, isJit));

    [Fact]
    public void A_setting_of_NET_is_named_where_the_processor_has_the_tier() =>
        Assert.Contains(".NET does not use avx512 here", IsaSelection.WhyNot(Isa.Avx512, processorHas: true, isJit: true),
            StringComparison.Ordinal);

    [Fact]
    public void Avx512_asks_for_the_fourth_level() =>
        Assert.EndsWith("x86-64-v4</IlcInstructionSet>.", IsaSelection.WhyNot(Isa.Avx512, processorHas: true, isJit: false),
            StringComparison.Ordinal);

    [Fact]
    public void A_network_takes_the_widest_tier_that_it_was_compiled_for() =>
        Assert.Equal(Isa.Vector128, IsaSelection.For("Net", [Isa.Vector128], null, int8: false));

    [Theory]
    [MemberData(nameof(Tiers))]
    public void A_tier_that_the_network_lacks_is_named_with_those_that_it_has(Isa isa)
    {
        List<Isa> others = [.. IsaSelection.All];
        others.Remove(isa);
        var e = Assert.Throws<PlatformNotSupportedException>(() => IsaSelection.For("Net", others, isa, int8: false));
        Assert.Equal(
            IsaSelection.IsSupported(isa)
                ? isa switch
                {
                    Isa.Avx512 => "Net was compiled for avx2 and vector128 alone (by StrataTiers or IlcInstructionSet), not for avx512.",
                    Isa.Avx2 => "Net was compiled for avx512 and vector128 alone (by StrataTiers or IlcInstructionSet), not for avx2.",
                    _ => "Net was compiled for avx512 and avx2 alone (by StrataTiers or IlcInstructionSet), not for vector128.",
                }
                : $"The tier {isa.ToString().ToLowerInvariant()} does not run here: this processor does not support "
                    + $"{isa.ToString().ToLowerInvariant()}.",
            e.Message);
    }

    [Fact]
    public void A_network_of_which_no_tier_runs_says_for_what_it_was_compiled()
    {
        // No processor has a tier of 2,048 bits.
        var e = Assert.Throws<PlatformNotSupportedException>(() => IsaSelection.For("Net", [(Isa)64], null, int8: false));
        Assert.Equal(
            "Net was compiled for 64 alone (by StrataTiers or IlcInstructionSet), and this processor does not support 64.", e.Message);
    }
}
