using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering;

/// <summary>A tensor at which gradients begin.</summary>
/// <param name="Exit">The node that is an output or has a loss.</param>
/// <param name="From">The node whose gradient begins. If loss and layer are fused, it is the node before <paramref name="Exit"/>.</param>
/// <param name="Values">The tensor that <paramref name="From"/> computes.</param>
/// <param name="Gradient">The tensor that receives its gradient.</param>
internal sealed record GradientRoot(int Exit, Node From, TensorBuffer Values, TensorBuffer Gradient)
{
    /// <summary>Whether loss and layer are fused.</summary>
    public bool IsFused => From.Index != Exit;
}

/// <summary>
/// Lowers the parts of the training pass, in the order in which the runtime calls them: forward, outputs, loss, backward.
/// </summary>
internal sealed class TrainingLowering(ProgramBuilder builder, LoweringPlan plan, ProgramLowering lowering)
{
    private readonly NetworkGraph _graph = builder.Graph;
    private readonly LoweredTensors _tensors = lowering.Forward();
    private readonly Dictionary<int, TensorBuffer> _outside = [];

    /// <param name="builder">Receives the steps. It must have none yet.</param>
    public static TrainingProgram Lower(ProgramBuilder builder, LoweringPlan plan) =>
        new TrainingLowering(builder, plan, new ProgramLowering(builder, plan)).Lower();

    private TrainingProgram Lower()
    {
        int from = 0;
        List<GradientRoot> roots = _graph.Exits(training: true)
            .SelectMany(exit => GradientFlow.BeginningsOf(_graph, exit).Select(beginning => RootOf(exit, beginning))).ToList();
        bool goesBySample = SampleMajorOrder.PaysIn(builder.Tier, builder.Steps);
        if (goesBySample)
        {
            builder.Replace(from, SampleMajorOrder.Reorder(builder.Steps));
        }

        EquatableArray<Step> forward = builder.TakeSteps(ref from);
        LowerOutputs(roots);
        EquatableArray<Step> outputs = builder.TakeSteps(ref from);
        LossProgram? loss = LossLowering.Lower(builder, roots, ref from);
        foreach (GradientRoot root in roots)
        {
            TakeOutputGradient(root);
        }

        EquatableArray<Step> outputGradient = builder.TakeSteps(ref from);
        LowerBackward(roots, from, forward, goesBySample);
        EquatableArray<Step> backward = builder.TakeSteps(ref from);
        return Plan(new TrainingSteps(forward, outputs, loss, outputGradient, backward)) with
        {
            IsProfiled = _graph.Settings.Profile,
            GoesBySample = goesBySample,
        };
    }

    /// <summary>Adds the steps that hand out the outputs.</summary>
    private void LowerOutputs(List<GradientRoot> roots)
    {
        // Layers that are fused with their loss are computed in forward only if other layers read them. Otherwise they are computed when
        // the caller asks for the outputs.
        Dictionary<int, TensorBuffer> asked = roots.Where(root => !_tensors.Has(root.Exit))
            .ToDictionary(root => root.Exit,
                root => lowering.LowerOnRequest(plan.Fusion.ProducerOf(_graph.Nodes[root.Exit])!, root.Values));
        foreach (NetworkOutput output in _graph.Outputs)
        {
            // A tensor may be several outputs.
            lowering.HandOut(
                output, _outside.TryGetValue(output.Node, out TensorBuffer known) ? known
                : Outside(output.Node, asked.TryGetValue(output.Node, out TensorBuffer y) ? y : _tensors.Of(output.Node)));
        }
    }

    /// <summary>Adds the steps from the gradients of the roots to those of the parameters.</summary>
    /// <param name="from">The number of the first of these steps.</param>
    private void LowerBackward(List<GradientRoot> roots, int from, EquatableArray<Step> forward, bool goesBySample)
    {
        builder.Add(
            "Clear", "sums of this block", new ClearKernel(builder.Tier),
            StepCosts.Elementwise(builder.Tier, builder.Parameters.SummedLength / builder.Tier.Lanes, operands: 0),
            new PartialGradientOperand(0, builder.Parameters.SummedLength), new ExtentOperand(builder.Parameters.SummedLength));
        lowering.Backward(_tensors, roots);
        if (_graph.Settings.Recompute)
        {
            IEnumerable<TensorBuffer> seen = builder.Steps.Take(from).Skip(forward.Count).SelectMany(step => step.Operands)
                .OfType<BufferOperand>().Select(a => a.Buffer.Root);
            var recomputation = new Recomputation(forward, [.. _tensors.Kept, .. seen]);
            builder.Replace(from, recomputation.InsertInto(builder.Steps.Skip(from)));
        }

        if (goesBySample)
        {
            builder.Replace(from, SampleMajorOrder.Reorder(builder.Steps.Skip(from)));
        }
    }

    /// <summary>Gives all tensors their addresses.</summary>
    private TrainingProgram Plan(TrainingSteps steps)
    {
        // The runtime may compute the loss again with other targets. So no gradient may overwrite an output that another loss reads.
        int forward = steps.Forward.Count;
        StagePlan repeated = StagePlan.Repeatable(builder.Steps.Count, forward + steps.Outputs.Count, steps.Loss?.Steps.Count ?? 0);
        MemoryPlan arena = builder.Plan(MemorySpace.Arena, stages: repeated), slot = builder.Plan(MemorySpace.Slot).InFront(),
            sample = builder.Plan(MemorySpace.Sample);
        _ = NetworkTooLargeException.Check((long)slot.Length + builder.Parameters.SummedLength,
            $"memory for a block of {Arithmetic.Number(builder.Tier.Lanes)} samples");

        // Kernels address all samples of a block from the first one.
        int lanes = builder.Tier.Lanes;
        _ = NetworkTooLargeException.Check((long)sample.Length * lanes, $"memory for a block of {Arithmetic.Number(lanes)} samples");
        return new TrainingProgram(
            builder.Tier, steps.Forward, steps.Outputs, steps.Loss, steps.OutputGradient, steps.Backward,
            builder.OverBatch.ToEquatableArray(), TensorsAfter(forward, arena, slot, sample),
            arena, slot, builder.Plan(MemorySpace.Shared), sample, builder.Plan(MemorySpace.Scratch), plan.Gradients!.Inputs.Count > 0);
    }

