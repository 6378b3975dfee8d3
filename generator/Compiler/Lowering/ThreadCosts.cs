using System;
using System.Linq;
using Strata.Compiler.Kernels;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Decides how work is divided: which samples form blocks, which steps and blocks threads share, and which data leaves a cache meanwhile.
/// </summary>
internal static class ThreadCosts
{
    /// <summary>A block is compiled only if it costs less than this share of its samples one by one.</summary>
    private const double WelcomeBlock = 0.9;

    /// <summary>
    /// If forward's convolutions in blocks of channels take at most this share of their time in lanes, training in blocks is cheaper,
    /// whatever else the network has. ENet, which has many other layers, is at 0.79 to 0.85.
    /// </summary>
    private const double SurelyInBlocks = 0.78;

    /// <summary>The number of samples in a small batch. Algorithms of training are chosen for it.</summary>
    private const double SmallBatch = 4;

    /// <summary>
    /// How much more a training block may cost in blocks of channels, for each lane. With samples in lanes, a batch may leave lanes empty.
    /// </summary>
    private const double EmptyLane = 0.013;

    /// <summary>
    /// In a small network, a training pass in blocks of channels must take at most this share of one with samples in lanes.
    /// </summary>
    private const double SmallInBlocks = 0.8;

    /// <summary>
    /// Threads share a sample only if it takes this many times as long as waking a worker. They share a step only if it takes this many
    /// times as long as a meeting of threads.
    /// </summary>
    private const double SharedWakes = 2, SharedMeetings = 3;

    /// <summary>
    /// The same for a block's training pass. A batch usually has several blocks, and whole blocks are divided among threads. On Zen 3 with
    /// AVX2, LeNet-5's pass of 0.3 ms takes as long on two threads as on one.
    /// </summary>
    private const double SharedBlockWakes = 50;

    /// <summary>
    /// Decides whether a block of samples is compiled, and the fewest samples for which it is cheaper than one after the other.
    /// </summary>
    /// <param name="blockBytes">Bytes of the block's tensors.</param>
    public static (bool IsWelcome, int Threshold) ChooseBlock(Tier tier, Cost sample, Cost block, long blockBytes)
    {
        bool isWelcome = blockBytes <= LargestBlock(tier)
            && CostModel.Cheapest(tier, [false, true], compiled => compiled ? block : sample * (WelcomeBlock * tier.Lanes)).Candidate;

        // All numbers of samples count as equally likely.
        int threshold = CostModel.Cheapest(
            tier, Enumerable.Range(2, tier.Lanes - 1),
            least => (sample * Enumerable.Range(1, least - 1).Sum()) + (block * (tier.Lanes - least + 1))).Candidate;
        return (isWelcome, threshold);
    }

    /// <summary>
    /// Whether a sample takes long enough for several threads to share its steps. Only the first family decides, since the times of threads
    /// were measured on it alone.
    /// </summary>
    public static bool IsShared(Tier tier, Cost sample) => sample[0] >= LeastSample(tier)[0];

    /// <summary>
    /// Whether the samples of a training block are apart, in blocks of channels, instead of in lanes. Two cases gain:
    /// - batches that do not fill the lanes;
    /// - large images. In lanes their planes of whole vectors leave the caches, which the model of lanes does not count.
    /// </summary>
    /// <remarks>
    /// Measured on Zen 5 with a batch of 64 or 16, as the time in blocks divided by the time in lanes, for AVX-512 and AVX2. M5: 0.85 and
    /// 0.96, where the model says 1.20 and 1.04. Net: 1.31 and 1.06, where the model says 1.46 and 1.13. A network that is small enough for
    /// one thread must gain more, since its kernels in blocks are twice as much code. LeNet-5 at 128 bits has 201 instead of 118 KB, for
    /// 0.93 of the time.
    /// </remarks>
    public static bool TrainsInBlocks(Tier tier, Cost lanes, Cost blocks) =>
        blocks[0] <= lanes[0] * (IsBlockShared(tier, lanes) ? 1 + (EmptyLane * tier.Lanes) : SmallInBlocks);

    /// <summary>
    /// Whether forward's convolutions are so much cheaper in blocks of channels that no other layer can outweigh it. Without convolutions,
    /// the other layers decide.
    /// </summary>
    public static bool SurelyTrainsInBlocks(Cost lanes, Cost blocks) => lanes[0] > 0 && blocks[0] <= lanes[0] * SurelyInBlocks;

