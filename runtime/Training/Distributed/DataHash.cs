using System;
using System.Runtime.InteropServices;

namespace Strata.Training;

/// <summary>
/// A hash of training data, to tell whether processes have the same: all targets, and samples at equal distances from the first to the
/// last one. It mixes words as FNV-1a does (Fowler, Noll and Vo 1991).
/// </summary>
internal struct DataHash()
{
    private const int MostSamples = 64;

    private const ulong Prime = 0x100000001B3;

    public ulong Value { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Adds samples and their targets.</summary>
    /// <param name="inputs">The samples; empty if they are not compared.</param>
    /// <param name="length">Floats of a sample.</param>
    /// <param name="targets">All targets.</param>
    public void Add(ReadOnlySpan<float> inputs, int length, Targets targets)
    {
        Add(MemoryMarshal.Cast<int, uint>(targets.Classes));
        Add(MemoryMarshal.Cast<float, uint>(targets.Values));
        int samples = inputs.Length / length, taken = int.Min(samples, MostSamples);
        for (int i = 0; i < taken; i++)
        {
            int sample = taken == 1 ? 0 : (int)((long)i * (samples - 1) / (taken - 1));
            Add(MemoryMarshal.Cast<float, uint>(inputs.Slice(sample * length, length)));
        }
    }

    private void Add(ReadOnlySpan<uint> words)
    {
        ulong value = (Value ^ (uint)words.Length) * Prime;
        foreach (uint word in words)
        {
            value = (value ^ word) * Prime;
        }

        // The upper bits are what is compared: the lower ones of a word reach them here.
        value ^= value >> 32;
        Value = value * Prime;
    }
}
