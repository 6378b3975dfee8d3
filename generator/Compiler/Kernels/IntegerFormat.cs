using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// How small integers stand in the 32-bit lanes of vectors. Products of what stands in a lane are added to one sum of 32 bits, which is
/// exact.
/// </summary>
/// <param name="Each">
/// How many stand in a lane: <see cref="Quads"/>, of which the inputs are unsigned bytes that count from the least integer of their range;
/// or <see cref="Pairs"/>, numbers of 16 bits that count from the zero point.
/// </param>
internal readonly record struct IntegerFormat(int Each)
{
    /// <summary>Four bytes in a lane. AVX-VNNI multiplies unsigned bytes by signed ones.</summary>
    public const int Quads = 4;

    /// <summary>Two numbers of 16 bits in a lane, which all x86 processors multiply.</summary>
    public const int Pairs = 2;

    /// <summary>The largest weight: 8 bits with a sign, symmetric.</summary>
    public const int MostWeight = 127;

    /// <summary>More products of an input and a weight could overflow 32 bits.</summary>
    public const int MostProducts = int.MaxValue / (byte.MaxValue * MostWeight);

    public bool AreBytes => Each == Quads;

    /// <summary>32-bit numbers of a pixel in a block of channels.</summary>
    /// <param name="lanes">Channels of a block.</param>
    public int PixelLength(int lanes) => lanes / Each;

    /// <summary>32-bit numbers of the weights of a block of output channels.</summary>
    /// <param name="lanes">Channels of a block.</param>
    /// <param name="blocks">Blocks of input channels.</param>
    public int FilterLength(int lanes, int blocks, int taps) => checked(blocks * taps * PixelLength(lanes) * lanes);

    /// <summary>Adds the products of the integers in each lane.</summary>
    public Expression AddProducts(Expression sum, Expression x, Expression w) =>
        (AreBytes ? RuntimeApi.AddQuads : RuntimeApi.AddPairs).Call(sum, x, w);

    /// <summary>Integers of several vectors, side by side in each lane. What is missing at the end is 0.</summary>
    public Expression Packed(Expression[] integers)
    {
        Expression[] all = [.. integers, .. Enumerable.Repeat((Expression)0, Each - integers.Length)];
        return (AreBytes ? RuntimeApi.QuadsOf : RuntimeApi.PairsOf).Call(all);
    }

    /// <summary>Writes the integers in the lanes of a vector, one after the other.</summary>
    public Call Store(Reference place, Expression integers) =>
        (AreBytes ? RuntimeApi.StoreQuads : RuntimeApi.StorePairs).Call(new AddressOf(place), integers);

    /// <summary>What an input counts from.</summary>
    /// <param name="least">The least integer of its range.</param>
    public Expression Origin(int least, Expression zeroPoint) => AreBytes ? least : zeroPoint;
}
