using System;
using Strata.CompilerServices;
using Strata.Training;

namespace Strata;

/// <summary>The memory of a network on its tier, in bytes. It is planned when the network is compiled.</summary>
/// <param name="Parameters">The packed parameters. An instance holds one copy.</param>
/// <param name="Inference">The arenas of one call of Forward, and the scratch memory of its threads.</param>
/// <param name="Training">
/// What a trainer adds: gradients, the optimizer's state and the arenas of a step. For an optimizer of your own, copies of state and
/// parameters are included. With <see cref="ExternalLossAttribute"/> the arenas are those of the whole batch, since all blocks of samples
/// keep theirs between Forward and Backward. 0 if the network has no loss, or keeps its weights as bfloat16.
/// </param>
public sealed record MemoryUse(long Parameters, long Inference, long Training)
{
    /// <summary>The memory of calls and steps with a number of samples.</summary>
    /// <param name="network">The network. The result depends on its tier and its threads.</param>
    /// <param name="samples">Samples of a call or step, 1 or more.</param>
    /// <param name="optimizer">The optimizer of the trainer.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is less than 1.</exception>
    public static MemoryUse Of(CompiledNetwork network, int samples, Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        NetworkProgram program = network.Program;
        long lanes = program.Isa.Lanes(), blocks = (samples + lanes - 1) / lanes;

        // Samples that fill no block are computed in one of three ways. One by one: an arena per thread. All together: an arena per sample.
        // In groups: arenas for a group per thread.
        bool usesBlocks = samples >= long.Min(program.BlockThreshold, lanes) && program.BlockArenaLength > 0;
        bool together = !usesBlocks && samples > 1 && InferenceLease.GoTogether(program, samples, network.Threads);
        bool inGroups = !usesBlocks && samples > 1 && InferenceLease.GoInGroups(program, samples);
        (int group, int stride) = InferenceLease.Group(program, samples, inGroups ? network.Threads : 1);
        long items = usesBlocks ? blocks : inGroups ? ((long)samples + group - 1) / group : samples,
            threads = long.Min(network.Threads, items);
        long arenasOfGroup = (long)group * stride;
        long inference = program.SampleArenaLength
            + (together ? arenasOfGroup
                : threads
                    * (usesBlocks ? program.BlockArenaLength : inGroups ? arenasOfGroup : samples > 1 ? program.SampleArenaLength : 0));

        // Threads share a sample's arena, but not their scratch memory.
        long sharing = together || (samples == 1 && program.SharesSteps) ? network.Threads : threads;
        inference += sharing * program.ScratchLength;

        long training = CanBeTrained(network) ? OfTraining(network, samples, (int)blocks, optimizer) : 0;
        return new MemoryUse(sizeof(float) * (long)program.ParametersLength, sizeof(float) * inference, sizeof(float) * training);
    }

    private static bool CanBeTrained(CompiledNetwork network) =>
        (network.Info.Losses.Count > 0 || network.Info.HasExternalLoss) && network.WeightStorage == WeightStorage.Float32;

    private static long OfTraining(CompiledNetwork network, int samples, int blocks, Optimizer optimizer)
    {
        NetworkProgram program = network.Program;
        int threads = TrainingStages.ThreadsFor(network, samples);

        // With an external loss, forward and backward are two calls, and every block keeps its arena between them.
        int arenas = network.Info.Losses.Count == 0 ? blocks : TrainingStages.BlocksInMemory(program, blocks, threads);
        return new TrainingMemory(program, network.InputLength, samples).Total(optimizer.Describe().FloatsPerElement, arenas, threads);
    }
}
