using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>Transposes a convolution's weights before the gradient of its input is computed.</summary>
internal sealed class TransposedWeights
{
    private readonly BackwardContext _at;
    private readonly ConvolutionPacking _packing;
    private readonly TensorBuffer? _weights;
    private readonly FilterWeight _filters;
    private readonly int _taps, _lanes;

    /// <summary>From one tap to the next, and where the first one stands.</summary>
    private readonly int _tap, _firstTap;

    private TransposedWeights(BackwardContext at, ConvolutionPacking packing, bool turned, TensorBuffer? weights)
    {
        (_at, _packing, _weights, _filters) = (at, packing, weights, at.Group.Filters!);
        (_taps, _lanes) = (_filters.Window.Area, at.Tier.Lanes);
        int pitch = packing.HorizontalPitch;
        (_tap, _firstTap) = turned ? (-pitch, packing.InputPitch - pitch) : (pitch, packing.FirstTap);
    }

    /// <summary>
    /// Adds the step, and returns the weights in the order in which the input's gradient reads them: [I/v][O][kD][kH][kW][v], one group
    /// after the other. If groups are smaller than a vector, several are side by side in it.
    /// </summary>
    /// <param name="turned">Whether the taps are in reverse order.</param>
    /// <param name="weights">The weights, if they are not the parameters themselves.</param>
    public static TensorBuffer Add(BackwardContext at, ConvolutionPacking packing, bool turned = false, TensorBuffer? weights = null)
    {
        var transposed = new TransposedWeights(at, packing, turned, weights);
        FilterWeight filters = at.Group.Filters!;
        return filters.Groups > 1 && filters.Outputs < at.Tier.Lanes ? transposed.InLanes() : transposed.InBlocks();
    }

    /// <summary>
    /// Taps that are evenly spaced in the packed weights: all of them, or those of one row after the other if some are left out. With each
    /// run the number of its first tap, how many there are, and the place of the first in the packed weights.
    /// </summary>
    private IEnumerable<(int Tap, int Taps, int Place)> Runs
    {
        get
        {
            WindowAxes window = _filters.Window;
            if (!_filters.LeavesOutTaps)
            {
                return [(0, _taps, 0)];
            }

            int row = window.Horizontal.Kernel;
            return from plane in Enumerable.Range(0, window.Depth.Kernel)
                   from line in Enumerable.Range(0, window.Vertical.Kernel)
                   select (((plane * window.Vertical.Kernel) + line) * row, row,
                       (plane * _packing.DepthPitch) + (line * _packing.VerticalPitch));
        }
    }

    /// <summary>Of each group, blocks of inputs. The last block is padded with zeros.</summary>
    private TensorBuffer InBlocks()
    {
        int inputs = _filters.Inputs, blocks = _at.Tier.RoundUp(inputs) / _lanes, rest = inputs % _lanes;
        TensorBuffer transposed = Buffer(blocks * _filters.Filters * _taps * _lanes);
        if (rest > 0)
        {
            _at.Builder.Clear(transposed, $"{transposed.Name}: padding of {Kernel.Count(_lanes - rest, "input")}");
            Move(blocks - 1, 1, rest);
        }

        Move(0, inputs / _lanes, _lanes);
        return transposed;

        void Move(int first, int count, int filled)
        {
            if (count == 0)
            {
                return;
            }

            int outputs = _filters.Outputs, output = _taps * _lanes;
            foreach ((int tap, int taps, int place) in Runs)
            {
                Add(
                    transposed, Shape.Volume(_filters.Filters, count, taps, filled), _packing.Output,
                    _filters.Groups == 1 ? new ChannelAddress(output) : new ChannelAddress(blocks * outputs * output, outputs, output),
                    new Strides(0, _tap, _packing.InputPitch) { Plane = _lanes * _packing.InputPitch },
                    new Strides(0, _lanes, 1) { Plane = outputs * output },
                    (first * _lanes * _packing.InputPitch) + _firstTap + place, (first * outputs * output) + (tap * _lanes));
            }
        }
    }

    /// <summary>Within a vector, inputs and outputs of each group are exchanged. This includes groups that are padding.</summary>
    private TensorBuffer InLanes()
    {
        int outputs = _filters.Outputs, vectors = _at.Tier.RoundUp(_filters.Filters) / _lanes, vector = outputs * _taps * _lanes,
            perVector = _lanes / outputs;
        TensorBuffer transposed = Buffer(vectors * vector);
        foreach ((int tap, int taps, int place) in Runs)
        {
            Add(
                transposed, Shape.Volume(vectors * perVector, outputs, taps, _filters.Inputs),
                new ChannelAddress(_packing.PitchOf(_lanes), perVector, outputs),
                new ChannelAddress(vector, perVector, outputs), new Strides(0, _tap, _packing.InputPitch) { Plane = 1 },
                new Strides(0, _lanes, 1) { Plane = _taps * _lanes }, _firstTap + place, tap * _lanes);
        }

        return transposed;
    }

    private TensorBuffer Buffer(int length) =>
        _at.Builder.Buffer(TensorName.Of(_at.Group.Head, "weights"), Shape.Vector(length), Layout.Flat);

    private void Add(TensorBuffer to, Shape shape, ChannelAddress fromChannel, ChannelAddress toChannel, Strides fromStrides,
        Strides toStrides, int from, int target) =>
        _at.Builder.Add(
            MethodName(_at.Group, "TransposedWeights"), $"{_at.Group.Head.Name}: the weights by inputs",
            new ConvertLayoutKernel(_at.Tier, shape, fromChannel, toChannel, fromStrides, toStrides),
            StepCosts.Move(_at.Tier, _packing.Length),
            _weights is null ? _at.Builder.Weight(_at.Group.Head).From(from) : Read(_weights, from), Write(to, target));
}