    private GradientRoot RootOf(int exit, Node from)
    {
        TensorBuffer values = Outside(from.Index);
        if (_tensors.Has(exit))
        {
            // The fused layer has been computed for other readers, but the loss still reads the layer's input.
            Outside(exit);
        }

        TensorName name = _graph.Outputs.Any(o => o.Node == exit) && _graph.Outputs.Count == 1
            ? new TensorName("the output's gradient", "OutputGradient") : TensorName.Of(from, "gradient").With(" from ", "outside");
        return new GradientRoot(exit, from, values, builder.Buffer(name, values.Shape, values.Layout));
    }

    private TensorBuffer Outside(int node) => _outside.TryGetValue(node, out TensorBuffer known) ? known : Outside(node, _tensors.Of(node));

    /// <summary>
    /// A tensor that is read from outside. Outputs, losses and their gradients only have access to the arena, so a tensor in other memory
    /// is copied there while forward is lowered.
    /// </summary>
    private TensorBuffer Outside(int node, TensorBuffer written)
    {
        TensorBuffer x = builder.Convert(written, new TensorLayout(written.Shape, Layout.SampleLanes)), tensor = x;
        if (x.Space != MemorySpace.Arena)
        {
            tensor = builder.Buffer(x.Name.With(" ", "read from outside"), x.Shape, x.Layout);
            builder.Copy(x, tensor, $"{x.Name}, copied to where losses and callers read it");
        }

        _outside.Add(node, tensor);
        return tensor;
    }

    /// <summary>Takes the gradient of an output from the caller, who computes the loss.</summary>
    private void TakeOutputGradient(GradientRoot root)
    {
        NetworkOutput[] outputs = [.. _graph.Outputs.Where(o => o.Node == root.Exit)];
        if (outputs.Length == 0 || (root.IsFused && _graph.HasPlainLoss(root.Exit)))
        {
            builder.Clear(root.Gradient, $"{root.Gradient.Name}: none");
            return;
        }

        // If a tensor is several outputs, its gradient is the sum of what the caller passes for each.
        TensorBuffer[] gradients =
        [
            .. outputs.Select((_, i) => i == 0 ? root.Gradient
                : builder.Buffer(
                    root.Gradient.Name.With(" of ", $"name {Arithmetic.Number(i + 1)}"), root.Gradient.Shape, root.Gradient.Layout)),
        ];
        foreach ((NetworkOutput output, TensorBuffer gradient) in outputs.Zip(gradients, (o, g) => (o, g)))
        {
            builder.Add(
                "Pack", "the gradient that the caller computed", new PackSamplesKernel(builder.Tier, gradient, _graph.OutputLength), 0,
                Part("gradient", _graph.OffsetOf(output)), PassedOperand.Samples, Write(gradient));
        }

        if (outputs.Length > 1)
        {
            builder.Sum(("SumGradients", $"{root.Gradient.Name}: the sum over {outputs.Length} names"), gradients, Update(root.Gradient));
        }

        if (root.IsFused)
        {
            // Goes back through the layer that is fused with the loss.
            LayerGroup layer = plan.Fusion.ProducerOf(_graph.Nodes[root.Exit])!;
            var step = new GradientStep(layer, EquatableArray.Of(true), 1, IsActivated: false, Fused: null);
            var saved = new LoweredGroup(layer, [root.Values], [root.Values], Outside(root.Exit), null);
            plan.Algorithms[layer].Backward(new BackwardContext(builder, step, saved, root.Gradient));
        }
    }

    /// <summary>The outputs of groups after this many steps. Groups that are computed in place share an output.</summary>
    private EquatableArray<LayerTensor> TensorsAfter(int steps, MemoryPlan arena, MemoryPlan slot, MemoryPlan sample)
    {
        var tensors = new List<LayerTensor>();
        var places = new Dictionary<TensorBuffer, int>(ReferenceComparer<TensorBuffer>.Instance);
        foreach (LayerGroup group in plan.Fusion.All.Where(g => !plan.Fusion.PassesOn(g) && !plan.Fusion.IsOnRequest(g)))
        {
            TensorBuffer buffer = _tensors.Of(group.Last.Index).Root;
            if (places.TryGetValue(buffer, out int known))
            {
                tensors[known] = tensors[known] with { Label = $"{tensors[known].Label} + {group.Label}" };
            }
            else
            {
                places.Add(buffer, tensors.Count);
                bool left = (buffer.Space switch { MemorySpace.Slot => slot, MemorySpace.Sample => sample, _ => arena })
                    .Holds(buffer, steps);
                tensors.Add(new LayerTensor(group.Head.PartOf ?? group.Head.Name, group.Head.PartOf ?? group.Label, buffer, left));
            }
        }

        return tensors.ToEquatableArray();
    }

    /// <summary>The steps of the parts, in the order in which the runtime calls them.</summary>
    private sealed record TrainingSteps(
        EquatableArray<Step> Forward, EquatableArray<Step> Outputs, LossProgram? Loss, EquatableArray<Step> OutputGradient,
        EquatableArray<Step> Backward);
}
