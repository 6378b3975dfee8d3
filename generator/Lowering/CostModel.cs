using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>The outputs of a convolution that tiles divide among themselves, per group.</summary>
/// <param name="Channels">Channels, or blocks of them.</param>
/// <param name="ChannelBlock">Channels that lie side by side in the packed weights.</param>
/// <param name="Rows">Rows, before pooling.</param>
/// <param name="Columns">Columns, or vectors of them; before pooling.</param>
/// <param name="Steps">Steps that each takes: input channels × taps.</param>
internal readonly record struct TiledOutputs(int Channels, int ChannelBlock, int Rows, int Columns, long Steps)
{
    /// <summary>Rows of the windows that are pooled in registers.</summary>
    public int PoolRows { get; init; } = 1;

    public int PoolColumns { get; init; } = 1;

    /// <summary>Inputs of a group, where several groups share a vector, whose lanes are shuffled for each input.</summary>
    public int Shuffles { get; init; } = 1;

    /// <summary>Pages of memory that the inputs of a tile are in.</summary>
    public int Pages { get; init; }

    /// <summary>The taps in a row of a depthwise filter; null for others.</summary>
    public RowOfTaps? RowOfTaps { get; init; }
}

/// <summary>How Winograd's algorithm goes through an image.</summary>
/// <param name="Tile">Blocks of channels and tiles of the image in registers.</param>
/// <param name="BlockTiles">Tiles that are transformed, multiplied and transformed back together; 0: all, in three steps.</param>
internal sealed record WinogradPlan(Tile Tile, int BlockTiles, Cost InputCycles, Cost ProductCycles, Cost OutputCycles)
{
    public Cost Cycles => InputCycles + ProductCycles + OutputCycles;
}

/// <summary>
/// The one place where algorithms, tiles and programs are compared. Every formula gives cycles, from the figures of a family of CPUs and
/// what a kernel does; the machine is not known when a network is compiled, so each is evaluated for all families of the tier.
/// </summary>
/// <remarks>
/// A choice is the cheapest of the tier's first family, among those that cost no family more than <see cref="Tolerance"/> times its own
/// cheapest; where there is none, it is the one whose worst such ratio is least. So the measured family decides as long as no other suffers
/// for it: the figures of the others come from manuals, and in a sum over families they would overrule the measurement.
/// Algorithms for a convolution are compared by the cycles that a <see cref="MeasuredTable"/> has for its shape on the first family, where
/// it has them; the formulas stand for other shapes, for the other families, and for what a step of a program is expected to take.
/// </remarks>
internal static class CostModel
{
    /// <summary>
    /// How many times the cost of its own cheapest candidate a family may pay. At 1.5, errors of figures and formulas begin to decide.
    /// </summary>
    private const double Tolerance = 2;

    /// <summary>A smaller candidate may cost this many times the cheapest: half the text is half the JIT's time.</summary>
    private const double NearlyCheapest = 1.1;

    /// <summary>How many times the cost of another tile the one that all layers share may have.</summary>
    private const double ClearlyCheaper = 1.03;

    /// <summary>Products that a sum has to take to be worth its way to memory and back.</summary>
    private const int LeastPass = 128;

    /// <summary>
    /// The part of the first-level cache that the weights of a pass fill; and how often those of all channels have to fill it to be
    /// divided, where lines are full.
    /// </summary>
    private const int PassPart = 4, ManyFillings = 2;

    /// <summary>Pixels of the tile that all layers share.</summary>
    private const int SharedPixels = 6;

    /// <summary>
    /// Pages whose addresses a core translates at once, and the cycles that another one takes: the vendors' manuals give 48 to 96 pages and
    /// 5 to 9 cycles.
    /// </summary>
    private const int KnownPages = 64, PageCycles = 7;

    /// <summary>Output channels that are multiplied by an input, so that it is worth its copy.</summary>
    private const int LeastCopied = 128;

    /// <summary>The same for the windows of filters with taps, whose places are many additions otherwise.</summary>
    private const int LeastWindows = 64;

    /// <summary>Fewer items than this do not divide well among a few threads.</summary>
    private const int FewItems = 16;

    /// <summary>A block has to cost less than this share of its samples one by one to be worth its code.</summary>
    private const double WelcomeBlock = 0.9;

    /// <summary>
    /// The share of the time of convolutions below which training in blocks of channels is cheaper whatever else a network has: ENet, of
    /// many other layers, has 0.79 to 0.85.
    /// </summary>
    private const double SurelyInBlocks = 0.78;

    /// <summary>Samples of a small batch, for which algorithms of training are chosen.</summary>
    private const double SmallBatch = 4;

    /// <summary>
    /// How much more a training block in blocks of channels may cost, for each lane that a batch may leave empty otherwise.
    /// </summary>
    private const double EmptyLane = 0.013;

    /// <summary>What a small network's pass in blocks may take of that in lanes.</summary>
    private const double SmallInBlocks = 0.8;

    /// <summary>
    /// How many times as long as a worker takes to wake a shared sample has to be, and a shared step as threads take to meet.
    /// </summary>
    private const double SharedWakes = 2, SharedMeetings = 3;

    /// <summary>
    /// The same of a block's training pass: a batch is more than one block as a rule, and blocks go whole. On Zen 3, AVX2, LeNet-5's of 0.3
    /// ms takes as long on two threads as on one.
    /// </summary>
    private const double SharedBlockWakes = 50;

    /// <summary>The fewest pixels of an input for whose gradient weights are transposed.</summary>
    private const int LeastTransposed = 32;

