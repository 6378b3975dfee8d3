using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>The memory of a trainer in floats: it allocates by this plan, and <see cref="MemoryUse"/> tells of it.</summary>
/// <param name="program">The network's program.</param>
/// <param name="inputLength">Floats of a sample.</param>
/// <param name="batchSize">Most samples of a step.</param>
internal readonly struct TrainingMemory(NetworkProgram program, int inputLength, int batchSize)
{
    private readonly int _lanes = (int)program.Isa;

    /// <summary>The most blocks of a step.</summary>
    public int Blocks => TrainingStages.BlocksOf(program, batchSize);

    /// <summary>The gradients; each value that the optimizer remembers takes as much.</summary>
    public long Gradients => AlignedMemory.RoundUp(program.TrainableLength);

    /// <summary>
    /// Whether blocks have slots of their own. The slot of a single one lies where the gradients do, and its sums are those of the batch.
    /// </summary>
    public bool HasOwnSlots =>
        batchSize > _lanes || AlignedMemory.RoundUp(program.SlotLength) > AlignedMemory.RoundUp(program.SummedParametersLength);

    /// <summary>What is in front of the gradients: the front of a slot that lies there.</summary>
    public int FrontOfGradients => HasOwnSlots ? 0 : program.SlotFrontLength;

    /// <summary>From one slot to the next one.</summary>
    public int SlotStride => program.SlotFrontLength + (int)AlignedMemory.RoundUp(program.SlotLength);

    /// <summary>All slots of blocks that have their own.</summary>
    public long Slots => HasOwnSlots ? (long)Blocks * SlotStride : 0;

    /// <summary>What all blocks share.</summary>
    public long Shared => AlignedMemory.RoundUp(program.SharedLength);

    /// <summary>Where the memory of a block's samples begins, behind its arena.</summary>
    public int SamplesFrom => (int)AlignedMemory.RoundUp(program.TrainingArenaLength);

    /// <summary>A block's arena, with the memory of its samples behind it.</summary>
    public long Arena => SamplesFrom + ((long)int.Min(_lanes, batchSize) * program.TrainingSampleLength);

    /// <summary>A thread's scratch memory.</summary>
    public long Scratch => program.TrainingSampleLength > 0 ? AlignedMemory.RoundUp(program.ScratchLength) : 0;

    /// <summary>A thread's place for the gradients of inputs that the caller does not want.</summary>
    public long InputGradient => program.HasInputGradient ? AlignedMemory.RoundUp((long)_lanes * inputLength) : 0;

    /// <summary>All of it.</summary>
    /// <param name="states">Values that the optimizer remembers of each parameter.</param>
    /// <param name="arenas">Blocks that are in memory at once.</param>
    /// <param name="threads">Threads of a step.</param>
    public long Total(int states, int arenas, int threads) =>
        ((1L + states) * Gradients) + FrontOfGradients + Slots + Shared + (arenas * AlignedMemory.RoundUp(Arena))
        + (threads * (Scratch + InputGradient));
}
