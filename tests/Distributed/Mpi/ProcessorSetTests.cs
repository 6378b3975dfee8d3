using System;
using Strata.Distributed.Native;

namespace Strata.Distributed.Tests.Mpi;

public sealed class ProcessorSetTests
{
    [Theory]
    // Each rank is bound to 4 processors of its own.
    [InlineData(4, 4, 8, 8, 2, 4)]
    // Nothing is bound: 16 processors for 4 ranks; for 3, one stays idle.
    [InlineData(16, 16, 16, 64, 4, 4)]
    [InlineData(16, 16, 16, 48, 3, 5)]
    // Two sockets of 8 processors with 4 ranks each.
    [InlineData(8, 8, 16, 64, 8, 2)]
    // More ranks than processors.
    [InlineData(2, 2, 2, 8, 4, 1)]
    // A container with the time of 6 processors, on a machine of 64.
    [InlineData(6, 64, 64, 128, 2, 3)]
    // The system does not tell.
    [InlineData(8, 0, 0, 0, 2, 4)]
    public void Ranks_share_the_processors_that_several_may_use(int usable, int allowed, int union, int sum, int ranks, int expected) =>
        Assert.Equal(expected, ProcessorSet.Share(usable, allowed, union, sum, ranks));

    [Fact]
    public void The_system_tells_the_processors_of_this_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux only");
        Assert.InRange(ProcessorSet.OfThisProcess().Count, Environment.ProcessorCount, 8192);
    }
}
