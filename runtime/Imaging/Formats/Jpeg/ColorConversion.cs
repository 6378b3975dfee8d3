using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Strata.Imaging.Jpeg;

/// <summary>Makes red, green and blue from rows of components, with libjpeg's rounding and Pillow's formula for inks.</summary>
internal static unsafe class ColorConversion
{
    private const int Step = 16, PixelBytes = 3;

    // The factors of ITU-R BT.601 times 2¹⁶. Those above 1/2 are their distance from 1 or 2: a signed number of 16 bits has room for it.
    private const short RedFromCr = 26345, BlueFromCb = -14942, GreenFromCb = -22554, GreenFromCr = 18734;

    // Half of 1 as a product of two numbers of 16 bits.
    private const short HalfFactor = 16384;

    /// <summary>Converts a row. Rows may be read up to 15 bytes beyond their ends.</summary>
    /// <param name="space">What the components are.</param>
    /// <param name="planes">The row of each component.</param>
    /// <param name="pixels">Receives three bytes for each pixel.</param>
    public static void Convert(ColorSpace space, byte** planes, Span<byte> pixels)
    {
        int width = pixels.Length / PixelBytes, x = 0;
        fixed (byte* target = pixels)
        {
            // Three vectors of pixels are stored at once: those at the end go through memory of their own.
            byte* rest = stackalloc byte[Step * PixelBytes];
            for (; x < width; x += Step)
            {
                bool isWhole = x + Step <= width;
                byte* place = isWhole ? target + (x * PixelBytes) : rest;
                ConvertStep(space, planes, x, place);
                if (!isWhole)
                {
                    new ReadOnlySpan<byte>(rest, (width - x) * PixelBytes).CopyTo(pixels[(x * PixelBytes)..]);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ConvertStep(ColorSpace space, byte** planes, int x, byte* target)
    {
        switch (space)
        {
            case ColorSpace.Grey:
                Vector128<byte> light = Vector128.Load(planes[0] + x);
                Store(light, light, light, target);
                break;
            case ColorSpace.YCbCr:
                (Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue) = ToRgb(planes, x);
                Store(red, green, blue, target);
                break;
            case ColorSpace.Rgb:
                Store(Vector128.Load(planes[0] + x), Vector128.Load(planes[1] + x), Vector128.Load(planes[2] + x), target);
                break;
            default:
                ConvertInks(space, planes, x, target);
                break;
        }
    }

    private static (Vector128<byte> Red, Vector128<byte> Green, Vector128<byte> Blue) ToRgb(byte** planes, int x)
    {
        Vector128<byte> luma = Vector128.Load(planes[0] + x);
        Vector128<byte> cb = Vector128.Load(planes[1] + x), cr = Vector128.Load(planes[2] + x);
        (Vector128<short> r0, Vector128<short> g0, Vector128<short> b0) =
            ToRgb(Vector128.WidenLower(luma), Vector128.WidenLower(cb), Vector128.WidenLower(cr));
        (Vector128<short> r1, Vector128<short> g1, Vector128<short> b1) =
            ToRgb(Vector128.WidenUpper(luma), Vector128.WidenUpper(cb), Vector128.WidenUpper(cr));
        return (Lanes.NarrowToBytes(r0, r1), Lanes.NarrowToBytes(g0, g1), Lanes.NarrowToBytes(b0, b1));
    }

    /// <summary>R = Y + 1.402·Cr, G = Y − 0.34414·Cb − 0.71414·Cr, B = Y + 1.772·Cb; each product or sum of products is rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<short> Red, Vector128<short> Green, Vector128<short> Blue) ToRgb(
        Vector128<ushort> luma, Vector128<ushort> cbBytes, Vector128<ushort> crBytes)
    {
        Vector128<short> y = luma.AsInt16(), centre = Vector128.Create((short)128), one = Vector128.Create((short)1);
        Vector128<short> cb = cbBytes.AsInt16() - centre, cr = crBytes.AsInt16() - centre;
        Vector128<short> red = y + cr + ((Lanes.MultiplyHigh(cr + cr, RedFromCr) + one) >> 1);
        Vector128<short> blue = y + cb + cb + ((Lanes.MultiplyHigh(cb + cb, BlueFromCb) + one) >> 1);
        (Vector128<int> lower, Vector128<int> upper) = Lanes.Rotate(cb, cr, GreenFromCb, GreenFromCr);
        Vector128<int> half = Vector128.Create(2 * HalfFactor);
        return (red, y - cr + Lanes.Narrow((lower + half) >> 16, (upper + half) >> 16), blue);
    }

    /// <summary>Inks are stored inverted. Pillow makes them colours without a profile: (255 − ink)·(255 − black)/255.</summary>
    private static void ConvertInks(ColorSpace space, byte** planes, int x, byte* target)
    {
        byte* inks = stackalloc byte[Step * PixelBytes];
        if (space == ColorSpace.Ycck)
        {
            (Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue) = ToRgb(planes, x);
            Store(~red, ~green, ~blue, inks);
        }
        else
        {
            Store(Vector128.Load(planes[0] + x), Vector128.Load(planes[1] + x), Vector128.Load(planes[2] + x), inks);
        }

        for (int i = 0; i < Step * PixelBytes; i++)
        {
            int white = planes[3][x + (i / PixelBytes)], product = ((255 - inks[i]) * white) + 128;
            target[i] = (byte)int.Clamp(white - (((product >> 8) + product) >> 8), 0, 255);
        }
    }

    /// <summary>Stores 16 pixels of three bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue, byte* target)
    {
        const byte No = 255;
        Vector128<byte> first =
            Vector128.Shuffle(red, Vector128.Create(0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, No, 5))
            | Vector128.Shuffle(green, Vector128.Create(No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, No))
            | Vector128.Shuffle(blue, Vector128.Create(No, No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No));
        Vector128<byte> second =
            Vector128.Shuffle(red, Vector128.Create(No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, 10, No))
            | Vector128.Shuffle(green, Vector128.Create(5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, 10))
            | Vector128.Shuffle(blue, Vector128.Create(No, 5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No));
        Vector128<byte> third =
            Vector128.Shuffle(red, Vector128.Create(No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, No, No))
            | Vector128.Shuffle(green, Vector128.Create(No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, No))
            | Vector128.Shuffle(blue, Vector128.Create(10, No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15));
        first.Store(target);
        second.Store(target + 16);
        third.Store(target + 32);
    }
}
