using System.Linq;

namespace Strata.Imaging.Jpeg;

/// <summary>The frame header: what the file holds.</summary>
internal sealed class Frame
{
    public const int BlockSize = 8;

    public Frame(int width, int height, bool isProgressive, Component[] components)
    {
        (Width, Height, IsProgressive, Components) = (width, height, isProgressive, components);
        MaxHorizontal = components.Max(c => c.Horizontal);
        MaxVertical = components.Max(c => c.Vertical);
        McuColumns = DivideUp(width, MaxHorizontal * BlockSize);
        McuRows = DivideUp(height, MaxVertical * BlockSize);
        foreach (Component component in components)
        {
            component.WidthInBlocks = DivideUp(width * component.Horizontal, MaxHorizontal * BlockSize);
            component.HeightInBlocks = DivideUp(height * component.Vertical, MaxVertical * BlockSize);
            component.Width = DivideUp(width * component.Horizontal, MaxHorizontal);
            component.Height = DivideUp(height * component.Vertical, MaxVertical);
        }
    }

    public int Width { get; }

    public int Height { get; }

    public bool IsProgressive { get; }

    public Component[] Components { get; }

    public int MaxHorizontal { get; }

    public int MaxVertical { get; }

    /// <summary>Minimum coded units, of which each has the blocks of all components at one place.</summary>
    public int McuColumns { get; }

    public int McuRows { get; }

    public long Blocks => Components.Sum(c => (long)c.WidthInBlocks * c.HeightInBlocks);

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;
}
