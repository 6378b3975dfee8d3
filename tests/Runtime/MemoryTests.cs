using System;
using System.Runtime.InteropServices;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

public class MemoryTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(1_000_003, 1_000_016)]
    public unsafe void Memory_is_aligned_zeroed_and_rounded_up_to_cache_lines(long length, long rounded)
    {
        using var memory = new AlignedMemory(length);
        Assert.Equal(rounded, memory.Length);
        Assert.Equal(0, (nint)memory.Pointer % 64);
        Assert.Equal(-1, MemoryMarshal.CreateSpan(ref memory.Reference, (int)memory.Length).IndexOfAnyExcept(0f));
    }

    [Fact]
    public void Memory_lives_until_the_last_share_is_given_up()
    {
        var memory = new AlignedMemory(16);
        memory.Retain(this);
        memory.Dispose();
        memory.Dispose();
        memory.Reference = 3;
        memory.DangerousRelease();
        Assert.Throws<ObjectDisposedException>(() => memory.Retain(this));
        Assert.Throws<ObjectDisposedException>(() => memory.Reference);
    }

    [Fact]
    public void A_negative_length_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedMemory(-1));
}
