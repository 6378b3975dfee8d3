using System;
using System.Linq;
using System.Numerics;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// Which elements dropout keeps: the first word of Threefry-2x32 (Salmon et al. 2011) under a key of seed, step and
/// layer, at the counter (element, sample), written down once more from its paper.
/// </summary>
internal static class DropoutBits
{
    private static readonly int[] Rotations = [13, 15, 26, 6, 17, 29, 16, 24];

    /// <param name="network">Whose dropout rates count.</param>
    /// <param name="seed">The instance's seed.</param>
    /// <param name="pass">Number of the forward pass, from 0.</param>
    public static DropoutMask Mask(OracleNetwork network, ulong seed, long pass)
    {
        var rates = network.Nodes.Where(node => node.Layer is Dropout)
            .ToDictionary(node => node.Number, node => ((Dropout)node.Layer!).Rate);
        return (layer, sample, element) =>
            Word(Key(seed, pass, layer), (uint)element, (uint)sample) >= Math.Round(rates[layer] * 4294967296.0);
    }

    private static ulong Key(ulong seed, long pass, int layer)
    {
        ulong z = ((ulong)pass << 16) + (uint)layer + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return seed ^ z ^ (z >> 31);
    }

    private static uint Word(ulong key, uint counter0, uint counter1)
    {
        uint[] keys = [(uint)key, (uint)(key >> 32), 0];
        keys[2] = 0x1BD11BDA ^ keys[0] ^ keys[1];
        uint x0 = counter0 + keys[0], x1 = counter1 + keys[1];
        for (int round = 0; round < 20; round++)
        {
            x0 += x1;
            x1 = BitOperations.RotateLeft(x1, Rotations[round % 8]) ^ x0;
            if (round % 4 == 3)
            {
                int injection = (round / 4) + 1;
                x0 += keys[injection % 3];
                x1 += keys[(injection + 1) % 3] + (uint)injection;
            }
        }

        return x0;
    }
}
