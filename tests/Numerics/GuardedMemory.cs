using System;
using System.Runtime.InteropServices;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>How memory is surrounded.</summary>
internal enum Guard
{
    /// <summary>By a pattern of NaNs that is checked later. Reading it shows in the results, writing it in the check.</summary>
    Canaries,

    /// <summary>By an inaccessible page right behind the last float; touching it ends the process.</summary>
    PageBehind,

    /// <summary>By an inaccessible page right before the first float.</summary>
    PageBefore,
}

/// <summary>Native floats with a guard on both sides.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    /// <summary>A signalling NaN: arithmetic would change it, and nothing else writes it.</summary>
    private const int Pattern = 0x7FA5A5A5;

    private const int Canaries = 1024, PageSize = 4096;
    private const int None = 0, ReadAndWrite = 3, PrivateAndAnonymous = 0x22;

    private readonly Guard _guard;
    private readonly byte* _memory;
    private readonly nuint _bytes;
    private readonly float* _first;

    /// <param name="length">Floats.</param>
    /// <param name="guard">What stands around them.</param>
    /// <param name="aligned">Whether the first float is aligned to 64 bytes, as the runtime's own memory is; users' spans are not.</param>
    public GuardedMemory(int length, Guard guard, bool aligned)
    {
        Length = length;
        _guard = guard;
        int alignment = aligned ? 64 : sizeof(float);
        int rounded = (((length * sizeof(float)) + alignment - 1) / alignment) * alignment;
        if (guard == Guard.Canaries)
        {
            _bytes = (nuint)(rounded + (2 * Canaries * sizeof(float)) + 64);
            _memory = (byte*)NativeMemory.AlignedAlloc(_bytes, 64);
            new Span<int>(_memory, (int)_bytes / sizeof(int)).Fill(Pattern);
            _first = (float*)(_memory + (Canaries * sizeof(float)) + (aligned ? 0 : sizeof(float)));
        }
        else
        {
            int pages = Math.Max((rounded + PageSize - 1) / PageSize, 1);
            _bytes = (nuint)((pages + 2) * PageSize);
            _memory = Map(null, _bytes, None, PrivateAndAnonymous, -1, 0);
            Assert.True((nint)_memory != -1 && Protect(_memory + PageSize, (nuint)(pages * PageSize), ReadAndWrite) == 0);
            _first = (float*)(_memory + PageSize + (guard == Guard.PageBehind ? (pages * PageSize) - rounded : 0));
            Fill();
        }
    }

    public int Length { get; }

    public ref float First => ref *_first;

    public Span<float> Span => new(_first, Length);

    /// <summary>Makes every float the pattern, so that whoever reads before writing gets a NaN.</summary>
    public void Fill() => new Span<int>(_first, Length).Fill(Pattern);

    public static bool IsUntouched(float value) => BitConverter.SingleToInt32Bits(value) == Pattern;

    /// <summary>Whether all that stands around the floats is as it was.</summary>
    public void Check(string what)
    {
        if (_guard != Guard.Canaries)
        {
            return;
        }

        int before = (int)(_first - (float*)_memory);
        for (int i = -before; i < ((int)_bytes / sizeof(float)) - before; i++)
        {
            if ((i < 0 || i >= Length) && !IsUntouched(_first[i]))
            {
                Assert.Fail($"{what}[{i}] was written; its length is {Length}");
            }
        }
    }

    public void Dispose()
    {
        if (_guard == Guard.Canaries)
        {
            NativeMemory.AlignedFree(_memory);
        }
        else
        {
            _ = Unmap(_memory, _bytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
