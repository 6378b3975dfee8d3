using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering;

/// <summary>Adds the losses of a block of samples.</summary>
internal static class LossLowering
{
    /// <param name="roots">The tensors with losses. If a loss is fused with its layer, it is the layer's input instead.</param>
    /// <param name="from">The index of the builder's first step that is not in a program yet.</param>
    /// <returns>Null if there is no loss.</returns>
    public static LossProgram? Lower(ProgramBuilder builder, IReadOnlyList<GradientRoot> roots, ref int from)
    {
        NetworkGraph graph = builder.Graph;
        if (graph.Losses.Count == 0)
        {
            return null;
        }

        foreach (GradientRoot root in roots)
        {
            Add(builder, root, LossesOf(graph, root));
        }

        EquatableArray<Step> steps = builder.TakeSteps(ref from);

        // The same losses, but from the outputs of inference instead of the tensors of forward. Losses on other tensors are left out.
        foreach (GradientRoot root in roots)
        {
            if (graph.Outputs.FirstOrDefault(o => o.Node == root.Exit) is not { } output || !LossesOf(graph, root).Any())
            {
                continue;
            }

            builder.Add(
                "Pack", "the outputs of inference", new PackSamplesKernel(builder.Tier, root.Values, graph.OutputLength), 0,
                Part("input", graph.OffsetOf(output)), PassedOperand.Samples, Write(root.Values));
            if (root.IsFused)
            {
                Node fused = graph.Nodes[root.Exit];
                Loss loss = LossesOf(graph, root).First().Loss;
                builder.Map(
                    ("Logits", $"what {fused.Name} made them from"),
                    new Activation(
                        "Unfused", $"The input of {fused.Kind} from its output", loss.Unfused, Activation.G, IsIncreasing: false),
                    Read(root.Values), Update(root.Values));
            }

            Add(builder, root, LossesOf(graph, root));
        }

        return new LossProgram(
            graph.Losses.Any(l => l.Loss.TakesClasses), graph.Losses.Any(l => !l.Loss.TakesClasses), steps, builder.TakeSteps(ref from),
            roots.Where(root => LossesOf(graph, root).Any()).Select(root => root.Gradient).ToEquatableArray());
    }

    /// <summary>The losses of a tensor that read the values of a root.</summary>
    private static IEnumerable<NetworkLoss> LossesOf(NetworkGraph graph, GradientRoot root) =>
        graph.Losses.Where(loss => loss.Node == root.Exit && graph.IsFused(loss) == root.IsFused);

    /// <summary>Adds the losses on a tensor, and the sum of their gradients.</summary>
    private static void Add(ProgramBuilder builder, GradientRoot root, IEnumerable<NetworkLoss> losses)
    {
        NetworkGraph graph = builder.Graph;
        var gradients = new List<TensorBuffer>();
        foreach (NetworkLoss loss in losses)
        {
            TensorBuffer gradient = gradients.Count == 0
                ? root.Gradient : builder.Buffer(root.Gradient.Name.With(" by ", loss.Loss.Name), root.Gradient.Shape, Layout.SampleLanes);
            gradients.Add(gradient);
            Shape shape = graph.Nodes[loss.Node].Shape;
            var step = new Step(
                loss.Loss.Name, $"loss: {loss.Loss.Name} of {shape}",
                LossKernel.Create(builder.Tier, loss.Loss, shape, graph.TargetLength(loss.Loss.TakesClasses)),
                EquatableArray.Of<Operand>(
                    Read(root.Values), Part(loss.Loss.TakesClasses ? "classes" : "values", loss.TargetOffset), PassedOperand.Samples,
                    graph.Losses.Count == 1 ? PassedOperand.Context : new LossStepOperand(IndexOf(graph, loss)), Write(gradient)),
                0);
            builder.Add(step with { LossWeight = loss.Weight });
            if (loss.Weight != 1)
            {
                string weight = ((float)loss.Weight).ToString("R", CultureInfo.InvariantCulture) + "f";
                var share = new Activation("Weigh", "The share of a loss", Activation.X * loss.Weight, Activation.G * loss.Weight,
                    IsIncreasing: false);
                builder.Map(("Weigh", $"the weight of this loss, {weight}"), share, Read(gradient), Update(gradient));
            }
        }

        if (gradients.Count == 0)
        {
            builder.Clear(root.Gradient, $"{root.Gradient.Name}: no loss is on it");
        }
        else if (gradients.Count > 1)
        {
            builder.Sum(("SumGradients", $"{root.Gradient.Name}: the sum of {gradients.Count} losses"), gradients, Update(root.Gradient));
        }
    }

    private static int IndexOf(NetworkGraph graph, NetworkLoss loss) => graph.Losses.TakeWhile(l => !ReferenceEquals(l, loss)).Count();
}
