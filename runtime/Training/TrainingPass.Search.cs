using System.Collections.Generic;
using System.Runtime.CompilerServices;
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
        _memory.ClearArenas();
        if (_call.KeepsBlocks)
        {
            // Other processes may not search, so the statistics are those of this process's samples.
            _call.SharesStatistics = false;
            Walk(TrainingStages.FirstForward, _stages.OutputStep, Threads);
            AfterForward();
        }

        IReadOnlyList<TrainingTensor> tensors = _program.TrainingTensors;
        for (int block = 0; block < _call.Blocks; block++)
        {
            if (!_call.KeepsBlocks)
            {
                // All blocks can use one arena here.
                RunSteps(TrainingStages.Gathering, _stages.OutputStep, block, 0, _call.SamplesOf(block, _lanes), participant: 0);
            }

            float* arena = _memory.Arena(_call.ArenaOf(block, 0));
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
        int samples = _call.SamplesOf(block, _lanes);
        for (int sample = 0; tensor.IsOfSample && sample < samples; sample++)
        {
            if (!IsFinite(in _memory.SampleOf(arena, sample)[tensor.Offset], tensor.Length, _lanes))
            {
                return false;
            }
        }

        return tensor.IsOfSample || IsFinite(in (tensor.InSlot ? _memory.Slot(block) : arena)[tensor.Offset], tensor.Length, samples);
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
