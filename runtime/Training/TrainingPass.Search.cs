using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;

namespace Strata.Training;

/// <content>The search for infinities and NaN.</content>
internal sealed unsafe partial class TrainingPass
{
    /// <summary>
    /// Repeats the forward pass of the last <see cref="ComputeGradients"/>, whose data must still be pinned, and finds the first layer
    /// whose output has infinities or NaN. The running statistics change once more.
    /// </summary>
    /// <returns>Its index in <see cref="NetworkProgram.TrainingTensors"/>; −1 if there is none.</returns>
    public int FindNonFinite()
    {
        int first = int.MaxValue;
        foreach (AlignedMemory arena in _arenas)
        {
            // Clear what backward has left in the gaps between the rows and blocks of tensors.
            NativeMemory.Clear(arena.Pointer, (nuint)_memory.Arena * sizeof(float));
        }

        if (_keepsBlocks)
        {
            // Other processes may not search, so the statistics are those of this process's samples.
            _sharesStatistics = false;
            Walk(TrainingStages.FirstForward, _stages.OutputStep, Threads);
            AfterForward();
        }

        IReadOnlyList<TrainingTensor> tensors = _program.TrainingTensors;
        for (int block = 0; block < _blocks; block++)
        {
            if (!_keepsBlocks)
            {
                // All blocks can use one arena here.
                RunSteps(TrainingStages.Gathering, _stages.OutputStep, block, participant: 0);
            }

            float* arena = _arenas[ArenaOf(block, 0)].Pointer;
            for (int i = 0; i < int.Min(first, tensors.Count); i++)
            {
                if (!IsFinite(tensors[i], block, arena))
                {
                    first = i;
                }
            }
        }

        return first < tensors.Count ? first : -1;
    }

    private bool IsFinite(TrainingTensor tensor, int block, float* arena)
    {
        for (int sample = 0; tensor.IsOfSample && sample < Samples(block); sample++)
        {
            if (!IsFinite(in SampleOf(arena, sample, _program.TrainingSampleLength)[tensor.Offset], tensor.Length, _lanes))
            {
                return false;
            }
        }

        return tensor.IsOfSample || IsFinite(in (tensor.InSlot ? Slot(block) : arena)[tensor.Offset], tensor.Length, Samples(block));
    }

    // Lanes without a sample may hold any numbers: ignore them.
    private bool IsFinite(ref readonly float values, int length, int samples)
    {
        for (int i = 0; i < length; i++)
        {
            if (i % _lanes < samples && !float.IsFinite(Unsafe.Add(ref Unsafe.AsRef(in values), i)))
            {
                return false;
            }
        }

        return true;
    }
}
