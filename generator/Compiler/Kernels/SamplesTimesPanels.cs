using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// A dense layer for several samples, each with its own arena. The sums of some vectors of a panel × some samples are in registers, so that
/// each weight that is loaded serves several samples. The sums have the same order and the same cuts as for one sample, so a sample's bits
/// are the same.
/// </summary>
/// <param name="Panels">Panels of the weights, the items of the kernel.</param>
/// <param name="PanelVectors">Vectors of outputs in a panel.</param>
/// <param name="Channels">Channels of a sample's input, or its features if these are contiguous.</param>
/// <param name="Channel">The address of a channel.</param>
/// <param name="Vertical">Rows of a channel.</param>
/// <param name="Horizontal">Columns of a row.</param>
internal sealed record SamplesTimesPanels(
    Tier Tier, int Panels, int PanelVectors, int Channels, ChannelAddress Channel, Taps Vertical, Taps Horizontal, bool Bias,
    Activation? Activation)
    : Kernel(Tier)
{
    /// <summary>In a tier with this many registers, a tile has all vectors of a panel.</summary>
    private const int ManyRegisters = 32;

    /// <summary>Features per iteration if they are contiguous. Their multiply-adds take longer than the loop's own instructions.</summary>
    private const int Unrolled = 4;

    /// <summary>
    /// The most samples that take turns at a few rows of weights. With at least this many samples, the next rows are prefetched.
    /// </summary>
    private const int GroupSamples = 16, FewSamples = 4;

    /// <summary>
    /// Bytes of the rows of weights that all samples use before the next rows. Together with the prefetched rows and the sums, they fit
    /// into the first-level cache. On Zen 5, AlexNet's dense layers take 0.63 times as long for 8 samples as with rows that fit into the
    /// second-level cache only.
    /// </summary>
    private const int TurnBytes = 10 << 10;

    /// <summary>
    /// Samples in registers if weights come from the first-level cache, which is fast enough to load an operand for each multiply-add.
    /// </summary>
    private const int FewestSamples = 2;

    /// <summary>The type of the weights in memory.</summary>
    public ElementType WeightElement { get; init; } = ElementType.Float;

    public override string Summary =>
        $"Dense for several samples, lanes are outputs; in registers {Count(Vectors, "vector")} × {Count(Samples, "sample")}";

    /// <summary>Whether samples take turns at rows of weights. They do if sums are so long that a panel is larger than a cache.</summary>
    private bool TakeTurns => IsFlat && Cut.Level >= 0;

    /// <summary>Samples in registers. Weights of 16 bits are widened for each use, so that more uses are better.</summary>
    private int Samples =>
        TakeTurns && Tier.Registers >= ManyRegisters && WeightElement == ElementType.Float ? FewestSamples : SamplesOf(Tier);

    /// <summary>Features of a turn. Their number divides a block of terms of the sums.</summary>
    private int TurnFeatures
    {
        get
        {
            int rowBytes = PanelWidth * WeightElement.Bytes;
            return Enumerable.Range(1, Cut.Rounds / UnrolledFeatures).Select(rounds => rounds * UnrolledFeatures)
                .Last(features => features == UnrolledFeatures || (Cut.Rounds % features == 0 && features * rowBytes <= TurnBytes));
        }
    }

    /// <summary>Tiles of samples that take turns.</summary>
    private int GroupTiles => Arithmetic.CeilingDivide(GroupSamples, Samples);

    private int Vectors => Enumerable.Range(1, PanelVectors).Last(v => PanelVectors % v == 0 && v * Samples <= Tier.Accumulators);

    private int PanelWidth => PanelVectors * Tier.Lanes;

    /// <summary>Where the sums are cut: as for one sample.</summary>
    private SumCut Cut => IsFlat ? SumCut.IntoBlocks(SumCut.Products, Channels)
        : SumCut.IntoBlocks(SumCut.Products, Channels, 1, Vertical.Count, Horizontal.Count);

    private int UnrolledFeatures => Channels % Unrolled == 0 ? Unrolled : 1;

    /// <summary>
    /// Whether features are contiguous. They are not if each channel is a row of one pixel, which is padded to a whole vector.
    /// </summary>
    private bool IsFlat => Vertical.Count * Horizontal.Count == 1 && Channel == new ChannelAddress(1);

    /// <summary>
    /// The most samples in registers. It is also the fewest samples that kernels take: if it does not divide the number of samples, the
    /// last tile computes some a second time. Three samples leave room for a whole row of a panel, so that weights are read from memory in
    /// their order. On Zen 4 with AVX-512 and a batch of 8, AlexNet's dense layers take 0.75 times as long as with four samples and half a
    /// row.
    /// </summary>
    public static int SamplesOf(Tier tier) => tier.Registers >= ManyRegisters ? 3 : 4;

    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Over(WorkAxis.Panels, Panels);

    protected override void Record(KernelBuilder k) => new Recorder(this, k).Record();

    /// <summary>Records one kernel: the loops over tiles, and the sums of a tile.</summary>
    private sealed class Recorder
    {
        private const string LastTile =
            "A last tile that would reach beyond the end begins earlier and computes some samples a second time.";

        private readonly SamplesTimesPanels _kernel;
        private readonly KernelBuilder _k;
        private readonly Pointer _input, _weight, _output;
        private readonly Pointer? _bias;
        private readonly Pointer _blockSums = new("blockSums", ElementType.Vector, IsSpan: true),
            _firstBlockSum = new("firstBlockSum", ElementType.Vector);
        private readonly Index _samples, _arenaStride;
        private readonly TileRegisters _registers;
        private readonly TileSums _sums;

        public Recorder(SamplesTimesPanels kernel, KernelBuilder k)
        {
            (_kernel, _k) = (kernel, k);
            (_input, _weight) = (k.Parameter("input"), k.Parameter(new Pointer("weight", kernel.WeightElement)));
            _bias = kernel.Bias ? k.Parameter("bias") : null;
            _output = k.Parameter("output");
            (_samples, _arenaStride) = (k.IntParameter("samples"), k.IntParameter("arenaStride"));
            _registers = new TileRegisters(new Tile(kernel.Vectors, 1, kernel.Samples));
            _sums = new TileSums(kernel.Cut, _registers.Accumulators);
        }

        private int Lanes => _kernel.Tier.Lanes;

        private int Samples => _kernel.Samples;

        public void Record()
        {
            int tiles = _kernel.GroupTiles * (_kernel.PanelVectors / _kernel.Vectors);
            _sums.Declare(_k, _kernel.TakeTurns ? tiles : 1);
            if (_kernel.TakeTurns)
            {
                _k.Comment("Sums of products within a block.");
                _k.Add(new Allocate(_blockSums, _firstBlockSum, tiles * _registers.Accumulators.Length));
            }

            using (_k.Items(out Index[] panel, ("panel", _kernel.Panels, 1)))
            {
                if (_kernel.TakeTurns)
                {
                    RecordGroups(panel[0]);
                }
                else
                {
                    RecordTiles(panel[0]);
                }
            }
        }

        /// <summary>Records the kernel without turns: each tile goes through all features.</summary>
        private void RecordTiles(Index panel)
        {
            using (PanelVectors(out Index vector))
            using (Tiles(0, _samples, out IndexVariable tile))
            {
                _k.Comment(LastTile);
                Index sample = SampleOf(tile), place = PlaceOf(panel, vector);
                Pointer inputs = _k.PointTo("inputs", _input[sample * _arenaStride]),
                    w = _k.PointTo("w", _weight[WeightsOf(panel) + Index.Sum((vector, Lanes))]);
                _sums.Begin(_k, BiasOf(place));
                if (_kernel.IsFlat)
                {
                    RecordFeatures(Start(inputs, 0), w);
                }
                else
                {
                    RecordChannels(inputs, w);
                }

                RecordResult(sample, place);
            }
        }

        /// <summary>
        /// Records the kernel with turns: all tiles of some samples go through a few rows of weights, then through the next rows. So
        /// weights come from memory once, in their order; for all tiles but the first, they come from the first-level cache. The next rows
        /// are prefetched in the meantime. Between its turns, a tile's sums are in memory.
        /// </summary>
        private void RecordGroups(Index panel)
        {
            int most = _kernel.GroupTiles * Samples, rounds = _kernel.Cut.Rounds, features = _kernel.Channels;
            using (_k.For("group", 0, _samples, most, out IndexVariable group))
            {
                Index end = _k.LetInt("endGroup", Index.Min(group + most, _samples));
                _sums.Clear(_k);
                if (_bias is not null)
                {
                    using (PanelVectors(out Index vector))
                    using (Tiles(group, end, out IndexVariable tile))
                    {
                        PointToTotals(group, tile, vector);
                        _sums.Add(_k, BiasOf(PlaceOf(panel, vector))!);
                    }
                }

                using (_k.For("firstFeature", 0, features, rounds, out IndexVariable first))
                {
                    Index last = features % rounds == 0
                        ? first + rounds : _k.LetInt("endFeature", Index.Min(first + rounds, Number.Named(features, "features")));
                    _k.Run(Intrinsics.Clear(_blockSums));
                    RecordTurns(panel, group, end, first, last);
                    using (PanelVectors(out Index vector))
                    using (Tiles(group, end, out IndexVariable tile))
                    {
                        PointToTotals(group, tile, vector);
                        Pointer sums = BlockSums(group, tile, vector);
                        _sums.Add(_k, [.. _registers.Accumulators.Select((_, i) => sums[i].Value)]);
                    }
                }

                using (PanelVectors(out Index vector))
                using (Tiles(group, end, out IndexVariable tile))
                {
                    PointToTotals(group, tile, vector);
                    RecordResult(SampleOf(tile), PlaceOf(panel, vector));
                }
            }
        }

        /// <summary>The turns of a group's tiles at a block of features.</summary>
        private void RecordTurns(Index panel, IndexVariable group, Index endGroup, Index first, Index last)
        {
            int rows = _kernel.TurnFeatures;
            using (_k.For("turn", first, last, rows, out IndexVariable turn))
            {
                Index end = _kernel.Channels % rows == 0 ? turn + rows : _k.LetInt("endTurn", Index.Min(turn + rows, last));
                using (PanelVectors(out Index vector))
                {
                    Pointer weights = _k.PointTo("weights",
                        _weight[WeightsOf(panel) + Index.Sum((vector, Lanes)) + (turn * _kernel.PanelWidth)]);
                    int rowsAhead = Arithmetic.CeilingDivide(_kernel.UnrolledFeatures * Samples, FewSamples);
                    var ahead = new WeightsAhead(
                        _k,
                        weights[rows * _kernel.PanelWidth],
                        Enumerable.Range(0, rowsAhead).Select(row => (Index)(row * _kernel.PanelWidth)),
                        _kernel.Vectors * Lanes,
                        rowsAhead * _kernel.PanelWidth,
                        toFirstLevel: true);
                    using (Tiles(group, endGroup, out IndexVariable tile))
                    {
                        _k.Comment(LastTile);
                        Pointer inputs = _k.PointTo("inputs", _input[(SampleOf(tile) * _arenaStride) + turn]),
                            w = _k.PointTo("w", weights[0]);
                        Pointer sums = BlockSums(group, tile, vector);
                        _k.Let(_registers.Accumulators.Select((a, i) => (a.Name, sums[i].Value)));
                        Pointer[] x = Start(inputs, 0);
                        using (_k.For("feature", turn, end, _kernel.UnrolledFeatures, out _))
                        {
                            ahead.Record();
                            RecordUnrolled(x, w, ahead.Step);
                        }

                        _k.Group(() =>
                        {
                            for (int i = 0; i < _registers.Accumulators.Length; i++)
                            {
                                _k.Store(sums[i], _registers.Accumulators[i]);
                            }
                        });
                    }
                }
            }
        }

        /// <summary>The loop over the vectors of a panel, as many at a time as a tile has.</summary>
        private KernelBuilder.Scope PanelVectors(out Index vector)
        {
            KernelBuilder.Scope scope = _k.Loops(out Index[] variables, ("vector", _kernel.PanelVectors, _kernel.Vectors));
            vector = variables[0];
            return scope;
        }

        private KernelBuilder.Scope Tiles(Index first, Index end, out IndexVariable tile) => _k.For("tile", first, end, Samples, out tile);

        private void PointToTotals(IndexVariable group, Index tile, Index vector) =>
            _sums.PointToTotals(_k, PlaceInGroup(group, tile, vector));

        /// <summary>Records the sums of a tile within a block of terms.</summary>
        private Pointer BlockSums(IndexVariable group, Index tile, Index vector) =>
            _k.PointTo("sums", _firstBlockSum[PlaceInGroup(group, tile, vector) * _registers.Accumulators.Length]);

        private Index PlaceInGroup(IndexVariable group, Index tile, Index vector) =>
            ((tile - group) / Samples) + (vector / _kernel.Vectors * _kernel.GroupTiles);

        /// <summary>The outputs of some vectors of a panel.</summary>
        private Index PlaceOf(Index panel, Index vector) => Index.Sum((panel, _kernel.PanelWidth), (vector, Lanes));

        /// <summary>A tile's first sample.</summary>
        private IndexVariable SampleOf(IndexVariable tile) => _k.LetInt("sample", Index.Min(tile, _samples - Samples));

        private Index WeightsOf(Index panel) =>
            Index.Sum((panel, _kernel.Channels * _kernel.Vertical.Count * _kernel.Horizontal.Count * _kernel.PanelWidth));

        private Expression[]? BiasOf(Index place)
        {
            Pointer? b = _bias is null ? null : _k.PointTo("b", _bias[place]);
            return b is null ? null : [.. _registers.Elements.Select(e => Load(b, e.Channel * Lanes))];
        }

        /// <summary>A pointer for each sample.</summary>
        private Pointer[] Start(Pointer inputs, Index offset) =>
            _k.PointTo([.. Enumerable.Range(0, Samples).Select(s => ($"from{s}", inputs[(s * _arenaStride) + offset]))]);

        private void RecordFeatures(Pointer[] x, Pointer w) =>
            _sums.Loop(_k, 0, [("feature", _kernel.Channels, _kernel.UnrolledFeatures)], _ => RecordUnrolled(x, w));

        private void RecordUnrolled(Pointer[] x, Pointer w, params (Pointer Pointer, Index By)[] others)
        {
            for (int i = 0; i < _kernel.UnrolledFeatures; i++)
            {
                RecordFeature(x, w, i);
            }

            Advance(x, _kernel.UnrolledFeatures, w, _kernel.UnrolledFeatures, others);
        }

        private void RecordChannels(Pointer inputs, Pointer w) =>
            _sums.Loop(_k, 0, [("c", _kernel.Channels, 1), ("kz", 1, 1)], c =>
            {
                (Taps vertical, Taps horizontal) = (_kernel.Vertical, _kernel.Horizontal);
                Pointer[] x = Start(inputs, _kernel.Channel.At(c[0]));
                _sums.Loop(_k, 2, [("row", vertical.Count, 1)], _ =>
                {
                    Pointer[] row = _k.PointTo([.. x.Select((pointer, s) => ($"row{s}", pointer[0]))]);
                    _sums.Loop(_k, 3, [("column", horizontal.Count, 1)], _ =>
                    {
                        RecordFeature(row, w, 0);
                        Advance(row, horizontal.InputStep, w, 1);
                    });
                    if (vertical.Count > 1)
                    {
                        _k.Advance([.. x.Select(pointer => (pointer, (Index)vertical.InputStep))]);
                    }
                });
            });

        private void Advance(Pointer[] x, int step, Pointer w, int features, params (Pointer Pointer, Index By)[] others) =>
            _k.Advance([.. x.Select(pointer => (pointer, (Index)step)), (w, features * _kernel.PanelWidth), .. others]);

        /// <summary>Records the products of one feature. Its <paramref name="index"/> is counted from the pointers.</summary>
        private void RecordFeature(Pointer[] x, Pointer w, int index)
        {
            _registers.RecordProducts(
                _k, v => Load(w, (index * _kernel.PanelWidth) + (v * Lanes)), e => Broadcast(x[e.Column], index), isFirst: index == 0);
        }

        /// <summary>Records what is done with a tile's sums.</summary>
        private void RecordResult(Index sample, Index place)
        {
            using KernelBuilder.Scope whole = _sums.End(_k);
            Pointer y = _k.PointTo("y", _output[(sample * _arenaStride) + place]);
            _k.Group(() =>
            {
                foreach (TileElement e in _registers.Elements)
                {
                    _k.Store(y[(e.Column * _arenaStride) + (e.Channel * Lanes)],
                        _kernel.Activation.Apply(_registers[e.Channel, 0, e.Column]));
                }
            });
        }
    }
}
