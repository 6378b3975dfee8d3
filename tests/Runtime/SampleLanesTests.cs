using System;
using System.Linq;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

public class SampleLanesTests
{
    private const float Canary = -12345f;

    public static TheoryData<int> Widths => [16, 8, 4];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Packing_puts_every_sample_into_its_lane_and_zeros_elsewhere(int lanes)
    {
        foreach ((int samples, int count, int stride) in Cases(lanes))
        {
            // The source ends with the last float that may be read, so that an overrun would meet the canary.
            float[] source = Numbers(((samples - 1) * stride) + count);
            float[] destination = Enumerable.Repeat(Canary, (count * lanes) + 8).ToArray();
            Pack(lanes, source, stride, samples, count, destination.AsSpan(4));
            for (int i = 0; i < count; i++)
            {
                for (int s = 0; s < lanes; s++)
                {
                    Assert.Equal(s < samples ? source[(s * stride) + i] : 0, destination[4 + (i * lanes) + s]);
                }
            }

            Assert.All(destination[..4], f => Assert.Equal(Canary, f));
            Assert.All(destination[^4..], f => Assert.Equal(Canary, f));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Unpacking_writes_the_samples_and_nothing_else(int lanes)
    {
        foreach ((int samples, int count, int stride) in Cases(lanes))
        {
            float[] source = Numbers(count * lanes);
            float[] destination = Enumerable.Repeat(Canary, (samples * stride) + 8).ToArray();
            Unpack(lanes, source, count, samples, destination.AsSpan(4), stride);
            for (int k = 0; k < destination.Length; k++)
            {
                int s = Math.DivRem(Math.Max(k - 4, 0), stride, out int i);
                bool inside = k >= 4 && s < samples && i < count;
                Assert.Equal(inside ? source[(i * lanes) + s] : Canary, destination[k]);
            }
        }
    }

    private static (int Samples, int Count, int Stride)[] Cases(int lanes) =>
    [
        .. from samples in Enumerable.Range(1, lanes)
           from count in (int[])[1, 2, 3, 4, 5, 7, 8, 10, 16, 19, 33]
           from gap in (int[])[0, 3]
           select (samples, count, count + gap),
    ];

    private static float[] Numbers(int count) => Enumerable.Range(1, count).Select(i => (float)i).ToArray();

    private static void Pack(int lanes, float[] source, int stride, int samples, int count, Span<float> destination)
    {
        switch (lanes)
        {
            case 16: SampleLanes.Pack16(in source[0], stride, samples, count, ref destination[0]); break;
            case 8: SampleLanes.Pack8(in source[0], stride, samples, count, ref destination[0]); break;
            default: SampleLanes.Pack4(in source[0], stride, samples, count, ref destination[0]); break;
        }
    }

    private static void Unpack(int lanes, float[] source, int count, int samples, Span<float> destination, int stride)
    {
        switch (lanes)
        {
            case 16: SampleLanes.Unpack16(in source[0], count, samples, ref destination[0], stride); break;
            case 8: SampleLanes.Unpack8(in source[0], count, samples, ref destination[0], stride); break;
            default: SampleLanes.Unpack4(in source[0], count, samples, ref destination[0], stride); break;
        }
    }
}