    /// <summary>The share of the peak multiply-adds that a loop over long sums reaches.</summary>
    private const double SustainedShare = 0.95;

    /// <summary>Parts of an image that a few threads share: some number of tiles is divided better by the one, some by the other.</summary>
    private static readonly int[] ImageParts = [4, 5];

    /// <summary>Tiles that fill registers evenly, whatever their number in them.</summary>
    private const int ManyTiles = 720;

    /// <summary>
    /// How much longer a multiply-add takes whose input is shuffled. On Zen 5, AVX-512, a training step of two convolutions takes 1.2 times
    /// as long as with samples in lanes, of which a batch fills all: 28 × 28 × 256 in groups of 8, and 56 × 56 × 64 in groups of 2.
    /// </summary>
    private const double ShuffledOperations = 1.15;

    /// <summary>
    /// Instructions to move one element, with its address and its share of the loops; those of a loop's end; and those of an element in
    /// loops that an operator writes itself.
    /// </summary>
    private const double MoveInstructions = 12, LoopInstructions = 4, WrittenInstructions = 32;

    /// <summary>Instructions to multiply by a vector of weights of 16 bits: load, shift and multiply-add.</summary>
    private const double WideningInstructions = 3;

    /// <summary>Arithmetic for a vector: maximum, exponential, sum and scale; twenty rounds of Threefry and the comparison.</summary>
    private const double SoftmaxOperations = 16, DropoutOperations = 80;

    // Rough costs of steps other than sums of products: they only decide when a partly filled block beats one sample after the other,
    // and whether a conversion is worth it. Where lanes are samples, elements are counted as vectors.

    /// <summary>Moving elements of one sample from one layout to another, one by one: bound by the instructions.</summary>
    public static Cost Move(Tier tier, int elements) => Cost.Of(tier, f => MoveInstructions / f.Instructions) * elements;

    /// <summary>Moving elements one by one between places that need no arithmetic: a load and a store.</summary>
    public static Cost ElementMoves(Tier tier, int elements) => Cost.Of(tier, f => Math.Max(2 / f.Instructions, 1 / f.Stores)) * elements;

    /// <summary>Transposing samples into lanes, or back.</summary>
    public static Cost Transposition(Tier tier, int elementsPerSample) => Cost.Of(tier, f => f.LaneMove) * elementsPerSample;

    /// <summary>
    /// Loops over elements, or vectors of them, that an operator writes itself: addresses from indices, a load, a little
    /// arithmetic and a store.
    /// </summary>
    public static Cost Loops(Tier tier, int elements) => Cost.Of(tier, f => WrittenInstructions / f.Instructions) * elements;

    /// <summary>
    /// A load for each operand and a store, in the same pipes, and little arithmetic. Stores alone (no operands) are taken to overlap with
    /// the next step, as far as there are pipes.
    /// </summary>
    public static Cost Elementwise(Tier tier, int vectors, int operands = 1) =>
        Cost.Of(tier, f => Math.Max((operands + 1) / f.Loads, operands > 0 ? 1 / f.Stores : 0)) * vectors;

    /// <summary>Bound by the arithmetic, in the pipes of the multiply-adds.</summary>
    public static Cost Softmax(Tier tier, int vectors) => Cost.Of(tier, f => SoftmaxOperations / f.MultiplyAdds) * vectors;

    /// <inheritdoc cref="Softmax"/>
    public static Cost Dropout(Tier tier, int vectors) => Cost.Of(tier, f => DropoutOperations / f.MultiplyAdds) * vectors;

    /// <summary>For each tap a load and a comparison that waits for it.</summary>
    public static Cost WindowPooling(Tier tier, int outputs, int area) =>
        Cost.Of(tier, f => f.WindowStart + (area * ((1 / f.Loads) + (1 / f.MultiplyAdds)))) * outputs;

    /// <summary>A store and a loop's end at both ends of each row.</summary>
    public static Cost ClearHalo(Tier tier, int rows) => Cost.Of(tier, f => 2 * ((1 / f.Loads) + LoopEnd(f))) * rows;

    /// <summary>
    /// Each weight is read once, and takes twice as long as from the first-level cache. In 16 bits it is half as much to read, unless the
    /// instructions that make a float of it take longer.
    /// </summary>
    public static Cost VectorTimesMatrix(Tier tier, int weightVectors, bool inBFloat16 = false) =>
        Cost.Of(tier, f => inBFloat16 ? Math.Max(1 / f.Loads, WideningInstructions / f.Instructions) : 2 / f.Loads) * weightVectors;

    /// <summary>Nearly bound by the multiply-adds.</summary>
    public static Cost LaneDense(Tier tier, long multiplyAdds) => Cost.Of(tier, f => multiplyAdds / (SustainedShare * f.MultiplyAdds));

    /// <summary>
    /// Whether a block of samples is compiled, and the fewest samples for which it is cheaper than one after the other.
    /// </summary>
    /// <param name="blockBytes">Bytes of the block's tensors.</param>
    public static (bool IsWelcome, int Threshold) ChooseBlock(Tier tier, Cost sample, Cost block, long blockBytes)
    {
        bool isWelcome = blockBytes <= LargestBlock(tier)
            && Cheapest(tier, [false, true], compiled => compiled ? block : sample * (WelcomeBlock * tier.Lanes)).Candidate;

        // All numbers of samples are taken as equally likely.
        int threshold = Cheapest(
            tier, Enumerable.Range(2, tier.Lanes - 1),
            least => (sample * Enumerable.Range(1, least - 1).Sum()) + (block * (tier.Lanes - least + 1))).Candidate;
        return (isWelcome, threshold);
    }

