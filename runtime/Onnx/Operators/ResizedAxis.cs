using System;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;
using Strata.Onnx.Nodes;
using Strata.Onnx.Reading;

namespace Strata.Onnx.Operators;

/// <summary>How a file says where the outputs of a resizing are along an axis.</summary>
internal enum ResizedBy
{
    /// <summary>By the output's extent, a whole number.</summary>
    Size,

    /// <summary>By a factor, of which the extent is rounded down.</summary>
    Factor,

    /// <summary>By the elements themselves, where a float would round to others.</summary>
    Indices,
}

/// <summary>One axis of a resizing.</summary>
/// <param name="From">The input's extent.</param>
/// <param name="To">The output's extent.</param>
/// <param name="Scale">The factor that the layer has; null if it has the size.</param>
/// <param name="Place">A <c>coordinate_transformation_mode</c> of ONNX.</param>
internal sealed record ResizedAxis(int From, int To, double? Scale, string Place)
{
    private bool AlignsCorners => Place == "align_corners";

    /// <summary>Whether the two extents say where the outputs are, since the factor gives the size without a rest.</summary>
    private bool FollowsFromSize => Scale is null || AlignsCorners || From * Scale == To;

    /// <summary>Whether nothing changes along the axis.</summary>
    public bool IsIdentity => From == To && (FollowsFromSize || (float)Scale!.Value == 1f);

    /// <summary>Whether the quotient of the extents is a float, so that a factor says as much as the size.</summary>
    public bool HasExactFactor => FollowsFromSize && (double)(float)((double)To / From) * From == To;

    /// <summary>The factor as a float, whose product with the extent is rounded down to the size in single and double precision.</summary>
    public float Factor
    {
        get
        {
            float factor = (float)(Scale ?? ((double)To / From));
            while (int.Min((int)MathF.Floor(From * factor), (int)Math.Floor((double)From * factor)) < To)
            {
                factor = MathF.BitIncrement(factor);
            }

            while (int.Max((int)MathF.Floor(From * factor), (int)Math.Floor((double)From * factor)) > To)
            {
                factor = MathF.BitDecrement(factor);
            }

            return factor;
        }
    }

    /// <summary>The axes of pixels of a layer.</summary>
    public static ResizedAxis[] ReadAll(SavedLayer layer, string place) =>
    [
        .. layer.InputShape.Zip(layer.OutputShape).Skip(1).Select((extent, i) => new ResizedAxis(
            extent.First, extent.Second,
            ScaleOf(layer, LayerAxis.Of(layer.Dimensions)[i]), place)),
    ];

    /// <summary>The factor along an axis; null if the layer has the size instead.</summary>
    private static double? ScaleOf(SavedLayer layer, LayerAxis axis)
    {
        string own = UpsampleAxisArguments.ScaleOf(axis).Name;
        return layer.Has(UpsampleAxisArguments.SizeOf(axis).Name) ? null
            : layer.Argument<double>(layer.Has(own) ? own : UpsampleAxisArguments.AllAxes);
    }

    /// <summary>How an interpolation is said.</summary>
    public ResizedBy Between() => FollowsFromSize ? ResizedBy.Size : ResizedBy.Factor;

    /// <summary>How the nearest elements are said: in the first way in which floats, by ONNX's formulas, give these elements.</summary>
    public ResizedBy OfNearest(string rounding)
    {
        int[] wanted = Nearest(rounding);
        return Gives((float)To / From, rounding, wanted) ? ResizedBy.Size
            : From != To && Gives(Factor, rounding, wanted) ? ResizedBy.Factor : ResizedBy.Indices;
    }

    /// <summary>The elements of the input that the outputs are, as Strata computes them.</summary>
    public int[] Nearest(string rounding)
    {
        (double numerator, double denominator) = Step;
        if (IsIdentity)
        {
            return [.. Enumerable.Range(0, To)];
        }

        // PyTorch's own mode is in single precision, as there.
        return rounding == "floor" && !IsCentered && !AlignsCorners
            ? [.. Enumerable.Range(0, To).Select(i => int.Min((int)(i * (float)(numerator / denominator)), From - 1))]
            : [.. Enumerable.Range(0, To).Select(i => ResizedPlaces.Rounded(At(i), rounding, From))];
    }

    private bool IsCentered => Place == "half_pixel" || (Place == "pytorch_half_pixel" && To > 1);

    /// <summary>The distance of two outputs, in elements of the input, as a quotient.</summary>
    private (double Numerator, double Denominator) Step =>
        To == 1 && (AlignsCorners || Place == "pytorch_half_pixel") ? (0, 1)
        : AlignsCorners ? (From - 1, To - 1)
        : Scale is { } scale ? (1, scale) : (From, To);

    /// <summary>Where an output is.</summary>
    private double At(int i)
    {
        (double numerator, double denominator) = Step;
        return IsCentered ? ((i + 0.5) * numerator / denominator) - 0.5 : i * numerator / denominator;
    }

    private bool Gives(float factor, string rounding, int[] wanted) => Enumerable.Range(0, To).All(i =>
    {
        if (factor.Equals(1f))
        {
            return wanted[i] == i;
        }

        float at = ResizedPlaces.PlaceOf<float>(i, From, To, factor, Place);
        if (rounding is "floor" or "ceil" || at == At(i))
        {
            return wanted[i] == ResizedPlaces.Rounded(at, rounding, From);
        }

        // Runtimes take what is almost half an element for half an element, by tolerances of their own.
        double tolerance = 1e-4 * Math.Max(1, at);
        return wanted[i] == ResizedPlaces.Rounded(at - tolerance, rounding, From)
            && wanted[i] == ResizedPlaces.Rounded(at + tolerance, rounding, From);
    });
}
