using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering.Algorithms;

/// <summary>
/// A convolution of one sample with fewer multiplications. Where filters and the transforms of a block of tiles fit into the second-level cache, one
/// step goes from block to block; otherwise three steps transform all tiles, so that the filters are read once.
/// </summary>
internal sealed class WinogradConvolution : Algorithm
{
    private const string Filters = "winograd";

    /// <summary>Floats of one of its tensors: 256 MiB.</summary>
    private const long MostFloats = 1 << 26;

    private readonly LayerGroup _group;
    private readonly Tier _tier;
    private readonly WinogradTiles _tiles;
    private readonly WinogradPlan _plan;

    /// <param name="panel">Blocks of channels that lie side by side in the filters already; 0 where that may still be chosen.</param>
    private WinogradConvolution(LayerGroup group, WinogradForm form, Tier tier, int panel = 0)
    {
        (_group, _tier, _tiles) = (group, tier, TilesOf(group, form));
        _plan = CostModel.PlanWinograd(tier, _tiles, InputBlocks, OutputBlocks, group.Filters!.Inputs, panel);
    }

    public override Cost Cycles => _plan.Cycles;

    public override int WeightBlock => _tier.Lanes;

    public override bool? GivesBlocks => true;

    public override bool ReadsBlocks => true;

    public override bool ReordersSums => true;

    public override IEnumerable<(string Name, int Length)> Derived => [(Filters, (int)FilterLength)];

    private long FilterLength => (long)_tiles.Form.Products * OutputBlocks * _group.Filters!.Inputs * _tier.Lanes;

    private int BlockTiles => _plan.BlockTiles > 0 ? _plan.BlockTiles : _tiles.Count;

    /// <summary>Whether its memory is no more than other networks take: filters are four times as large as those of direct sums.</summary>
    private bool IsAffordable => FilterLength <= MostFloats && ElementsOf(InputBlocks).LengthOf(_tiles.Form) <= MostFloats
        && ElementsOf(OutputBlocks).LengthOf(_tiles.Form) <= MostFloats;

    private int InputBlocks => _tier.RoundUp(_group.Input.Shape.Channels) / _tier.Lanes;

    private int OutputBlocks => _tier.RoundUp(_group.Head.Shape.Channels) / _tier.Lanes;

    /// <summary>The forms that can compute a convolution: stride 1, no groups, and an image of whole tiles.</summary>
    public static IEnumerable<Algorithm> CandidatesFor(LayerGroup group, Tier tier)
    {
        FilterWeight filters = group.Filters!;
        WindowAxis rows = filters.Window.Vertical, columns = filters.Window.Horizontal;
        bool fits = group.Input.Shape.Rank is 2 or 3 && filters is { Groups: 1, IsTransposed: false }
            && rows.Stride == 1 && columns.Stride == 1;
        return (fits ? WinogradForm.For(rows.Kernel, columns.Kernel) : [])
            .Where(form => TilesOf(group, form) is var tiles && Fits(tiles.Rows, group.Pool?.Height) && Fits(tiles.Columns, group.Pool?.Width))
            .Select(form => new WinogradConvolution(group, form, tier)).Where(algorithm => algorithm.IsAffordable);
    }

    public override Algorithm For(LayerGroup group, Tier tier) => new WinogradConvolution(group, _tiles.Form, tier, _plan.Tile.Channels);

    public override GroupLayout Arrange(LayoutRequest at)
    {
        TensorLayout x = at.Input;
        Halo zeros = HaloOf(_group.Filters!.Window, at.Group.Input.Shape, at.Group.Head.Shape);
        return at.With(Layout.Blocked, x.Layout == Layout.Blocked ? x : new TensorLayout(x.Shape, Layout.Blocked, zeros));
    }

    public override void Prepare(ProgramBuilder builder) => builder.Add(
        MethodName(_group, "Filters"), $"{_group.Head.Name}: filters for Winograd",
        new WinogradFilters(_tier, _tiles.Form, OutputBlocks, _group.Filters!.Inputs, _plan.Tile.Channels), 0,
        builder.Weight(_group.Head), builder.Derived(_group.Head, Filters));

