using System;
using System.Runtime.Intrinsics;
using Xunit;

namespace Strata.Runtime.Tests;

public class IsaSelectionTests
{
    [Fact]
    public void The_widest_supported_tier_is_the_default()
    {
        Isa widest = Vector512.IsHardwareAccelerated ? Isa.Avx512 : IsaSelection.IsSupported(Isa.Avx2) ? Isa.Avx2 : Isa.Vector128;
        Assert.Equal(widest, IsaSelection.Parse(null));
        Assert.Equal(widest, IsaSelection.Parse(""));
        Assert.True(IsaSelection.IsSupported(IsaSelection.Default));
    }

    [Theory]
    [InlineData("vector128", Isa.Vector128)]
    [InlineData("AVX2", Isa.Avx2)]
    [InlineData(" avx512 ", Isa.Avx512)]
    public void A_name_forces_a_tier_or_says_that_the_processor_lacks_it(string name, Isa isa)
    {
        if (IsaSelection.IsSupported(isa))
        {
            Assert.Equal(isa, IsaSelection.Parse(name));
        }
        else
        {
            var e = Assert.Throws<InvalidOperationException>(() => IsaSelection.Parse(name));
            Assert.Contains("does not support", e.Message);
        }
    }

    [Fact]
    public void An_unknown_name_is_an_error_that_lists_the_known_ones()
    {
        var e = Assert.Throws<InvalidOperationException>(() => IsaSelection.Parse("sse9"));
        Assert.Equal("STRATA_ISA is 'sse9'; it may be avx512, avx2 or vector128.", e.Message);
    }
}
