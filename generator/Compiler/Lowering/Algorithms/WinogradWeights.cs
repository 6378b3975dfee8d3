using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// The weight gradient of a convolution by Winograd's algorithm, which needs fewer multiplications:
/// - For each sample, the inputs and gradients of all tiles are transformed.
/// - They are multiplied element by element, and summed over the tiles and samples of a block.
/// - The sums are transformed back.
/// The outputs of the algorithm are the taps of a filter. Its transforms are those of forward, such as F(4×4, 3×3), transposed.
/// </summary>
internal sealed class WinogradWeights
{
    /// <summary>
    /// The most taps in a row. With more taps, the points of the transforms would make errors eight times as large as those of direct sums.
    /// </summary>
    public const int MostTaps = 5;

    /// <summary>The most floats of one of its tensors: 64 MiB.</summary>
    private const long MostFloats = 1 << 24;

    private readonly Tier _tier;
    private readonly WinogradTiles _tiles;
    private readonly int _outputBlocks, _inputs, _inputBlocks;
    private readonly WeightTile _tile;
    private readonly Cost _inputCycles, _gradientCycles, _productCycles, _backCycles;

    /// <param name="outputBlocks">How many blocks of output channels there are.</param>
    /// <param name="inputs">How many input channels there are.</param>
    public WinogradWeights(Tier tier, WinogradTiles tiles, int outputBlocks, int inputs)
    {
        (_tier, _tiles, _outputBlocks, _inputs, _inputBlocks) = (tier, tiles, outputBlocks, inputs, tier.RoundUp(inputs) / tier.Lanes);
        (_tile, Cost element) = WeightTileCosts.ChooseChannelWeightTile(
            tier, LaneUse.ChannelLanes, outputBlocks, inputs, tier.Lanes, new FilterTaps(Taps.One, Taps.One, Taps.One),
            (long)tiles.Count * tier.Lanes, outputBlocks);
        int products = tiles.Form.Products;
        (_inputCycles, _gradientCycles, Cost memory) = WinogradCosts.OfWinogradWeights(tier, tiles, _inputBlocks, outputBlocks);
        _productCycles = Cost.Max(element * products, memory * tier.Lanes);
        _backCycles = StepCosts.Elementwise(tier, products * outputBlocks * inputs, operands: 1);
    }

    /// <summary>The expected cycles for a block of samples.</summary>
    public Cost Cycles =>
        ((_inputCycles + _gradientCycles) * _tier.Lanes) + _productCycles + ThreadCosts.OfBatch(0, _backCycles) * _tier.Lanes;

    /// <summary>Whether its tensors are within <see cref="MostFloats"/>.</summary>
    public bool IsAffordable => LengthOf(_inputBlocks) <= MostFloats && LengthOf(_outputBlocks) <= MostFloats && SumLength <= MostFloats;

    private long SumLength => (long)_tiles.Form.Products * _outputBlocks * _inputs * _tier.Lanes;

    public void Add(BackwardContext at, ConvolutionPacking packing)
    {
        ProgramBuilder builder = at.Builder;
        Node node = at.Group.Head;
        TensorBuffer x = at.Saved.Read[0], gradient = at.Gradient;
        TensorBuffer inputs = Elements("input elements", _inputBlocks), gradients = Elements("gradient elements", _outputBlocks);
        builder.Add(
            MethodName(at.Group, "WeightGradientInput"), $"{node.Name}: transform of the input",
            new WinogradInput(_tier, _tiles, _inputBlocks, StridesOf(x)), _inputCycles,
            Read(x, WindowStart(at.Group.Filters!.Window, x)), Write(inputs));
        builder.Add(
            MethodName(at.Group, "WeightGradientOutput"), $"{node.Name}: transform of the gradient",
            new WinogradGradient(_tier, _tiles, _outputBlocks, StridesOf(gradient)),
            _gradientCycles, Read(gradient), Write(gradients));

        WinogradElements v = OfBlocks(_inputBlocks), w = OfBlocks(_outputBlocks);
        int lanes = _tier.Lanes;
        TensorBuffer sums = builder.Buffer(TensorName.Of(node, "filter gradient"), Shape.Vector((int)SumLength), Layout.Flat);
        builder.Add(
            MethodName(at.Group, "WeightGradientProducts"),
            $"{node.Name}: gradient of the weights; {Arithmetic.Grouped(2 * at.Group.MultiplyAdds)} FLOPs for each sample",
            new ChannelWeightGradient(
                _tier, LaneUse.ChannelLanes, _outputBlocks, _inputs, Planes: 1, Rows: 1, _tiles.Count,
                new FilterTaps(Taps.One, Taps.One, Taps.One),
                _inputs > lanes ? new ChannelAddress(v.Block, lanes) : new ChannelAddress(1), new Strides(v.Block, 0, v.Tile),
                new Strides(w.Block, 0, w.Tile),
                _inputs * lanes, lanes, _tile)
            {
                Units = new WeightUnits(_tiles.Form.Products, v.Element, w.Element, _outputBlocks * _inputs * lanes),
            },
            _productCycles, Read(inputs), Read(gradients), Write(sums), PassedOperand.Samples, PassedOperand.SampleStride);
        builder.Add(
            MethodName(at.Group, "WeightGradient"), $"{node.Name}: back from the transformed filters",
            new WinogradFilterGradient(_tier, _tiles.Form, _outputBlocks, _inputs), _backCycles, Read(sums),
            builder.GradientOf(node, "weight"));

        TensorBuffer Elements(string what, int blocks) =>
            builder.Buffer(TensorName.Of(node, what), Shape.Vector((int)LengthOf(blocks)), Layout.Flat, space: MemorySpace.Sample);
    }

    private WinogradElements OfBlocks(int blocks) => new(blocks, _tiles.Count, _tier.Lanes);

    private long LengthOf(int blocks) => OfBlocks(blocks).LengthOf(_tiles.Form);
}
