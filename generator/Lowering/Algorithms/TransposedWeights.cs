using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>Transposes a convolution's weights before the gradient of its input is computed.</summary>
internal static class TransposedWeights
{
    /// <summary>
    /// Adds the step, and returns the weights in the order in which the input's gradient reads them: [I/v][O][kD][kH][kW][v], one group
    /// after the other. If groups are smaller than a vector, several are side by side in it.
    /// </summary>
    /// <param name="turned">Whether the taps are in reverse order.</param>
    /// <param name="weights">The weights, if they are not the parameters themselves.</param>
    public static TensorBuffer Add(BackwardPass at, ConvolutionPacking packing, bool turned = false, TensorBuffer? weights = null)
    {
        LayerGroup group = at.Group;
        FilterWeight filters = group.Filters!;
        int tap = turned ? -packing.HorizontalPitch : packing.HorizontalPitch,
            firstTap = turned ? packing.InputPitch - packing.HorizontalPitch : 0;
        int taps = filters.Window.Area, inputs = filters.Inputs, outputs = filters.Outputs, lanes = at.Tier.Lanes;
        if (filters.Groups > 1 && outputs < lanes)
        {
            return InLanes();
        }

        int blocks = at.Tier.RoundUp(inputs) / lanes, rest = inputs % lanes;
        TensorBuffer transposed = at.Builder.Buffer(TensorName.Of(group.Head, "weights"),
            Shape.Vector(blocks * filters.Filters * taps * lanes), Layout.Flat);
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

            int output = taps * lanes;
            Add(
                transposed, Shape.Volume(filters.Filters, count, taps, filled), packing.Output,
                filters.Groups == 1 ? new ChannelAddress(output) : new ChannelAddress(blocks * outputs * output, outputs, output),
                new Strides(0, tap, packing.InputPitch) { Plane = lanes * packing.InputPitch },
                new Strides(0, lanes, 1) { Plane = outputs * output },
                (first * lanes * packing.InputPitch) + firstTap, first * outputs * output);
        }

        // Within a vector, inputs and outputs of each group are exchanged. This includes groups that are padding.
        TensorBuffer InLanes()
        {
            int vectors = at.Tier.RoundUp(filters.Filters) / lanes, vector = outputs * taps * lanes, perVector = lanes / outputs;
            TensorBuffer ofGroups = at.Builder.Buffer(TensorName.Of(group.Head, "weights"), Shape.Vector(vectors * vector), Layout.Flat);
            Add(
                ofGroups, Shape.Volume(vectors * perVector, outputs, taps, inputs),
                new ChannelAddress(packing.PitchOf(lanes), perVector, outputs),
                new ChannelAddress(vector, perVector, outputs), new Strides(0, tap, packing.InputPitch) { Plane = 1 },
                new Strides(0, lanes, 1) { Plane = taps * lanes }, firstTap, 0);
            return ofGroups;
        }

        void Add(TensorBuffer to, Shape shape, ChannelAddress fromChannel, ChannelAddress toChannel, Strides fromStrides, Strides toStrides,
            int from, int target) =>
            at.Builder.Add(
                MethodName(group, "TransposedWeights"), $"{group.Head.Name}: the weights by inputs",
                new ConvertLayoutKernel(at.Tier, shape, fromChannel, toChannel, fromStrides, toStrides),
                StepCosts.Move(at.Tier, packing.Length),
                weights is null ? at.Builder.Weight(group.Head).From(from) : Read(weights, from), Write(to, target));
    }
}