    /// <summary>
    /// Whether a sample takes long enough for several threads to share its steps. The first family decides, for which alone a thread's time
    /// was measured.
    /// </summary>
    public static bool IsShared(Tier tier, Cost sample) => sample[0] >= LeastSample(tier)[0];

    /// <summary>
    /// Whether the samples of a training block lie apart, in blocks of channels, instead of in lanes. Batches that do not fill the lanes
    /// gain by that, and so do large images, whose planes of whole vectors leave the caches, which the model of lanes does not count: on
    /// Zen 5 a batch of 64 or 16 takes 0.85 (AVX-512) and 0.96 times (AVX2) as long where the model says 1.20 and 1.04 (M5), but 1.31 and
    /// 1.06 times where it says 1.46 and 1.13 (Net). A network that is small enough for one thread has to gain more: its kernels in blocks
    /// are twice as much text (LeNet-5 at 128 bits: 201 instead of 118 KB for 0.93 of the time).
    /// </summary>
    public static bool TrainsInBlocks(Tier tier, Cost lanes, Cost blocks) =>
        blocks[0] <= lanes[0] * (IsBlockShared(tier, lanes) ? 1 + (EmptyLane * tier.Lanes) : SmallInBlocks);

    /// <summary>Whether forward's convolutions are so much cheaper in blocks of channels that the rest cannot outweigh it.</summary>
    public static bool SurelyTrainsInBlocks(Cost lanes, Cost blocks) => blocks[0] <= lanes[0] * SurelyInBlocks;

    /// <summary>What a sample costs in training, with its share of what is computed once for all of a batch: small batches count.</summary>
    public static Cost OfBatch(Cost sample, Cost once) => sample + (once * (1 / SmallBatch));

    /// <summary>Whether a block's training pass takes long enough for several threads to share its steps.</summary>
    public static bool IsBlockShared(Tier tier, Cost block) => block[0] >= LeastBlock(tier)[0];

    /// <summary>The fewest items of a step that are worth a thread's while: all of one that is too short to be shared.</summary>
    public static int Chunk(Tier tier, Work work, Cost step)
    {
        if (!work.HasRange)
        {
            return 1;
        }

        return step[0] < LeastStep(tier)[0] ? work.Items
            : Math.Min(work.Items, Math.Max(1, (int)Math.Ceiling(work.Items * LeastChunk(tier)[0] / step[0])));
    }

    /// <summary>
    /// How many of a step's items all samples of a batch do before the next ones: as many as have weights that stay in the cache of a core.
    /// 0 where a sample had better go on to its next step: its tensors outweigh the weights, or the weights stay in the cache anyway. So,
    /// too, where each part of a run of items has to make much ready: on Zen 3, AVX2, ResNet-50's last layers with 49 pixels of 512
    /// channels take 1.16 times as long by themselves in a batch of 8, those with 1,024 and 2,048 channels 0.81 and 0.98 times.
    /// </summary>
    /// <param name="weights">Floats that the step reads of the parameters.</param>
    /// <param name="tensors">Floats that it reads and writes of the sample.</param>
    public static int BatchItems(Tier tier, Work work, long weights, long tensors)
    {
        bool dividesWeights = work.HasRange && work.Axis is WorkAxis.Channels or WorkAxis.Tiles or WorkAxis.Panels;
        long stay = tier.Families[0].SecondLevelBytes / 2 / sizeof(float);
        return dividesWeights && weights > tensors && LeaveCache(tier, weights) && work.Ready <= stay / 2
            ? (int)Math.Max(1, work.Items * stay / weights) : 0;
    }

    /// <summary>
    /// Whether so many floats of weights do not stay in the cache of a core while a layer is computed: then they are asked
    /// for before they are read.
    /// </summary>
    public static bool LeaveCache(Tier tier, long weights) => weights * sizeof(float) > tier.Families[0].SecondLevelBytes / 2;

    /// <summary>
    /// Whether so many floats of weights are read from the second-level cache for each sample: then several samples had
    /// better share what is read.
    /// </summary>
    public static bool LeaveFirstLevel(Tier tier, long weights) => weights * sizeof(float) > tier.Families[0].FirstLevelBytes;

    /// <summary>
    /// What a kernel waits for so many floats of weights that it does not read ahead: the first tile of pixels for each line that comes
    /// from memory.
    /// </summary>
    public static Cost WeightWait(Tier tier, long weights) =>
        Cost.Of(tier, f => LeaveCache(tier, weights) ? weights * sizeof(float) / f.LineBytes * LineCycles(f, weights * sizeof(float)) : 0);

    /// <summary>What a shared sample takes, at least, so that a parked worker, too, comes in time to do a part.</summary>
    public static Cost LeastSample(Tier tier) => Cost.Of(tier, f => SharedWakes * f.WorkerWake);

    /// <summary>What a shared block's training pass takes, at least.</summary>
    public static Cost LeastBlock(Tier tier) => Cost.Of(tier, f => SharedBlockWakes * f.WorkerWake);

    /// <summary>What a shared step takes, at least, since the threads meet at its end.</summary>
    public static Cost LeastStep(Tier tier) => Cost.Of(tier, f => SharedMeetings * f.ThreadMeeting);

    /// <summary>What a thread does at a time, at least: less would take longer to hand over than to do.</summary>
    public static Cost LeastChunk(Tier tier) => Cost.Of(tier, f => f.ThreadMeeting);

