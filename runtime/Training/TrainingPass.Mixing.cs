using System;

namespace Strata.Training;

/// <content>The loss of mixed samples.</content>
internal sealed unsafe partial class TrainingPass
{
    /// <summary>
    /// The loss of mixed samples, λ·L(y) + (1 − λ)·L(y′), and its gradients. y are a sample's own classes, y′ those of the other one.
    /// Called after the loss of the own classes.
    /// </summary>
    private void MixLoss(int block, int participant, in BlockOfBatch data)
    {
        ReadOnlySpan<int> places = _program.LossGradients;
        int length = 0;
        for (int i = 1; i < places.Length; i += 2)
        {
            length += places[i];
        }

        float[] own = _memory.GradientsOfOwn(participant, length);
        float* arena = _memory.Arena(_call.ArenaOf(block, participant));
        for (int i = 0, at = 0; i < places.Length; at += places[i + 1], i += 2)
        {
            new ReadOnlySpan<float>(arena + places[i], places[i + 1]).CopyTo(own.AsSpan(at));
        }

        Span<double> values = _losses.ValuesOf(block), ownValues = stackalloc double[values.Length];
        values.CopyTo(ownValues);
        double other = LossOf(block, data.OtherClasses, in data, ref *arena), share = _call.Batch.Share;
        _losses.OfBlocks[block] = (share * _losses.OfBlocks[block]) + ((1 - share) * other);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (share * ownValues[i]) + ((1 - share) * values[i]);
        }

        for (int i = 0, at = 0; i < places.Length; at += places[i + 1], i += 2)
        {
            BatchData.Mix(new Span<float>(arena + places[i], places[i + 1]), own.AsSpan(at, places[i + 1]), 1 - _call.Batch.Share);
        }
    }
}
