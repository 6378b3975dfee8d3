using System;
using System.Numerics;
using System.Runtime.Intrinsics;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

public class RandomTests
{
    // The known-answer vectors of Salmon et al.'s reference implementation (threefry2x32, 20 rounds).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0x6b200159u, 0x99ba4efeu)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x1cb996fcu, 0xbb002be7u)]
    [InlineData(0x13198a2eu, 0x03707344u, 0x243f6a88u, 0x85a308d3u, 0xc4923a9cu, 0x483df7a0u)]
    public void Threefry_gives_the_known_answers(uint key0, uint key1, uint counter0, uint counter1, uint word0, uint word1) =>
        Assert.Equal((word0, word1), Threefry.Next(key0, key1, counter0, counter1));

    [Fact]
    public void A_sample_gets_the_same_bits_in_every_tier_and_block()
    {
        for (int element = 0; element < 100; element++)
        {
            Vector512<uint> bits512 = RandomLanes.Bits512(new StepContext(77, 3, 16, 64), 2, element);
            for (int s = 0; s < 16; s++)
            {
                Assert.Equal(bits512[s], RandomLanes.Bits256(new StepContext(77, 3, 16 + (s & ~7), 64), 2, element)[s & 7]);
                Assert.Equal(bits512[s], RandomLanes.Bits128(new StepContext(77, 3, 16 + (s & ~3), 64), 2, element)[s & 3]);
                Assert.Equal(bits512[s], RandomLanes.Bits128(new StepContext(77, 3, 16 + s, 64), 2, element)[0]);
            }
        }
    }

    [Fact]
    public void Elements_of_a_sample_get_the_bits_that_they_get_in_its_lane()
    {
        for (int sample = 0; sample < 20; sample++)
        {
            var step = new StepContext(77, 3, sample, 64);
            foreach ((int first, int stride) in new[] { (0, 0), (0, 1), (35, 1), (7, 56 * 56) })
            {
                Vector512<uint> bits512 = RandomLanes.ElementBits512(step, 2, first, stride);
                for (int lane = 0; lane < 16; lane++)
                {
                    Assert.Equal(RandomLanes.Bits512(step, 2, first + (lane * stride))[0], bits512[lane]);
                    Assert.Equal(bits512[lane], RandomLanes.ElementBits256(step, 2, first + ((lane & ~7) * stride), stride)[lane & 7]);
                    Assert.Equal(bits512[lane], RandomLanes.ElementBits128(step, 2, first + ((lane & ~3) * stride), stride)[lane & 3]);
                }
            }
        }
    }

    [Fact]
    public void Bits_are_the_first_word_of_threefry_and_change_with_every_input()
    {
        var step = new StepContext(0, 0, 0, 64);
        uint first = RandomLanes.Bits512(step, 0, 0)[0];
        Assert.NotEqual(first, RandomLanes.Bits512(step with { Seed = 1 }, 0, 0)[0]);
        Assert.NotEqual(first, RandomLanes.Bits512(step with { Pass = 1 }, 0, 0)[0]);
        Assert.NotEqual(first, RandomLanes.Bits512(step with { FirstSample = 1 }, 0, 0)[0]);
        Assert.NotEqual(first, RandomLanes.Bits512(step, 1, 0)[0]);
        Assert.NotEqual(first, RandomLanes.Bits512(step, 0, 1)[0]);
        Assert.Equal(first, RandomLanes.Bits512(step with { Samples = 3 }, 0, 0)[0]);
    }

    [Fact]
    public void Each_bit_is_set_half_of_the_time()
    {
        Span<int> ones = stackalloc int[32];
        const int Draws = 16 * 4096;
        for (int element = 0; element < Draws / 16; element++)
        {
            Vector512<uint> bits = RandomLanes.Bits512(new StepContext(5, 9, 0, 16), 1, element);
            for (int s = 0; s < 16; s++)
            {
                for (uint word = bits[s]; word != 0; word &= word - 1)
                {
                    ones[BitOperations.TrailingZeroCount(word)]++;
                }
            }
        }

        // Six standard deviations of a binomial(Draws, ½).
        foreach (int count in ones)
        {
            Assert.InRange(count, (Draws / 2) - (3 * Math.Sqrt(Draws)), (Draws / 2) + (3 * Math.Sqrt(Draws)));
        }
    }
}
