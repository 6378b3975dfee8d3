using System;
using Strata.Training;

namespace Strata.Zoo.Tests;

/// <summary>The targets of the goldens' training steps.</summary>
internal static class Targets
{
    /// <summary>Loss and gradients of a batch, whose targets are those of the script.</summary>
    public static Trainer ComputeGradients(ZooGolden golden, CompiledNetwork network, float[] inputs, out float loss)
    {
        Trainer trainer = Trainer.For(network, golden.Batch, new Sgd(0.1));
        int classes = golden.Batch * network.Info.ClassTargetLength, values = golden.Batch * network.Info.ValueTargetLength;
        loss = trainer is ClassificationTrainer classifier
            ? classifier.ComputeGradients(inputs, Classes(network.Info.Losses[0], classes))
            : ((RegressionTrainer)trainer).ComputeGradients(inputs, golden.Network == "yolo" ? Detections(golden.Batch) : Bits("targets", values));
        return trainer;
    }

    /// <summary>A class for each sample, or each pixel; where one may be ignored, about every eighth is.</summary>
    private static int[] Classes(LossInfo loss, int count)
    {
        int[] targets = ZooGolden.Classes("targets", count, loss.Classes);
        if (loss.IgnoreIndex is { } ignored && loss.TargetLength > 1)
        {
            int[] isIgnored = ZooGolden.Classes("ignored", count, 8);
            for (int i = 0; i < count; i++)
            {
                targets[i] = isIgnored[i] == 0 ? ignored : targets[i];
            }
        }

        return targets;
    }

    /// <summary>Boxes, objects and classes, sample by sample.</summary>
    private static float[] Detections(int batch)
    {
        const int Boxes = 512, Objects = 128, Kinds = 1280;
        float[] boxes = ZooGolden.Uniforms("boxes", batch * Boxes);
        float[] objects = Bits("objects", batch * Objects), kinds = Bits("targets", batch * Kinds);
        float[] targets = new float[batch * (Boxes + Objects + Kinds)];
        for (int n = 0; n < batch; n++)
        {
            Span<float> sample = targets.AsSpan(n * (Boxes + Objects + Kinds));
            for (int i = 0; i < Boxes; i++)
            {
                sample[i] = (boxes[(n * Boxes) + i] + 1) / 2;
            }

            objects.AsSpan(n * Objects, Objects).CopyTo(sample[Boxes..]);
            kinds.AsSpan(n * Kinds, Kinds).CopyTo(sample[(Boxes + Objects)..]);
        }

        return targets;
    }

    private static float[] Bits(string name, int count) => Array.ConvertAll(ZooGolden.Classes(name, count, 2), bit => (float)bit);
}