    /// <summary>
    /// The most bytes of a block's tensors: beyond the caches of all families every layer would go to memory, where single samples stay in
    /// the cache.
    /// </summary>
    public static int LargestBlock(Tier tier) => tier.Families.Max(f => f.LastLevelBytes);

    /// <summary>
    /// The cheapest tile. Its channels divide what one block of weights holds, its rows and columns are whole pooling windows. That of a
    /// depthwise filter takes half of the registers for sums, which are short, and some for the weights of a row: so the next tile begins
    /// while results are stored. On Zen 5, MobileNetV2's take 0.96 times as long as with three quarters.
    /// </summary>
    public static (Tile Tile, Cost Cycles) ChooseTile(Tier tier, ConvolutionForm form, TiledOutputs outputs)
    {
        int half = tier.Registers / 2, pool = outputs.PoolRows * outputs.PoolColumns;
        int accumulators = form == ConvolutionForm.GroupsInLanes ? GroupLanes.AccumulatorsOf(tier, outputs.Shuffles) : tier.Accumulators;
        int most = Math.Max(pool, outputs.RowOfTaps is { } row && row.IsShared(tier, new Tile(1, 1, half)) ? half
            : outputs.Rows * outputs.Columns == 1 ? Math.Min(SinglePixelAccumulators(tier), accumulators) : accumulators);
        var candidates = new List<Tile>();
        for (int c = 1; c <= Math.Min(outputs.Channels, most); c++)
        {
            if (outputs.Channels % c != 0 || outputs.ChannelBlock % c != 0)
            {
                continue;
            }

            for (int r = outputs.PoolRows; r <= outputs.Rows && c * r <= most; r += outputs.PoolRows)
            {
                for (int x = outputs.PoolColumns; x <= outputs.Columns && c * r * x <= most; x += outputs.PoolColumns)
                {
                    candidates.Add(new Tile(c, r, x));
                }
            }
        }

        Tile best =
            candidates[Cheapest(tier, candidates.Count, (i, f) => TileCycles(tier, tier.Families[f], form, candidates[i], outputs))];
        return (best, TileCost(tier, form, best, outputs));
    }

    /// <summary>
    /// The tile of a convolution over all pixels in a row, and its cost: it fills the accumulators, and is the same in all layers unless
    /// another one is clearly cheaper, so that they share a kernel. Channels mostly come in powers of two: six pixels
    /// leave these to the channels.
    /// </summary>
    /// <param name="outputs">All pixels are columns of one row.</param>
    /// <param name="widest">The most pixels of a tile.</param>
    /// <returns>No tile where there are fewer pixels or channels than the smallest has.</returns>
    public static (Tile Tile, Cost Cycles)? ChooseFlatTile(Tier tier, TiledOutputs outputs, int widest)
    {
        Tile[] candidates =
        [
            .. from channels in Enumerable.Range(1, Math.Min(outputs.Channels, tier.Accumulators))
               let pixels = tier.Accumulators / channels
               where channels * pixels == tier.Accumulators && pixels >= channels && pixels <= Math.Min(outputs.Columns, widest)
               orderby pixels == SharedPixels ? 0 : 1, channels + pixels
               select new Tile(channels, 1, pixels),
        ];
        if (candidates.Length == 0)
        {
            return null;
        }

        Tile best = candidates[Cheapest(
            tier, candidates.Length,
            (i, f) =>
                TileCycles(tier, tier.Families[f], ConvolutionForm.ChannelLanes, candidates[i], outputs) * (i == 0 ? 1 : ClearlyCheaper))];
        return (best, TileCost(tier, ConvolutionForm.ChannelLanes, best, outputs));
    }

    /// <summary>
    /// Pixels that go through all tiles of channels together: all of them, unless it is less to read all filters again for each block of
    /// them, whose inputs then stay in the second-level cache; and unless there would be few items.
    /// </summary>
    /// <param name="reach">Pixels of the input that come into the cache for one of the output.</param>
    public static int ChoosePixelBlock(Tier tier, Tile tile, FlatExtents extents, long taps, int reach)
    {
        int pixelBytes = extents.Inputs * reach * sizeof(float), cacheBytes = tier.Families[0].SecondLevelBytes / 2;
        int rounds = Arithmetic.CeilingDivide(extents.Outputs, tile.Channels);
        int fitting = Arithmetic.CeilingDivide(extents.Pixels, Math.Max(1, cacheBytes / pixelBytes / tile.Columns) * tile.Columns);
        long filterBytes = (long)extents.Outputs * tier.Lanes * extents.Inputs * taps * sizeof(float),
            inputBytes = (long)extents.Pixels * pixelBytes;
        bool stays = (fitting * filterBytes) + inputBytes < filterBytes + (rounds * inputBytes);
        int blocks = Math.Max(stays ? fitting : 1, Arithmetic.CeilingDivide(FewItems, rounds));
        return Arithmetic.RoundUp(Arithmetic.CeilingDivide(extents.Pixels, blocks), tile.Columns);
    }

    /// <summary>
    /// Whether pixels are copied, one tile behind the other, before all tiles of channels read them: these have to multiply for a while. On
    /// Zen 3, AVX2, layers of ResNet-50 with 64 output channels take 1.08 to 1.11 times as long with a copy, and those with 128 and more
    /// 0.90 to 0.98 times.
    /// </summary>
    public static bool IsCopied(Tier tier, FlatExtents extents) => extents.Outputs * tier.Lanes >= LeastCopied;

