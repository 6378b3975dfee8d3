using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// The steps of a 2-D convolution by Winograd's algorithm: forward, or of the output's gradient with the transposed filter. If that is
/// cheaper, one step goes from block to block, whose transforms stay in a cache. Otherwise three steps handle all tiles each, so that the
/// filters are read once.
/// </summary>
internal sealed class WinogradSteps
{
    /// <summary>The most floats of one of its tensors: 256 MiB.</summary>
    public const long MostFloats = 1 << 26;

    private readonly Tier _tier;
    private readonly WinogradTiles _tiles;
    private readonly int _inputs, _inputBlocks, _outputBlocks;
    private readonly WinogradPlan _plan;

    /// <param name="inputs">The channels that are summed over.</param>
    /// <param name="outputs">The channels of the result.</param>
    /// <param name="measured">Measured cycles of the layer's algorithms.</param>
    /// <param name="panel">How many blocks of channels are adjacent in the filters; 0 if that is not decided yet.</param>
    public WinogradSteps(Tier tier, WinogradTiles tiles, int inputs, int outputs, MeasuredCycles measured, int panel = 0)
    {
        (_tier, _tiles, _inputs, _inputBlocks, _outputBlocks) = (tier, tiles, inputs, tier.RoundUp(inputs) / tier.Lanes,
            tier.RoundUp(outputs) / tier.Lanes);
        _plan = WinogradCosts.PlanWinograd(tier, tiles, _inputBlocks, _outputBlocks, inputs, measured, panel);
    }

    public WinogradForm Form => _tiles.Form;

    /// <summary>Its name in tables of measured cycles.</summary>
    public string Name => AlgorithmName.Of(Form, _plan.BlockTiles > 0);

    /// <summary>How many blocks of channels are adjacent in the filters.</summary>
    public int Panel => _plan.Tile.Channels;

    public Cost Cycles => _plan.Cycles;

    /// <summary>The cost of transforming the filters.</summary>
    public Cost FilterCycles => StepCosts.Elementwise(_tier, (int)(FilterLength / _tier.Lanes), operands: 1);

    public long FilterLength => (long)_tiles.Form.Products * _outputBlocks * _inputs * _tier.Lanes;

    /// <summary>
    /// Whether its tensors are within <see cref="MostFloats"/>. Transformed filters are four times as large as those of direct sums.
    /// </summary>
    public bool IsAffordable => FilterLength <= MostFloats && LengthOf(_inputBlocks) <= MostFloats && LengthOf(_outputBlocks) <= MostFloats;

    /// <summary>The forms for a window with stride 1 over images of whole tiles, with their tiles.</summary>
    /// <param name="height">Rows of the result, before pooling.</param>
    /// <param name="width">Columns of the result, before pooling.</param>
    public static IEnumerable<WinogradTiles> For(WindowAxes window, int height, int width, FusedPool? pool = null)
    {
        WindowAxis rows = window.Vertical, columns = window.Horizontal;
        return (rows.Stride == 1 && columns.Stride == 1 ? WinogradForm.For(rows.Kernel, columns.Kernel) : [])
            .Select(form => new WinogradTiles(form, Axis(form.Vertical, height, rows), Axis(form.Horizontal, width, columns)))
            .Where(tiles => Fits(tiles.Rows, pool?.Height) && Fits(tiles.Columns, pool?.Width));

        static WinogradTileAxis Axis(WinogradAxis form, int extent, WindowAxis window) =>
            new(form, extent, window.Kernel == 1 ? 1 : window.Dilation);
    }

    /// <summary>Adds the step that transforms the filters.</summary>
    /// <param name="unshuffle">How the taps of the filters move before; null if they do not.</param>
    /// <param name="operands">The filters, memory for filters whose taps have moved, and the transformed filters.</param>
    public void AddFilters(ProgramBuilder builder, string name, string comment, FilterUnshuffle? unshuffle, params Operand[] operands) =>
        builder.Add(
            name, comment, new WinogradFilters(_tier, _tiles.Form, _outputBlocks, _inputs, Panel) { Unshuffle = unshuffle },
            FilterCycles, operands);

    /// <summary>Adds the steps of the convolution.</summary>
    /// <param name="node">The layer that the tensors are named after.</param>
    /// <param name="name">The name of the steps' methods.</param>
    /// <param name="comment">The comment of the step that does the multiplications.</param>
    /// <param name="image">The first element of the first output's window.</param>
    /// <param name="operands">The operands of the epilogue, with the output last.</param>
    public void Add(
        ProgramBuilder builder, Node node, string name, string comment, BufferOperand image, Operand filters, Operand[] operands,
        TensorBuffer output, Epilogue epilogue)
    {
        bool readsAhead = ThreadCosts.LeaveCache(_tier, FilterLength);
        if (_plan.BlockTiles > 0)
        {
            TensorBuffer v = Elements("transformed", _inputBlocks, MemorySpace.Scratch),
                m = Elements("products", _outputBlocks, MemorySpace.Scratch);
            builder.Add(
                name, comment,
                new WinogradBlocks(
                    _tier, _tiles, _plan.BlockTiles, _inputs, _inputBlocks, _outputBlocks, StridesOf(image.Buffer), StridesOf(output),
                    _plan.Tile, epilogue)
                {
                    ReadsAhead = readsAhead,
                },
                Cycles, [image, filters, .. operands, Write(v), Write(m)]);
            return;
        }

        // Each sample has its own memory if samples are apart.
        MemorySpace space = image.Buffer.Space;
        TensorBuffer transformed = Elements("transformed", _inputBlocks, space), products = Elements("products", _outputBlocks, space);
        builder.Add(
            name + "Input", $"{node.Name}: transform of the input",
            new WinogradInput(_tier, _tiles, _inputBlocks, StridesOf(image.Buffer)), _plan.InputCycles,
            image, Write(transformed));
        builder.Add(
            name + "Products", comment,
            new WinogradProducts(_tier, _tiles.Form.Products, _outputBlocks, _inputs, _tiles.Count, _plan.Tile) { ReadsAhead = readsAhead },
            _plan.ProductCycles,
            Read(transformed), filters, Write(products));
        builder.Add(
            name + "Output", $"{node.Name}: transform of the output",
            new WinogradOutput(_tier, _tiles, _outputBlocks, StridesOf(output), epilogue),
            _plan.OutputCycles, [Read(products), .. operands]);

        TensorBuffer Elements(string what, int blocks, MemorySpace memory) =>
            builder.Buffer(TensorName.Of(node, what), Shape.Vector((int)LengthOf(blocks)), Layout.Flat, space: memory);
    }

    private long LengthOf(int blocks) =>
        new WinogradElements(blocks, _plan.BlockTiles > 0 ? _plan.BlockTiles : _tiles.Count, _tier.Lanes).LengthOf(_tiles.Form);

    /// <summary>
    /// Whether an axis has at least one whole tile in each phase of a dilated filter, and each pooling window is within a tile.
    /// </summary>
    private static bool Fits(WinogradTileAxis tiles, int? pool) =>
        tiles.Extent >= tiles.Axis.Outputs * tiles.Dilation && tiles.Extent % tiles.Dilation == 0
        && (pool is not { } extent || (tiles.Axis.Outputs % extent == 0 && tiles.Dilation == 1));
}
