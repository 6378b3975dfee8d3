using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Softmax along the width for one sample. The elements of a row are in the lanes of vectors.</summary>
internal sealed class SoftmaxOfRows : Algorithm
{
    /// <summary>
    /// Whether it is faster than the operator's own loops, whose lanes are channels: if it needs no more vectors.
    /// </summary>
    /// <remarks>
    /// Measured on Zen 5 with AVX-512, as the time of the loops divided by that of rows, for 64 rows. 16 channels, where the two need as
    /// many vectors from 16 elements on: 0.2 with 2 elements, 0.4 with 8, 1.5 with 16, 0.7 with 24, 1.7 with 32 to 64. 4 channels: 0.7 with
    /// 2, 2 with 8. 1 channel: 1 with 2, 3 with 8.
    /// </remarks>
    /// <param name="trains">
    /// Whether it is for training. There, loops in blocks of channels need no conversion, which short rows are not worth.
    /// </param>
    public static bool Pays(Tier tier, Shape shape, bool trains) => (!trains || shape.Width >= 2 * tier.Lanes)
        && (long)Arithmetic.CeilingDivide(shape.Channels, tier.Lanes) * shape.Width
            >= (long)shape.Channels * Arithmetic.CeilingDivide(shape.Width, tier.Lanes);

    public override GroupLayout Arrange(LayoutRequest at) => at.Planar();

    public override SavedForBackward Saves(GradientStep step) => SavedForBackward.Output;

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer x = at.Read(), y = at.ResultToClear();
        Strides input = VectorGrid.StridesOf(x), output = VectorGrid.StridesOf(y);
        (int channels, int rows, int width) = (y.Shape.Channels, y.Shape.Rows, y.Shape.Width);
        if (channels > 1 && input.Channel == rows * input.Row && output.Channel == rows * output.Row)
        {
            // With nothing between channels, all rows are those of one.
            (channels, rows) = (1, channels * rows);
        }

        var kernel = new RowSoftmaxKernel(at.Tier, channels, rows, width, input, output);
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {y.Shape}, along the rows", kernel,
            StepCosts.SoftmaxOfRows(at.Tier, (long)channels * rows, width),
            Read(x), Write(y), at.Builder.Scratch(at.Group.Head, "terms", kernel.Terms),
            at.Builder.Scratch(at.Group.Head, "panel", kernel.Scratch));
        at.Builder.ClearHalo(y);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        TensorBuffer y = at.Saved.Output, dy = at.Gradient, dx = at.Target(0, at.Group.Input.Shape);
        Shape shape = dx.Shape;
        at.Builder.Add(
            MethodName(at.Group, "Gradient"), $"backward of {at.Group.Label}, along the rows",
            new RowSoftmaxGradientKernel(
                at.Tier, shape.Channels, shape.Rows, shape.Width, VectorGrid.StridesOf(y), VectorGrid.StridesOf(dy),
                VectorGrid.StridesOf(dx)),
            StepCosts.Elementwise(at.Tier, VectorsOf(dx), operands: 4), Read(y), Read(dy), Write(dx));
        return [dx];
    }
}
