using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using static Strata.Generator.Lowering.ProgramBuilder;

namespace Strata.Generator.Lowering;

/// <summary>The loss of a block of samples.</summary>
internal static class LossLowering
{
    /// <param name="logits">What the loss takes: the output, or what goes into the layer that is fused with the loss.</param>
    /// <param name="gradient">Receives their gradient.</param>
    /// <param name="from">The first step that was not yet taken from the builder.</param>
    /// <returns>Null where there is no loss.</returns>
    public static LossProgram? Lower(ProgramBuilder builder, TensorBuffer logits, TensorBuffer gradient, ref int from)
    {
        if (builder.Graph.Loss is not { } loss)
        {
            return null;
        }

        void Add() => builder.Add(
            loss.Name, $"loss: {loss.Name} of {logits.Shape}", LossKernel.Of(builder.Tier, loss, logits.Shape.Length), 0,
            Read(logits), new PassedArgument("ref targets"), new PassedArgument("samples"), new PassedArgument("in step"), Write(gradient));

        Add();
        EquatableArray<Step> steps = builder.TakeSteps(ref from);

        // The same loss from outputs that came out of inference. They take the place of what forward left behind.
        builder.Add(
            "Pack", "the outputs of inference", new PackSamplesKernel(builder.Tier, logits), 0,
            new PassedArgument("ref input"), new PassedArgument("samples"), Write(logits));
        if (builder.Graph.FusedWithLoss is { } fused)
        {
            builder.Add(
                "Logits", $"what {fused.Name} made them from",
                new ActivationKernel(
                    builder.Tier, new Activation($"The input of {fused.Kind} from its output", loss.Unfused, ""), VectorGrid.Of(logits),
                    VectorGrid.WalkOf(logits), VectorGrid.WalkOf(logits)),
                0, Read(logits), Update(logits));
        }

        Add();
        return new LossProgram(loss.Targets, steps, builder.TakeSteps(ref from));
    }
}
