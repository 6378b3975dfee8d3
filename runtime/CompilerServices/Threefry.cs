using System.Numerics;
using System.Runtime.CompilerServices;

namespace Strata.CompilerServices;

/// <summary>
/// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// For each 64-bit key, it maps each 64-bit counter to another 64-bit number. The numbers pass the tests for randomness. Any element of a
/// stream can be computed without the ones before it.
/// </summary>
internal static class Threefry
{
    /// <summary>The third word of the key is the exclusive or of the other two and this constant (Skein's, in its 32-bit form).</summary>
    internal const uint Parity = 0x1BD11BDA;

    /// <summary>The two random words of a counter under a key.</summary>
    /// <param name="key0">First word of the key.</param>
    /// <param name="key1">Second word of the key.</param>
    /// <param name="counter0">First word of the counter.</param>
    /// <param name="counter1">Second word of the counter.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint Word0, uint Word1) Next(uint key0, uint key1, uint counter0, uint counter1)
    {
        uint key2 = Parity ^ key0 ^ key1;
        uint x0 = counter0 + key0;
        uint x1 = counter1 + key1;
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += key1;
        x1 += key2 + 1;
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += key2;
        x1 += key0 + 2;
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += key0;
        x1 += key1 + 3;
        FourRounds(ref x0, ref x1, 17, 29, 16, 24);
        x0 += key1;
        x1 += key2 + 4;
        FourRounds(ref x0, ref x1, 13, 15, 26, 6);
        x0 += key2;
        x1 += key0 + 5;
        return (x0, x1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRounds(ref uint x0, ref uint x1, int r0, int r1, int r2, int r3)
    {
        x0 += x1;
        x1 = BitOperations.RotateLeft(x1, r0) ^ x0;
        x0 += x1;
        x1 = BitOperations.RotateLeft(x1, r1) ^ x0;
        x0 += x1;
        x1 = BitOperations.RotateLeft(x1, r2) ^ x0;
        x0 += x1;
        x1 = BitOperations.RotateLeft(x1, r3) ^ x0;
    }
}
