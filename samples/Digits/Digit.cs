using System;
using System.IO;
using Strata.Pictures;

namespace Digits;

/// <summary>One digit as MNIST has it: 28×28 pixels, 0 is paper and 255 ink.</summary>
internal static class Digit
{
    public const int Size = 28;
    public const int Pixels = Size * Size;

    /// <summary>The digit to which the network gives the greatest probability.</summary>
    public static int Read(ReadOnlySpan<float> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            best = probabilities[i] > probabilities[best] ? i : best;
        }

        return best;
    }

    /// <summary>Makes a digit of a picture as MNIST's authors did.</summary>
    /// <exception cref="InvalidDataException">The picture has one colour.</exception>
    public static byte[] FromPicture(Picture picture) => picture.CenterInk(Size).ToGrey();
}
