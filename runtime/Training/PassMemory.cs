using System;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <summary>
/// The memory of a <see cref="TrainingPass"/>. A block's memory consists of its arena and its slot, which outlives the block's pass.
/// </summary>
internal sealed unsafe class PassMemory : IDisposable
{
    private readonly NetworkProgram _program;
    private readonly TrainingMemory _lengths;
    private readonly AlignedMemory _blockSlots;
    private readonly AlignedMemory _shared;
    private readonly int _samplesFrom;
    private readonly int _sampleLength;

    // One per block if all blocks are in memory at once, otherwise one per thread.
    private AlignedMemory[] _arenas = [];

    // For the losses of given outputs, so that those of the batch are not overwritten.
    private AlignedMemory? _outputArena;

    // One of each per thread.
    private AlignedMemory[] _inputGradients = [];
    private AlignedMemory[] _scratch = [];
    private float[][] _gradientsOfOwn = [];

    /// <summary>The gradients' memory belongs to the caller. With a single block, it is also the block's slot.</summary>
    public PassMemory(NetworkProgram program, TrainingMemory lengths, AlignedMemory gradients)
    {
        (_program, _lengths) = (program, lengths);
        (_samplesFrom, _sampleLength) = (lengths.SamplesFrom, program.TrainingSampleLength);
        (_blockSlots, _shared) = AlignedMemory.Pair(lengths.BlockSlots, lengths.Shared);
        Slots = lengths.HasBlockSlots ? _blockSlots.Pointer + program.SlotFrontLength : gradients.Pointer;
        SlotStride = lengths.SlotStride;
    }

    /// <summary>The first block's slot.</summary>
    public float* Slots { get; }

    /// <summary>Floats from one slot to the next.</summary>
    public int SlotStride { get; }

    /// <summary>The results of combining steps, which all blocks read.</summary>
    public float* Shared => _shared.Pointer;

    /// <summary>Allocates what a call needs and earlier calls have not allocated.</summary>
    /// <param name="arenas">The number of blocks that are in memory at once.</param>
    /// <param name="threads">The number of threads.</param>
    /// <param name="isMixed">Whether MixUp mixes the samples.</param>
    public void Ensure(int arenas, int threads, bool isMixed)
    {
        AlignedMemory.Ensure(ref _arenas, arenas, _lengths.Arena);
        if (_sampleLength > 0)
        {
            AlignedMemory.Ensure(ref _scratch, threads, _lengths.Scratch);
        }

        if (_program.HasInputGradient)
        {
            AlignedMemory.Ensure(ref _inputGradients, threads, _lengths.InputGradient);
        }

        if (isMixed && _gradientsOfOwn.Length < threads)
        {
            _gradientsOfOwn = new float[threads][];
        }
    }

    public float* Arena(int arena) => _arenas[arena].Pointer;

    /// <summary>An arena for the losses of given outputs.</summary>
    public float* OutputArena()
    {
        AlignedMemory.Ensure(ref _outputArena, _program.TrainingArenaLength);
        return _outputArena.Pointer;
    }

    /// <summary>A sample's own memory, behind the arena of its block.</summary>
    public float* SampleOf(float* arena, int sample) => arena + _samplesFrom + ((nint)sample * _sampleLength);

    public float* Slot(int block) => Slots + ((nint)block * SlotStride);

    /// <summary>A thread's scratch memory; null if the program needs none.</summary>
    public float* Scratch(int participant) => _scratch.Length > participant ? _scratch[participant].Pointer : null;

    /// <summary>A thread's memory for a gradient of the inputs that the caller has not asked for; null if none is computed.</summary>
    public float* InputGradient(int participant) => _program.HasInputGradient ? _inputGradients[participant].Pointer : null;

    /// <summary>The loss's gradients for the samples' own classes, while those of the mixed ones are computed.</summary>
    public float[] GradientsOfOwn(int participant, int length) => _gradientsOfOwn[participant] ??= new float[length];

    /// <summary>Clears what backward has left in the gaps between the rows and blocks of tensors.</summary>
    public void ClearArenas()
    {
        foreach (AlignedMemory arena in _arenas)
        {
            NativeMemory.Clear(arena.Pointer, (nuint)_lengths.Arena * sizeof(float));
        }
    }

    public void Dispose()
    {
        _blockSlots.Dispose();
        _shared.Dispose();
        AlignedMemory.DisposeAll(_arenas);
        _outputArena?.Dispose();
        AlignedMemory.DisposeAll(_inputGradients);
        AlignedMemory.DisposeAll(_scratch);
    }
}