    /// <summary>
    /// Whether windows that rows' ends divide are copied tap by tap, one tile of pixels behind the other, so that no product computes where
    /// a pixel is. On Zen 3, AVX2, Inception-v4 takes 0.92 times as long and the pyramid of dilated filters 0.88 times; where rows follow
    /// each other without zeros between them, a copy changes nothing.
    /// </summary>
    public static bool AreWindowsCopied(Tier tier, FlatExtents extents) => extents.Outputs * tier.Lanes >= LeastWindows;

    /// <summary>
    /// Input channels that all tiles of pixels go through before the next ones, so that their weights stay in the first-level cache; 0
    /// where each tile goes through all: they are few, or would be too few to be worth the way of the sums to memory and back. A loop in C
    /// of the same form, two vectors of 256 bits × 6 pixels, on Zen 3, whose limit is 103 GFLOP/s: pixels one behind the other, 512 and
    /// 1,024 channels, at 95 and 89 GFLOP/s either way, 2,048 at 74 without passes and 83 with those of 128 channels; each second pixel, of
    /// which a line of the cache holds one, 512, 1,024 and 2,048 channels at 78, 74, 55 and 91, 86, 76.
    /// </summary>
    /// <param name="reach">Pixels of the input that come into the cache for one of the output.</param>
    public static int ChoosePassChannels(Tier tier, Tile tile, FlatExtents extents, long taps, int reach)
    {
        int cacheBytes = tier.Families[0].FirstLevelBytes;
        long channelBytes = tile.Channels * tier.Lanes * taps * sizeof(float);
        int channels = Arithmetic.RoundUp((int)Math.Max(1, cacheBytes / PassPart / channelBytes), tier.Lanes);
        long bytes = extents.Inputs * (channelBytes + (tile.Columns * reach * sizeof(float)));
        return bytes <= (reach > 1 ? cacheBytes : ManyFillings * cacheBytes) || channels * channelBytes > cacheBytes / 2
            || channels * taps < LeastPass ? 0 : channels;
    }

    /// <summary>The cost of a convolution by tiles of some size: their steps, and the overhead of each tile.</summary>
    public static Cost TileCost(Tier tier, ConvolutionForm form, Tile tile, TiledOutputs outputs) =>
        Cost.Of(tier, f => TileCycles(tier, f, form, tile, outputs));

    private static double TileCycles(Tier tier, CpuFamily f, ConvolutionForm form, Tile tile, TiledOutputs outputs)
    {
        double tiles = (double)Arithmetic.CeilingDivide(outputs.Channels, tile.Channels) * Arithmetic.CeilingDivide(outputs.Rows, tile.Rows)
            * Arithmetic.CeilingDivide(outputs.Columns, tile.Columns);
        int pages = outputs.Pages > KnownPages ? outputs.Pages : 0;
        return tiles
            * ((outputs.Steps * StepCycles(tier, f, form, tile, outputs)) + (pages * PageCycles) + f.TileStart
                + (f.AccumulatorEnd * tile.Accumulators));
    }

