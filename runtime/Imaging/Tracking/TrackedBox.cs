namespace Strata.Imaging;

/// <summary>A box in double precision, by its corner and size.</summary>
internal readonly record struct TrackedBox(double Left, double Top, double Width, double Height)
{
    public static TrackedBox Of(Box box) => new(box.Left, box.Top, box.Width, box.Height);

    public double CenterX => Left + Width / 2;

    public double CenterY => Top + Height / 2;

    public Box ToBox() => new((float)Left, (float)Top, (float)(Left + Width), (float)(Top + Height));

    /// <summary>
    /// Intersection over union as the paper's code has it: edges are numbers of pixels, and the last pixel belongs to the box, so that each
    /// side is longer by 1.
    /// </summary>
    public double IntersectionOverUnion(TrackedBox other)
    {
        double width = double.Min(Left + Width, other.Left + other.Width) - double.Max(Left, other.Left) + 1;
        double height = double.Min(Top + Height, other.Top + other.Height) - double.Max(Top, other.Top) + 1;
        if (!(width > 0 && height > 0))
        {
            return 0;
        }

        double common = width * height;
        return common / ((Width + 1) * (Height + 1) + (other.Width + 1) * (other.Height + 1) - common);
    }
}
