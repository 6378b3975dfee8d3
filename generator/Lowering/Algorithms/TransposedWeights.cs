using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>A convolution's weights, put in another order before the gradient of its input is computed.</summary>
internal static class TransposedWeights
{
    /// <summary>The weights in the order in which the input's gradient reads them: [I/v][O][kH][kW][v].</summary>
    /// <param name="turned">Whether the last tap comes first.</param>
    public static TensorBuffer Add(BackwardPass at, ConvolutionPacking packing, bool turned = false)
    {
        LayerGroup group = at.Group;
        FilterWeight filters = group.Filters!;
        int tap = turned ? -packing.HorizontalPitch : packing.HorizontalPitch, firstTap = turned ? packing.InputPitch - packing.HorizontalPitch : 0;
        int taps = filters.Window.Area, inputs = filters.Inputs, outputs = filters.Outputs, lanes = at.Tier.Lanes;
        int blocks = at.Tier.RoundUp(inputs) / lanes, rest = inputs % lanes;
        TensorBuffer transposed = at.Builder.Buffer(TensorName.Of(group.Head, "weights"), Shape.Vector(blocks * outputs * taps * lanes), Layout.Flat);
        if (rest > 0)
        {
            at.Builder.Clear(transposed, $"{transposed.Name}: padding of {Kernel.Count(lanes - rest, "input")}");
            Move(blocks - 1, 1, rest);
        }

        Move(0, inputs / lanes, lanes);
        return transposed;

        void Move(int first, int count, int filled)
        {
            if (count == 0)
            {
                return;
            }

            var kernel = new ConvertLayoutKernel(
                at.Tier, Shape.Volume(outputs, count, taps, filled), packing.Output, new ChannelAddress(taps * lanes),
                new Strides(0, tap, packing.InputPitch) { Plane = lanes * packing.InputPitch },
                new Strides(0, lanes, 1) { Plane = outputs * taps * lanes });
            at.Builder.Add(
                MethodName(group, "TransposedWeights"), $"{group.Head.Name}: the weights by inputs", kernel, CostModel.Move(at.Tier, packing.Length),
                at.Builder.Weight(group.Head).From((first * lanes * packing.InputPitch) + firstTap), Write(transposed, first * outputs * taps * lanes));
        }
    }
}
