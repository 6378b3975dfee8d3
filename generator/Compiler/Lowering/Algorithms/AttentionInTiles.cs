using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Attention of one sample, whose queries are in the lanes of vectors.</summary>
/// <param name="heads">The number of heads.</param>
internal sealed class AttentionInTiles(int heads) : Algorithm
{
    // Long sums are cut into other blocks than in the operator's own loops, which compute several samples at once.
    public override bool ReordersSums => true;

    public override GroupLayout Arrange(LayoutRequest at) => at.With(Layout.Planar, at.Input.In(Layout.Planar));

    public override TensorBuffer Forward(ForwardContext at)
    {
        TensorBuffer x = at.Read(), y = at.ResultToClear();
        Shape shape = at.Group.Head.Shape;
        var kernel = new AttentionKernel(
            at.Tier, heads, shape.Channels / heads, shape.Width, x.ChannelPitch, y.ChannelPitch);
        at.Builder.Add(
            MethodName(at.Group), $"{at.Group.Label}: {Arithmetic.Count(heads, "head")} of {shape}", kernel,
            StepCosts.LaneDense(at.Tier, at.Group.Operation.MultiplyAdds(x.Shape, shape) / at.Tier.Lanes)
                + StepCosts.Softmax(at.Tier, heads * shape.Width * Arithmetic.CeilingDivide(shape.Width, at.Tier.Lanes)),
            Read(x), Write(y),
            Write(at.Builder.Buffer(
                TensorName.Of(at.Group.Head, "scores"), Shape.Vector(kernel.Scratch), Layout.Flat, space: MemorySpace.Scratch)));
        at.Builder.ClearHalo(y);
        return y;
    }
}
