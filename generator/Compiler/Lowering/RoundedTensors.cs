using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Tensors of small integers, which products of integers read: blocks of channels as of floats, several integers to a 32-bit number.
/// </summary>
internal static class RoundedTensors
{
    /// <summary>Whether a tensor holds integers.</summary>
    public static bool IsRounded(TensorBuffer x) => x.Element == ElementType.Int;

    /// <summary>Adds the step that rounds a tensor, unless another reader has done so.</summary>
    /// <param name="x">The tensor, in blocks of channels or flat.</param>
    /// <param name="rounding">The layer with the scale and the zero point.</param>
    /// <param name="halo">The pixels around it that readers take for zeros.</param>
    public static TensorBuffer Round(this ProgramBuilder builder, TensorBuffer x, Node rounding, Halo halo)
    {
        if (builder.Rounded.TryGetValue((rounding.Index, halo), out TensorBuffer known))
        {
            return known;
        }

        Tier tier = builder.Tier;
        bool isFlat = x.Layout == Layout.Flat;
        int lanes = tier.Integers.PixelLength(tier.Lanes),
            blocks = Arithmetic.CeilingDivide(isFlat ? x.Shape.Length : x.Shape.Channels, tier.Lanes);
        Shape shape = isFlat ? Shape.Vector(blocks * lanes) : x.Shape with { Channels = blocks * lanes };
        TensorBuffer y = builder.Buffer(TensorName.Of(rounding, "integers"), shape, x.Layout, halo) with
        {
            Lanes = lanes,
            Element = ElementType.Int,
        };
        VectorGrid grid = isFlat ? new(blocks, 1, 1, 0) : new(blocks, x.Shape.Rows, x.Shape.Width, 0);
        Strides source = isFlat ? new(tier.Lanes, 0, 0) : VectorGrid.StridesOf(x);
        Strides target = isFlat ? new(lanes, lanes, lanes) : StridesOf(y);
        builder.Add(
            rounding.Identifier + "Integers", $"{rounding.Name}: {x.Shape} as integers",
            new RoundingKernel(tier, rounding.Operation.AsRounding!.Value, grid, source, target, y.Origin, target.Channel),
            StepCosts.Rounding(tier, blocks * grid.Rows * grid.Columns),
            Read(x), builder.Parameter(rounding, RoundedRange.Scale), builder.Parameter(rounding, RoundedRange.ZeroPoint), Write(y, 0));
        builder.Rounded.Add((rounding.Index, halo), y);
        return y;
    }
}
