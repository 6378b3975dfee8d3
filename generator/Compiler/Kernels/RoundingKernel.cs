using System.Collections.Generic;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Rounds a tensor in blocks of channels to integers, with the integers of the zero point around it, where a convolution reads zeros. NaN
/// becomes the zero point.
/// </summary>
/// <param name="Grid">The vectors of the tensor: an item is a block of channels.</param>
/// <param name="Target">The distances in the integers. The halo of a block of channels lies before its first pixel.</param>
/// <param name="Origin">Integers before the first pixel.</param>
/// <param name="BlockLength">Integers of a block of channels, with its halo.</param>
internal sealed record RoundingKernel(
    Tier Tier, RoundedRange Range, VectorGrid Grid, Strides Source, Strides Target, int Origin, int BlockLength) : Kernel(Tier)
{
    public override string Summary =>
        $"Rounds to integers from {Arithmetic.Number(Range.Least)} to {Arithmetic.Number(Range.Most)}";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Channels, Grid.Channels);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), scale = k.Parameter("scale"), zero = k.Parameter("zero"),
            output = k.Parameter(new Pointer("output", ElementType.Int));
        IntegerFormat format = Tier.Integers;
        Variable s = k.Let("s", scale[0].Broadcast), z = k.Let("z", ZeroPoint(Range, zero[0].Broadcast));
        Variable origin = k.Let("origin", z - format.Origin(Range.Least, z));
        using (k.Items("block", 1, out IndexVariable block))
        {
            Pointer to = k.PointTo("to", output[block * new Number(BlockLength, "blockLength")]);
            if (BlockLength > Grid.Rows * Grid.Columns * Target.Column)
            {
                k.Run(RuntimeApi.FillQuads.Call(
                    new AddressOf(to), new Number(BlockLength, "blockLength"), Intrinsics.ToScalar(origin)));
            }

            using (k.For("row", Grid.Rows, out IndexVariable row))
            {
                Pointer[] at = k.PointTo(
                    ("x", input[(block * new Number(Source.Channel, "xBlockStride")) + (row * new Number(Source.Row, "xRowStride"))]),
                    ("y", to[new Number(Origin, "origin0") + (row * new Number(Target.Row, "yRowStride"))]));
                using (k.For("column", Grid.Columns, out IndexVariable column))
                {
                    Variable q = k.Let("q", Functions.Round(at[0][column * Source.Column].Vector / s) + z);
                    Expression inside = Functions.MinNative(Range.Most, Functions.MaxNative(Range.Least, q));
                    k.Run(format.Store(
                        at[1][column * Target.Column],
                        Expression.Select(Intrinsics.IsNaN(q), z, inside) - format.Origin(Range.Least, z)));
                }
            }
        }
    }

    /// <summary>A zero point as integers have it: a parameter of a file may be any number.</summary>
    public static Expression ZeroPoint(RoundedRange range, Expression zero) =>
        Functions.MinNative(range.Most, Functions.MaxNative(range.Least, Functions.Round(zero)));
}
