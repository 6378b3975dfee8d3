using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>The plan of a trainer's memory, in floats. The trainer allocates by it, and <see cref="MemoryUse"/> reports it.</summary>
/// <param name="program">The network's program.</param>
/// <param name="inputLength">Floats of a sample.</param>
/// <param name="batchSize">Most samples of a step.</param>
internal readonly struct TrainingMemory(NetworkProgram program, int inputLength, int batchSize)
{
    private readonly int _lanes = program.Isa.Lanes();

    /// <summary>The most blocks of a step.</summary>
    public int Blocks => TrainingStages.BlocksOf(program, batchSize);

    /// <summary>The gradients. Each slot of the optimizer takes as much.</summary>
    public long Gradients => AlignedMemory.RoundUp(program.TrainableLength);

    /// <summary>
    /// Whether blocks have their own slots. A single block uses the memory of the gradients as its slot, since its sums are those of the
    /// batch.
    /// </summary>
    public bool HasOwnSlots =>
        batchSize > _lanes || AlignedMemory.RoundUp(program.SlotLength) > AlignedMemory.RoundUp(program.SummedParametersLength);

    /// <summary>Floats in front of the gradients, if they are a block's slot: the slot's front.</summary>
    public int FrontOfGradients => HasOwnSlots ? 0 : program.SlotFrontLength;

    /// <summary>Floats from one slot to the next.</summary>
    public int SlotStride => program.SlotFrontLength + (int)AlignedMemory.RoundUp(program.SlotLength);

    /// <summary>Floats of all slots, apart from one in the gradients' memory.</summary>
    public long Slots => HasOwnSlots ? (long)Blocks * SlotStride : 0;

    /// <summary>Memory that all blocks share.</summary>
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
    /// <param name="states">Floats that the optimizer needs for each element of a parameter.</param>
    /// <param name="arenas">Blocks that are in memory at once.</param>
    /// <param name="threads">Threads of a step.</param>
    public long Total(int states, int arenas, int threads) =>
        ((1L + states) * Gradients) + FrontOfGradients + Slots + Shared + (arenas * AlignedMemory.RoundUp(Arena))
        + (threads * (Scratch + InputGradient));
}