    /// <summary>
    /// The cost of a sample in training, including its share of what is computed once for a batch. The batch is assumed to be small.
    /// </summary>
    public static Cost OfBatch(Cost sample, Cost once) => sample + (once * (1 / SmallBatch));

    /// <summary>Whether a block's training pass takes long enough for several threads to share its steps.</summary>
    public static bool IsBlockShared(Tier tier, Cost block) => block[0] >= LeastBlock(tier)[0];

    /// <summary>
    /// The fewest items of a step for which starting a thread pays. If the step is too short to be shared, these are all of its items.
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
    /// How many of a step's items are done for all samples of a batch before the next items. These are as many as have weights that fit
    /// into the cache of a core. It is 0 if each sample should continue with its next step:
    /// - if the sample's tensors are larger than the weights;
    /// - if all weights stay in the cache anyway;
    /// - if each part of a run of items needs much preparation. On Zen 3 with AVX2 and a batch of 8, ResNet-50's last layers of 49 pixels
    ///   and 512 channels take 1.16 times as long this way. Those with 1,024 and 2,048 channels take 0.81 and 0.98 times.
    /// </summary>
    /// <param name="weights">How many floats of the parameters the step reads.</param>
    /// <param name="tensors">How many floats of the sample's tensors it reads and writes.</param>
    public static int BatchItems(Tier tier, Work work, long weights, long tensors)
    {
        bool dividesWeights = work.HasRange && work.Axis is WorkAxis.Channels or WorkAxis.Tiles or WorkAxis.Panels;
        long stay = tier.Families[0].SecondLevelBytes / 2 / sizeof(float);
        return dividesWeights && weights > tensors && LeaveCache(tier, weights) && work.Ready <= stay / 2
            ? (int)Math.Max(1, work.Items * stay / weights) : 0;
    }

    /// <summary>
    /// Whether this many floats of weights do not stay in the cache of a core while a layer is computed. They are then prefetched.
    /// </summary>
    public static bool LeaveCache(Tier tier, long weights) => weights * sizeof(float) > tier.Families[0].SecondLevelBytes / 2;

    /// <summary>
    /// Whether this many floats of weights do not fit into the first-level cache. They are then read from the second level for each sample,
    /// so it is better if several samples share each read.
    /// </summary>
    public static bool LeaveFirstLevel(Tier tier, long weights) => weights * sizeof(float) > tier.Families[0].FirstLevelBytes;

    /// <summary>
    /// How long a kernel over all pixels waits for this many floats of weights. The first tile of pixels waits for each line that comes
    /// from memory. <see cref="WeightsAhead"/> shortens the wait, but a block of pixels may have too few tiles for all weights: without
    /// this cost, layers of 7×7 pixels and 192 to 2,048 channels take 1.05 times as long on Zen 5.
    /// </summary>
    public static Cost WeightWait(Tier tier, long weights) =>
        Cost.PerFamily(tier,
            f => LeaveCache(tier, weights) ? weights * sizeof(float) / f.LineBytes * CostModel.LineCycles(f, weights * sizeof(float)) : 0);

    /// <summary>The shortest time of a sample that threads share. A parked worker must wake in time to do a part.</summary>
    public static Cost LeastSample(Tier tier) => Cost.PerFamily(tier, f => SharedWakes * f.WorkerWake);

    /// <summary>The shortest time of a block's training pass that threads share.</summary>
    public static Cost LeastBlock(Tier tier) => Cost.PerFamily(tier, f => SharedBlockWakes * f.WorkerWake);

    /// <summary>The shortest time of a step that threads share, since they meet at its end.</summary>
    public static Cost LeastStep(Tier tier) => Cost.PerFamily(tier, f => SharedMeetings * f.ThreadMeeting);

    /// <summary>The shortest piece of work for a thread. Less would take longer to hand over than to do.</summary>
    public static Cost LeastChunk(Tier tier) => Cost.PerFamily(tier, f => f.ThreadMeeting);

    /// <summary>
    /// The most bytes of a block's tensors. A block that exceeds the caches of all families would read every layer from memory, whereas
    /// single samples stay in the cache.
    /// </summary>
    public static int LargestBlock(Tier tier) => tier.Families.Max(f => f.LastLevelBytes);
}
