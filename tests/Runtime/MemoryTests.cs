using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Runtime.Tests;

public class MemoryTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 16)]
    [InlineData(16, 16)]
    [InlineData(524_287, 524_288)]
    [InlineData(1_000_003, 1_000_016)]
    public unsafe void Memory_is_aligned_zeroed_and_rounded_up_to_cache_lines(long length, long rounded)
    {
        using var memory = new AlignedMemory(length);
        Assert.Equal(rounded, memory.Length);
        Assert.Equal(0, (nint)memory.Pointer % 64);
        Assert.Equal(-1, MemoryMarshal.CreateSpan(ref memory.Reference, (int)memory.Length).IndexOfAnyExcept(0f));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    [InlineData(600_000)]
    [InlineData(9_000_000)]
    public void Memory_that_was_used_before_is_zeroed_again(int length)
    {
        for (int round = 0; round < 4; round++)
        {
            using var memory = new AlignedMemory(length);
            Span<float> floats = MemoryMarshal.CreateSpan(ref memory.Reference, length);
            Assert.Equal(-1, floats.IndexOfAnyExcept(0f));
            floats.Fill(round + 1);
        }
    }

    [Fact]
    public void The_first_floats_are_copied_there_and_back()
    {
        using var memory = new AlignedMemory(64);
        Span<float> floats = MemoryMarshal.CreateSpan(ref memory.Reference, 64);
        floats.Fill(1);
        using AlignedMemory copy = memory.Copy(20);
        Assert.Equal(32, copy.Length);
        MemoryMarshal.CreateSpan(ref copy.Reference, 32).Fill(2);
        memory.CopyFrom(copy);
        Assert.Equal(-1, floats[..32].IndexOfAnyExcept(2f));
        Assert.Equal(-1, floats[32..].IndexOfAnyExcept(1f));
    }

    [Fact]
    public void Memory_is_freed_once_after_the_end_and_the_last_share()
    {
        int freed = 0;
        var lifetime = new Lifetime(this, () => freed++);
        Lifetime.Hold first = lifetime.Enter(), second = lifetime.Enter();
        second.Dispose();
        lifetime.End();
        lifetime.End();
        Assert.Throws<ObjectDisposedException>(() => lifetime.Enter().Dispose());
        Assert.Equal(0, freed);
        first.Dispose();
        Assert.Equal(1, freed);
        lifetime.End();
        Assert.Throws<ObjectDisposedException>(() => lifetime.Enter().Dispose());
        Assert.Equal(1, freed);
    }

    [Fact]
    public void Memory_that_nobody_uses_is_freed_at_the_end()
    {
        int freed = 0;
        var lifetime = new Lifetime(this, () => freed++);
        lifetime.Enter().Dispose();
        Assert.Equal(0, freed);
        lifetime.End();
        Assert.Equal(1, freed);
    }

    [Fact]
    public void A_call_that_changes_something_is_alone()
    {
        int freed = 0;
        var lifetime = new Lifetime(this, () => freed++);
        Lifetime.Hold alone = lifetime.EnterAlone();
        var e = Assert.Throws<InvalidOperationException>(() => lifetime.EnterAlone().Dispose());
        Assert.StartsWith("Another thread is using this MemoryTests, which this call would change.", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InvalidOperationException>(() => lifetime.Enter().Dispose());
        Assert.StartsWith("Another thread is changing this MemoryTests.", e.Message, StringComparison.Ordinal);
        alone.Dispose();
        Lifetime.Hold first = lifetime.Enter(), second = lifetime.Enter();
        Assert.Throws<InvalidOperationException>(() => lifetime.EnterAlone().Dispose());
        first.Dispose();
        Assert.Throws<InvalidOperationException>(() => lifetime.EnterAlone().Dispose());
        second.Dispose();

        // What is alone is waited for as others are.
        alone = lifetime.EnterAlone();
        lifetime.End();
        Assert.Throws<ObjectDisposedException>(() => lifetime.Enter().Dispose());
        Assert.Throws<ObjectDisposedException>(() => lifetime.EnterAlone().Dispose());
        Assert.Equal(0, freed);
        alone.Dispose();
        Assert.Equal(1, freed);
    }

    [Fact]
    public void Shares_taken_on_many_threads_are_counted()
    {
        for (int round = 0; round < 200; round++)
        {
            int freed = 0, wrong = 0;
            var lifetime = new Lifetime(this, () => Interlocked.Increment(ref freed));
            Parallel.For(0, 4, caller =>
            {
                for (int call = 0; call < 100; call++)
                {
                    if (caller == 0 && call == round % 100)
                    {
                        lifetime.End();
                    }

                    try
                    {
                        using Lifetime.Hold hold = lifetime.Enter();
                        Interlocked.Add(ref wrong, Volatile.Read(ref freed));
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            });
            Assert.Equal((1, 0), (freed, wrong));
        }
    }

    [Fact]
    public void A_negative_length_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedMemory(-1));
}