    /// <summary>
    /// How Winograd's algorithm goes through an image: the tile of its products, and tiles of a block. Small blocks read the filters often,
    /// large ones leave the caches with their elements. Where the filters stay in the cache, blocks are preferred: they are one step, whose
    /// items several threads share without meeting between transforms and products. On Zen 3, AVX2, ResNet-20 takes 0.95 times as long with
    /// quarters of its images as with whole ones on one thread, and 0.75 times on two; with eighths 0.98 and 0.80 times.
    /// </summary>
    /// <param name="measured">What was measured of blocks of tiles, as many as the formula prefers, and of all tiles at once.</param>
    /// <param name="panel">Blocks of channels that lie side by side in the filters; 0 where that may still be chosen.</param>
    public static WinogradPlan PlanWinograd(Tier tier, WinogradTiles tiles, int inputBlocks, int outputBlocks, int inputs,
        MeasuredCycles measured, int panel = 0)
    {
        long perTile = ((long)inputBlocks + outputBlocks) * tiles.Form.Products * tier.Lanes * sizeof(float);
        long filterBytes = (long)tiles.Form.Products * outputBlocks * inputs * tier.Lanes * sizeof(float);
        int cacheBytes = tier.Families[0].SecondLevelBytes / 2;
        bool filtersStay = !LeaveCache(tier, filterBytes / sizeof(float));
        var plans = new List<WinogradPlan> { PlanOf(tiles.Count, TileFor(tiles.Count)) };

        // Elements of a block are as many as its tiles in registers fill, whatever the image.
        Tile many = TileFor(ManyTiles);
        plans.AddRange(
            from fitting in new[] { (int)(cacheBytes / perTile), (int)(2 * cacheBytes / perTile) }
            where fitting > 0 && fitting < tiles.Count
            select PlanOf(Math.Max(1, fitting / many.Columns) * many.Columns, many));
        plans.AddRange(
            from parts in ImageParts
            let part = Arithmetic.CeilingDivide(tiles.Count, parts)
            where filtersStay && tiles.Count >= parts && perTile * tiles.Count <= cacheBytes
            select PlanOf(part, TileFor(part)));

        return Cheapest(tier, plans, Compared, plan => filtersStay && plan.BlockTiles > 0 ? 0 : 1).Candidate;

        Cost Compared(WinogradPlan plan)
        {
            bool inBlocks = plan.BlockTiles > 0;
            double least = plans.Where(other => other.BlockTiles > 0 == inBlocks).Min(other => other.Cycles[0]);
            return measured.Correct(tier, plan.Cycles, AlgorithmName.Of(tiles.Form, inBlocks), plan.Cycles[0] / least);
        }

        TiledOutputs Outputs(int columns) => new(outputBlocks, panel == 0 ? outputBlocks : panel, 1, columns, inputs);

        Tile TileFor(int columns)
        {
            (Tile tile, _) = ChooseTile(tier, ConvolutionForm.ChannelLanes, Outputs(columns));
            return panel == 0 || tile.Channels == panel ? tile : new Tile(panel, 1, Math.Min(columns, tier.Accumulators / panel));
        }

        WinogradPlan PlanOf(int count, Tile tile)
        {
            int blocks = Arithmetic.CeilingDivide(tiles.Count, count);
            Cost cycles = TileCost(tier, ConvolutionForm.ChannelLanes, tile, Outputs(count));
            Cost products = Cost.Max(
                cycles * ((double)tiles.Form.Products * blocks),
                Cost.Of(tier, f => blocks * filterBytes / f.LineBytes * LineCycles(f, filterBytes)));
            int elements = tiles.Form.Products, size = tiles.Form.Outputs;
            return new WinogradPlan(
                tile, count == tiles.Count ? 0 : count,
                Transform(inputBlocks, tiles.Form.InputOperations, 2 * elements, elements), products,
                Transform(outputBlocks, tiles.Form.OutputOperations + (2 * size), 2 * elements, size));

            Cost Transform(int channelBlocks, int operations, int loads, int stores) => Cost.Of(tier, f =>
            {
                double work = Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, stores / f.Stores)) + f.TileStart;
                double lines = tiles.Form.Products * tier.Lanes * sizeof(float) / (double)f.LineBytes * LineCycles(f, perTile * count);
                return (work + lines) * channelBlocks * tiles.Count;
            });
        }
    }

    /// <summary>
    /// What the gradient of weights takes of a sample with Winograd's transforms: that of the input, that of the gradient,
    /// and reading them again.
    /// </summary>
    public static (Cost Input, Cost Gradient, Cost Memory) OfWinogradWeights(Tier tier, WinogradTiles tiles,
        int inputBlocks, int outputBlocks)
    {
        int elements = tiles.Form.Products, size = tiles.Form.Outputs;
        long line = elements * tier.Lanes * sizeof(float), bytes = line * tiles.Count * (inputBlocks + outputBlocks) * tier.Lanes;
        return (Transform(inputBlocks, tiles.Form.InputOperations, 2 * elements),
            Transform(outputBlocks, tiles.Form.OutputOperations, 2 * size), Stream(inputBlocks + outputBlocks));

        // A block of samples is transformed before the products read it again.
        Cost Stream(int blocks) => Cost.Of(tier, f => (double)blocks * tiles.Count * line / f.LineBytes * LineCycles(f, bytes));

        Cost Transform(int blocks, int operations, int loads) => Stream(blocks) + Cost.Of(tier, f =>
            (Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, elements / f.Stores)) + f.TileStart) * blocks * tiles.Count);
    }

    /// <summary>
    /// Winograd's algorithm along the columns of an image, in strips of rows: the tile of an element's row of products,
    /// and what all strips take.
    /// </summary>
    /// <param name="outputs">Those of one row.</param>
    /// <param name="inputVectors">Vectors of a row's inputs, of all channels.</param>
    public static (Tile Tile, Cost Cycles) PlanStrips(Tier tier, ConvolutionForm form, WinogradTileAxis rows,
        TiledOutputs outputs, int inputVectors)
    {
        (Tile tile, Cost products) = ChooseTile(tier, form, outputs);
        WinogradAxis axis = rows.Form;
        Cost Transform(int operations, int loads, int stores) =>
            Cost.Of(tier, f => Math.Max(operations / f.MultiplyAdds, Math.Max(loads / f.Loads, stores / f.Stores)) + LoopEnd(f));
        Cost input = Transform(axis.InputOperations, axis.Elements, axis.Elements) * inputVectors;
        Cost output = Transform(axis.OutputOperations + axis.Outputs, axis.Elements, axis.Outputs)
            * ((double)outputs.Channels * outputs.Columns);
        return (tile, ((products * axis.Elements) + input + output) * rows.Count);
    }

    /// <summary>Cycles per line of a stream through so much memory, beyond those of a load.</summary>
    private static double LineCycles(CpuFamily f, long bytes) =>
        bytes <= f.SecondLevelWeights ? 0 : bytes <= f.LastLevelBytes ? f.BeyondLine : f.MemoryLine;

    /// <summary>
    /// With one pixel each multiply-add loads its own weight, so that accumulators save no loads: as many as hide the latency are enough,
    /// with half as many again in reserve.
    /// </summary>
    private static int SinglePixelAccumulators(Tier tier)
    {
        int inFlight = (int)tier.Families.Max(f => f.MultiplyAdds * f.MultiplyAddLatency);
        return inFlight + (inFlight / 2);
    }

    /// <summary>One step of a convolution's tile: one input channel, one tap.</summary>
    private static double StepCycles(Tier tier, CpuFamily f, ConvolutionForm form, Tile tile, TiledOutputs outputs)
    {
        int pixels = tile.Rows * tile.Columns;

        // The longer the vector, the more often a load at any column touches a second cache line.
        double pixelLoads = form == ConvolutionForm.RowLanes ? pixels * (1 + LinesOf(tier, f))
            : outputs.RowOfTaps is { } row && row.IsShared(tier, tile)
            ? (double)tile.Rows * row.CountInputs(tile.Columns) / row.Taps : pixels;
        double cycles = StepCycles(f, tile.Accumulators, pixelLoads + tile.Channels);
        if (form == ConvolutionForm.GroupsInLanes)
        {
            return StepCycles(f, ShuffledOperations * tile.Accumulators, ((double)pixels / outputs.Shuffles) + tile.Channels);
        }

        if (form != ConvolutionForm.ChannelLanes)
        {
            return cycles;
        }

        // Every tile of pixels streams all weights of its channels: with many channels and few pixels it waits for them.
        long bytes = tile.Channels * outputs.Steps * tier.Lanes * sizeof(float);
        double line = bytes <= f.FirstLevelWeights ? 0 : bytes <= f.SecondLevelWeights ? f.SecondLevelLine : f.BeyondLine;
        return Math.Max(cycles, tile.Channels * line * LinesOf(tier, f));
    }

    /// <summary>
    /// One step of a tile: bound by multiply-adds, by loads, or by the accumulators, which wait for their last multiply-add.
    /// </summary>
    private static double StepCycles(CpuFamily f, double multiplyAdds, double loads) =>
        Math.Max(Math.Max(multiplyAdds / f.MultiplyAdds, loads / f.Loads), f.MultiplyAddLatency);

    private static double LoopEnd(CpuFamily f) => LoopInstructions / f.Instructions;

    /// <summary>Cache lines that a vector fills.</summary>
    private static double LinesOf(Tier tier, CpuFamily f) => tier.Lanes * sizeof(float) / (double)f.LineBytes;

    /// <summary>
    /// Outputs of a dense layer in registers at a time. Tiles lie in one panel of the packed weights each; with several panels
    /// they divide it, with one the last tile may overlap the one before.
    /// </summary>
    public static int ChooseDenseTile(Tier tier, int outputs, int panelWidth) => panelWidth == outputs
        ? Math.Min(outputs, tier.Accumulators)
        : Enumerable.Range(1, tier.Accumulators).Last(t => panelWidth % t == 0 && outputs % t == 0);

    /// <summary>The cheapest tile of weights for a convolution's weight gradient.</summary>
    public static WeightTile ChooseWeightTile(Tier tier, int outputs, int outputBlock, int inputs, int taps, long pixels)
    {
        var candidates = new List<WeightTile>();
        for (int o = 1; o <= Math.Min(outputs, tier.Accumulators); o++)
        {
            if (outputs % o != 0 || outputBlock % o != 0)
            {
                continue;
            }

            for (int i = 1; i <= inputs && o * i <= tier.Accumulators; i++)
            {
                if (inputs % i != 0)
                {
                    continue;
                }

                for (int k = 1; k <= taps && o * i * k <= tier.Accumulators; k++)
                {
                    // The gradients and one input beside the accumulators.
                    if (o + 1 + (o * i * k) <= tier.Registers)
                    {
                        candidates.Add(new WeightTile(o, i, k));
                    }
                }
            }
        }

        return candidates[Cheapest(
            tier, candidates.Count, (i, f) => WeightTileCycles(tier.Families[f], candidates[i], outputs, inputs, taps, pixels))];
    }

    /// <summary>
    /// Whether a convolution's weights are put into another order before the input's gradient is computed: where they do not stay in the
    /// first cache, and there are pixels enough. On Zen 3, AVX2, gradients of 7 × 7 × 512 inputs run at 20 GFLOP/s without it.
    /// </summary>
    public static bool AreWeightsTransposed(Tier tier, int weights, long pixels) =>
        weights * (long)sizeof(float) > tier.Families[0].FirstLevelBytes && pixels >= LeastTransposed;

    /// <summary>
    /// The order of the tiles of a convolution with a sample in each lane, where a pixel is a whole vector in each of many planes. Groups
    /// have planes of their own. On Zen 3, AVX2, 56 × 56 pixels of 64 channels run at 66 instead of 18 GFLOP/s pixel by pixel, and
    /// pointwise ones with 256 outputs at 53 row by row, at 33 pixel by pixel.
    /// </summary>
    /// <param name="window">Floats that a row of outputs reads.</param>
    public static TileOrder ChooseOrder(Tier tier, int groups, long window) => groups > 1 ? TileOrder.Channels
        : window * sizeof(float) <= tier.Families.Min(f => f.SecondLevelBytes) / 2 ? TileOrder.Rows : TileOrder.Pixels;

    /// <summary>The cost of a weight gradient by tiles of some size: the steps over the pixels, and the sums of each tile.</summary>
    public static Cost WeightTileCost(Tier tier, WeightTile tile, int outputs, int inputs, int taps, long pixels) =>
        Cost.Of(tier, f => WeightTileCycles(f, tile, outputs, inputs, taps, pixels));

    /// <summary>
    /// Blocks of outputs, inputs and taps whose weight gradients are summed in registers, where lanes are output
    /// channels; and what it costs.
    /// </summary>
    /// <param name="together">Input channels side by side, of which a tile holds a divisor.</param>
    /// <param name="pixels">Of all samples.</param>
    /// <param name="groupBlocks">Blocks of outputs with the same inputs.</param>
    public static (WeightTile Tile, Cost Cycles) ChooseChannelWeightTile(
        Tier tier, ConvolutionForm form, int blocks, int inputs, int together, FilterTaps taps, long pixels, int groupBlocks)
    {
        bool isShuffled = form == ConvolutionForm.GroupsInLanes;
        int columns = taps.Horizontal.Count;
        WeightTile[] candidates =
        [
            .. from o in Enumerable.Range(1, Math.Min(groupBlocks, tier.Accumulators))
               where groupBlocks % o == 0
               from i in Enumerable.Range(1, Math.Min(inputs, tier.Accumulators))
               where isShuffled ? i == inputs : inputs % i == 0 && together % i == 0
               from c in Enumerable.Range(1, columns)
               where columns % c == 0 && o * i * c <= tier.Accumulators
                   && o + 1 + (o * i * c) + (isShuffled ? GroupLanes.OrdersOf(i) + 1 : 0) <= tier.Registers
               select new WeightTile(o, i, c),
        ];
        double Cycles(CpuFamily f, WeightTile tile)
        {
            int operands = tile.Inputs * tile.Columns;
            double tiles = (double)(blocks / tile.Outputs) * (inputs / tile.Inputs) * taps.Depth.Count * taps.Vertical.Count
                * (columns / tile.Columns);
            return tiles
                * ((pixels
                    * (StepCycles(f, tile.Accumulators * (isShuffled ? ShuffledOperations : 1), tile.Outputs + operands) + LoopEnd(f)))
                    + f.TileStart);
        }

        WeightTile best = candidates[Cheapest(tier, candidates.Length, (i, f) => Cycles(tier.Families[f], candidates[i]))];
        return (best, Cost.Of(tier, f => Cycles(f, best)));
    }

    private static double WeightTileCycles(CpuFamily f, WeightTile tile, int outputs, int inputs, int taps, long pixels)
    {
        double tiles = (double)(outputs / tile.Outputs) * (inputs / tile.Inputs) * Arithmetic.CeilingDivide(taps, tile.Columns);
        int operands = tile.Inputs * tile.Columns, accumulators = tile.Outputs * operands;
        double steps = pixels * (StepCycles(f, accumulators, tile.Outputs + operands) + LoopEnd(f));
        return tiles * (steps + (f.LaneSum * accumulators) + f.TileStart);
    }

    /// <summary>Rows and vectors of a dense layer's weight gradient that are summed in registers.</summary>
    public static (int Inputs, int Vectors) ChooseDenseGradientTile(Tier tier, int inputs, int panelVectors)
    {
        var candidates = new List<(int Inputs, int Vectors)>();
        for (int v = 1; v <= panelVectors; v++)
        {
            if (panelVectors % v != 0)
            {
                continue;
            }

            for (int i = 1; i * v <= tier.Accumulators && i <= inputs; i++)
            {
                if (v + 1 + (i * v) <= tier.Registers)
                {
                    candidates.Add((i, v));
                }
            }
        }

        double Cycles((int Inputs, int Vectors) t, CpuFamily f)
        {
            double tiles = Arithmetic.CeilingDivide(inputs, t.Inputs) * (panelVectors / t.Vectors);
            return tiles * (StepCycles(f, t.Inputs * t.Vectors, t.Inputs + t.Vectors) + LoopEnd(f));
        }

        return candidates[Cheapest(
            tier, candidates.Count, (i, f) => Cycles(candidates[i], tier.Families[f]), i => candidates[i].Inputs * candidates[i].Vectors)];
    }

    /// <summary>The choice among candidates, by the rule of <see cref="CostModel"/>; the first of equal ones.</summary>
    /// <param name="size">Where it is given, the smallest of those that are nearly the cheapest is preferred.</param>
    public static (T Candidate, Cost Cost) Cheapest<T>(Tier tier, IEnumerable<T> candidates, Func<T, Cost> cost, Func<T, int>? size = null)
    {
        List<(T Candidate, Cost Cost)> all = [.. candidates.Select(candidate => (candidate, cost(candidate)))];
        return all[Cheapest(tier, all.Count, (i, family) => all[i].Cost[family], size is null ? null : i => size(all[i].Candidate))];
    }

    /// <inheritdoc cref="Cheapest{T}(Tier, IEnumerable{T}, Func{T, Cost}, Func{T, int})"/>
    /// <param name="count">Number of candidates.</param>
    /// <param name="cycles">Those of a candidate on a family. There are many tiles: this saves a <see cref="Cost"/> object for
    /// each.</param>
    private static int Cheapest(Tier tier, int count, Func<int, int, double> cycles, Func<int, int>? size = null)
    {
        int families = tier.Families.Count;
        var costs = new double[families * count];
        var least = new double[families];
        for (int family = 0; family < families; family++)
        {
            least[family] = double.PositiveInfinity;
            for (int i = 0; i < count; i++)
            {
                double cost = cycles(i, family);
                costs[(i * families) + family] = cost;
                least[family] = Math.Min(least[family], cost);
            }
        }

        int Size(int i) => size is null || costs[i * families] > NearlyCheapest * least[0] ? int.MaxValue : size(i);
        bool IsBefore(int i, int other) => size is null ? costs[i * families] < costs[other * families]
            : (Size(i), costs[i * families]).CompareTo((Size(other), costs[other * families])) < 0;
        int best = -1, mildest = 0;
        double leastRatio = double.PositiveInfinity;
        for (int i = 0; i < count; i++)
        {
            // The worst ratio of a family's cost to that of its own cheapest candidate.
            double ratio = 1;
            for (int family = 0; family < families; family++)
            {
                ratio = Math.Max(ratio, least[family] > 0 ? costs[(i * families) + family] / least[family] : 1);
            }

            if (ratio < leastRatio)
            {
                (mildest, leastRatio) = (i, ratio);
            }

            if (ratio <= Tolerance && (best < 0 || IsBefore(i, best)))
            {
                best = i;
            }
        }

        return best < 0 ? mildest : best;
    }
}
