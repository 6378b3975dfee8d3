using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// How much memory a trainer needs, in floats. The trainer allocates these lengths, and <see cref="MemoryUse"/> reports them.
/// </summary>
/// <param name="program">The network's program.</param>
/// <param name="inputLength">Floats of a sample.</param>
/// <param name="batchSize">The most samples of a batch.</param>
internal readonly struct TrainingMemory(NetworkProgram program, int inputLength, int batchSize)
{
    private readonly int _lanes = program.Isa.Lanes();

    /// <summary>The most blocks of samples of a batch.</summary>
    public int Blocks => TrainingStages.BlocksOf(program, batchSize);

    /// <summary>The gradients. Each of the optimizer's slots takes as much.</summary>
    public long Gradients => AlignedMemory.RoundUp(program.TrainableLength);

    /// <summary>
    /// Whether blocks have slots of their own. A single block uses the memory of the gradients as its slot, since its sums of gradients are
    /// those of the batch.
    /// </summary>
    public bool HasBlockSlots =>
        batchSize > _lanes || AlignedMemory.RoundUp(program.SlotLength) > AlignedMemory.RoundUp(program.SummedParametersLength);

    /// <summary>Floats in front of the gradients: the front of a block's slot, if the gradients' memory is one.</summary>
    public int FrontOfGradients => HasBlockSlots ? 0 : program.SlotFrontLength;

    /// <summary>Floats from one block's slot to the next one's.</summary>
    public int SlotStride => program.SlotFrontLength + (int)AlignedMemory.RoundUp(program.SlotLength);

    /// <summary>The slots of all blocks. A slot in the gradients' memory does not count.</summary>
    public long BlockSlots => HasBlockSlots ? (long)Blocks * SlotStride : 0;

    /// <summary>The results of combining steps, which all blocks read.</summary>
    public long Shared => AlignedMemory.RoundUp(program.SharedLength);

    /// <summary>Where the memory of a block's samples begins: after its arena.</summary>
    public int SamplesFrom => (int)AlignedMemory.RoundUp(program.TrainingArenaLength);

    /// <summary>A block's arena, followed by the memory of its samples.</summary>
    public long Arena => SamplesFrom + ((long)int.Min(_lanes, batchSize) * program.TrainingSampleLength);

    /// <summary>A thread's scratch memory.</summary>
    public long Scratch => program.TrainingSampleLength > 0 ? AlignedMemory.RoundUp(program.ScratchLength) : 0;

    /// <summary>A thread's memory for gradients of inputs that the caller has not asked for.</summary>
    public long InputGradient => program.HasInputGradient ? AlignedMemory.RoundUp((long)_lanes * inputLength) : 0;

    /// <summary>The sum of all memory.</summary>
    /// <param name="states">The number of the optimizer's slots.</param>
    /// <param name="arenas">Blocks that are in memory at once.</param>
    /// <param name="threads">Threads that share the work.</param>
    public long Total(int states, int arenas, int threads) =>
        ((1L + states) * Gradients) + FrontOfGradients + BlockSlots + Shared + (arenas * AlignedMemory.RoundUp(Arena))
        + (threads * (Scratch + InputGradient));
}
