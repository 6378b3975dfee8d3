using System;
using System.Linq;
using Strata.Generator.Kernels;

namespace Strata.Generator.Lowering;

/// <summary>
/// Decides what is divided: which samples form blocks, which steps and blocks threads share, and what leaves a cache meanwhile.
/// </summary>
internal static class ThreadCosts
{
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

    /// <summary>
    /// Whether a block of samples is compiled, and the fewest samples for which it is cheaper than one after the other.
    /// </summary>
    /// <param name="blockBytes">Bytes of the block's tensors.</param>
    public static (bool IsWelcome, int Threshold) ChooseBlock(Tier tier, Cost sample, Cost block, long blockBytes)
    {
        bool isWelcome = blockBytes <= LargestBlock(tier)
            && CostModel.Cheapest(tier, [false, true], compiled => compiled ? block : sample * (WelcomeBlock * tier.Lanes)).Candidate;

        // All numbers of samples are taken as equally likely.
        int threshold = CostModel.Cheapest(
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

    /// <summary>
    /// The fewest items of a step that are worth starting a thread for. If the step is too short to be shared, these are all of them.
    /// </summary>
    public static int LeastItems(Tier tier, Work work, Cost step)
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
        Cost.Of(tier,
            f => LeaveCache(tier, weights) ? weights * sizeof(float) / f.LineBytes * CostModel.LineCycles(f, weights * sizeof(float)) : 0);

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
}
