using Strata.Imaging;
using Strata.Pictures;

namespace Samples;

/// <summary>A picture of circles, squares and triangles at random places, and what is where in it.</summary>
internal sealed class Scene
{
    public static readonly string[] Kinds = ["circle", "square", "triangle"];

    private readonly int _width;
    private readonly int _height;
    private readonly List<Shape> _shapes = [];
    private readonly Rgb _upper;
    private readonly Rgb _lower;

    /// <summary>Makes up a scene.</summary>
    /// <param name="seed">Another seed, another scene.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="most">How many shapes there are at most.</param>
    public Scene(int seed, int width, int height, int most)
    {
        (_width, _height) = (width, height);
        var random = new Random(seed);
        (_upper, _lower) = (Color(random, 0.1f, 0.5f, 0.4f), Color(random, 0.1f, 0.5f, 0.4f));
        int count = random.Next(1, most + 1);
        for (int tries = 0; _shapes.Count < count && tries < 100; tries++)
        {
            float radius = height * (0.09f + (0.15f * random.NextSingle()));
            var shape = new Shape(
                random.Next(Kinds.Length), radius + (random.NextSingle() * (width - (2 * radius))),
                radius + (random.NextSingle() * (height - (2 * radius))), radius, random.NextSingle() * MathF.Tau,
                Color(random, 0.65f, 1, 0.8f));

            // Shapes may touch, but none may hide another.
            if (_shapes.All(other => float.Hypot(other.X - shape.X, other.Y - shape.Y) > 0.85f * (other.Radius + radius)))
            {
                _shapes.Add(shape);
            }
        }
    }

    /// <summary>The shapes with the boxes around them.</summary>
    public IReadOnlyList<Detection> Objects => [.. _shapes.Select(shape => new Detection(shape.Box(), 1, shape.Kind))];

    /// <summary>Draws the scene, each of its pixels as <paramref name="scale"/> pixels each way.</summary>
    public Picture Draw(int scale = 1)
    {
        var picture = new Picture(_width * scale, _height * scale);
        for (int y = 0; y < picture.Height; y++)
        {
            picture.Row(y).Fill(Sheet.Mix(_upper, _lower, (float)y / picture.Height));
        }

        foreach (Shape shape in _shapes)
        {
            foreach ((int x, int y) in Around(shape, scale))
            {
                // Half a pixel on both sides of the edge is mixed, so that edges are smooth.
                float outside = shape.Distance((x + 0.5f) / scale, (y + 0.5f) / scale) * scale;
                picture[x, y] = Sheet.Mix(picture[x, y], shape.Color, 0.5f - outside);
            }
        }

        return picture;
    }

    /// <summary>The kind of each pixel, row by row; −1 for the background.</summary>
    public int[] Mask()
    {
        int[] mask = new int[_width * _height];
        Array.Fill(mask, -1);
        foreach (Shape shape in _shapes)
        {
            foreach ((int x, int y) in Around(shape, 1))
            {
                int at = (y * _width) + x;
                mask[at] = shape.Distance(x + 0.5f, y + 0.5f) < 0 ? shape.Kind : mask[at];
            }
        }

        return mask;
    }

    private IEnumerable<(int X, int Y)> Around(Shape shape, int scale)
    {
        int left = int.Max(0, (int)((shape.X - shape.Radius - 1) * scale)), top = int.Max(0, (int)((shape.Y - shape.Radius - 1) * scale));
        for (int y = top; y < MathF.Min(_height * scale, (shape.Y + shape.Radius + 1) * scale); y++)
        {
            for (int x = left; x < MathF.Min(_width * scale, (shape.X + shape.Radius + 1) * scale); x++)
            {
                yield return (x, y);
            }
        }
    }

    /// <summary>A colour of any hue.</summary>
    private static Rgb Color(Random random, float least, float most, float saturation)
    {
        (float hue, float value) = (random.NextSingle() * 6, least + ((most - least) * random.NextSingle()));
        return new Rgb(Part(5), Part(3), Part(1));

        byte Part(int shift)
        {
            float k = (shift + hue) % 6;
            return (byte)(255 * value * (1 - (saturation * float.Clamp(float.Min(k, 4 - k), 0, 1))));
        }
    }

    private sealed record Shape(int Kind, float X, float Y, float Radius, float Angle, Rgb Color)
    {
        private int Corners => Kind switch { 0 => 0, 1 => 4, _ => 3 };

        /// <summary>How far a place is from the edge; below 0 inside.</summary>
        public float Distance(float x, float y)
        {
            (float dx, float dy) = (x - X, y - Y);
            if (Corners == 0)
            {
                return float.Hypot(dx, dy) - Radius;
            }

            float most = float.NegativeInfinity;
            for (int i = 0; i < Corners; i++)
            {
                (float sin, float cos) = MathF.SinCos(Angle + ((i + 0.5f) * MathF.Tau / Corners));
                most = float.Max(most, (dx * cos) + (dy * sin));
            }

            return most - (Radius * MathF.Cos(MathF.PI / Corners));
        }

        public Box Box()
        {
            if (Corners == 0)
            {
                return Strata.Imaging.Box.FromCenter(X, Y, 2 * Radius, 2 * Radius);
            }

            (float X, float Y)[] corners = [.. Enumerable.Range(0, Corners).Select(i => Angle + (i * MathF.Tau / Corners))
                .Select(angle => (X + (Radius * MathF.Cos(angle)), Y + (Radius * MathF.Sin(angle))))];
            return new Box(corners.Min(c => c.X), corners.Min(c => c.Y), corners.Max(c => c.X), corners.Max(c => c.Y));
        }
    }
}