    public override TensorBuffer Forward(ForwardPass at)
    {
        LayerGroup group = at.Group;
        ProgramBuilder builder = at.Builder;
        TensorBuffer x = at.Read(), y = at.Result();
        TensorBuffer? addend = at.Addend;
        var epilogue = new Epilogue(group.HasBias, group.Norm is not null, group.Activation, group.Pool)
        {
            Addend = addend is null ? null : StridesOf(addend),
        };
        Argument[] operands =
        [
            .. group.HasBias ? [builder.Bias(group.Head)] : Enumerable.Empty<Argument>(), .. builder.Normalization(group.Norm),
            .. addend is null ? [] : new[] { Read(addend) }, Write(y),
        ];
        BufferArgument image = Read(x, WindowStart(group.Filters!.Window, x));
        ParameterArgument filters = builder.Derived(group.Head, Filters);
        string comment = Describe(group), name = MethodName(group);
        bool readsAhead = CostModel.LeaveCache(_tier, FilterLength);
        if (_plan.BlockTiles > 0)
        {
            TensorBuffer v = Elements("transformed", InputBlocks, MemorySpace.Scratch);
            TensorBuffer m = Elements("products", OutputBlocks, MemorySpace.Scratch);
            builder.Add(
                name, comment,
                new WinogradBlocks(
                    _tier, _tiles, _plan.BlockTiles, group.Filters.Inputs, InputBlocks, OutputBlocks, StridesOf(x), StridesOf(y), _plan.Tile, epilogue)
                {
                    ReadsAhead = readsAhead,
                },
                Cycles, [image, filters, .. operands, Write(v), Write(m)]);
            return y;
        }

        TensorBuffer transformed = Elements("transformed", InputBlocks, MemorySpace.Arena);
        TensorBuffer products = Elements("products", OutputBlocks, MemorySpace.Arena);
        builder.Add(
            name + "Input", $"{group.Head.Name}: transform of the input", new WinogradInput(_tier, _tiles, InputBlocks, StridesOf(x)), _plan.InputCycles,
            image, Write(transformed));
        builder.Add(
            name + "Products", comment,
            new WinogradProducts(_tier, _tiles.Form.Products, OutputBlocks, group.Filters.Inputs, _tiles.Count, _plan.Tile) { ReadsAhead = readsAhead }, _plan.ProductCycles,
            Read(transformed), filters, Write(products));
        builder.Add(
            name + "Output", $"{group.Head.Name}: transform of the output", new WinogradOutput(_tier, _tiles, OutputBlocks, StridesOf(y), epilogue),
            _plan.OutputCycles, [Read(products), .. operands]);
        return y;

        TensorBuffer Elements(string what, int blocks, MemorySpace space) => builder.Buffer(
            TensorName.Of(group.Head, what), Shape.Vector((int)ElementsOf(blocks).LengthOf(_tiles.Form)), Layout.Flat, space: space);
    }

    private WinogradElements ElementsOf(int blocks) => new(blocks, BlockTiles, _tier.Lanes);

    /// <summary>Whether an axis has a whole tile, in each phase of a dilated filter, and pooling stays in it.</summary>
    private static bool Fits(WinogradTileAxis tiles, int? pool) => tiles.Extent >= tiles.Form.Outputs * tiles.Dilation && tiles.Extent % tiles.Dilation == 0
        && (pool is not { } extent || (tiles.Form.Outputs % extent == 0 && tiles.Dilation == 1));

    /// <summary>Tiles of the outputs that are needed: pooling may leave some at the end.</summary>
    private static WinogradTiles TilesOf(LayerGroup group, WinogradForm form)
    {
        Shape shape = group.Pool is null ? group.Head.Shape : group.Last.Shape;
        WindowAxes window = group.Filters!.Window;
        return new WinogradTiles(
            form, Axis(form.Vertical, shape.Height * (group.Pool?.Height ?? 1), window.Vertical),
            Axis(form.Horizontal, shape.Width * (group.Pool?.Width ?? 1), window.Horizontal));

        static WinogradTileAxis Axis(WinogradAxis form, int extent, WindowAxis window) => new(form, extent, window.Kernel == 1 ? 1 : window.Dilation);
    }
}
