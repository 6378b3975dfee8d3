namespace Digits;

/// <summary>An image of grey pixels, row by row from the top: 0 is black, 255 white.</summary>
internal sealed record GreyImage(int Width, int Height, byte[] Pixels);
