using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering;

/// <summary>
/// Adds the steps of a program in a walk forward along the groups, and another one backward for gradients. Each group's algorithm adds its
/// own steps. Fusion, layouts and gradients have been planned before.
/// </summary>
internal sealed class ProgramLowering(ProgramBuilder builder, LoweringPlan plan)
{
    private readonly NetworkGraph _graph = builder.Graph;

    /// <summary>Lowers a program of inference. The builder must have no steps yet.</summary>
    public static Program Lower(ProgramBuilder builder, LoweringPlan plan)
    {
        var lowering = new ProgramLowering(builder, plan);
        LoweredTensors tensors = lowering.Forward();
        foreach (NetworkOutput output in builder.Graph.Outputs)
        {
            lowering.HandOut(output, tensors.Of(output.Node));
        }

        return builder.Program(maybeShared: plan.Kind == ProgramKind.OneSample);
    }

    /// <summary>Computes all groups except those that are computed on request.</summary>
    public LoweredTensors Forward()
    {
        var tensors = new Dictionary<int, TensorBuffer>();
        foreach (Node node in _graph.Inputs)
        {
            tensors.Add(node.Index, TakeIn(node));
        }

        var groups = new Dictionary<int, LoweredGroup>();
        foreach (LayerGroup group in plan.Fusion.All.Where(g => !plan.Fusion.IsOnRequest(g)))
        {
            (builder.Layer, builder.Head) = (group.Label, group.Head.Index);
            TensorBuffer[] inputs = [.. group.Inputs.Select(input => tensors[input.Index])];
            LoweredGroup lowered = new ForwardContext(builder, plan, group, inputs).Lower();
            groups.Add(group.Head.Index, lowered);
            tensors[group.Last.Index] = lowered.Output;
            if (!plan.Kind.Fuses && group.Last.PartOf is null)
            {
                string name = $"{group.Last.Name}, to be read afterwards: {group.Last.Shape}";
                CopyOut("CopyLayer", name, lowered.Output, Part("observations", _graph.ObservationOf(group.Last)));
            }
        }

        (builder.Layer, builder.Head) = ("", -1);
        return new LoweredTensors(tensors, groups);
    }

    /// <summary>Computes a group on request.</summary>
    public TensorBuffer LowerOnRequest(LayerGroup group, TensorBuffer input) =>
        new ForwardContext(builder, plan, group, [input]) { IsGiven = true }.Lower().Output;

    /// <summary>
    /// Adds the steps that compute all gradients, from the tensors at which they begin. Also stores the gradients of the network's inputs
    /// that the user asks for.
    /// </summary>
    public void Backward(LoweredTensors tensors, IReadOnlyList<GradientRoot> roots)
    {
        // For each tensor, the gradients from the readers that were visited so far.
        var gradients = new Dictionary<int, List<TensorBuffer>>();
        void Contribute(Node node, TensorBuffer gradient)
        {
            if (plan.Kind.Mixes && tensors.Of(node.Index) is var tensor
                && gradient.Layout != (node.Inputs.Count == 0 ? Layout.SampleLanes : tensor.Layout))
            {
                // The gradients of the network's inputs are returned from tensors with samples in lanes.
                gradient = tensor.Layout == Layout.SampleLanes || node.Inputs.Count == 0
                    ? builder.Convert(gradient, new TensorLayout(gradient.Shape, Layout.SampleLanes)).Reshape(tensor.Shape)
                    : builder.Convert(gradient, new TensorLayout(tensor.Shape, tensor.Layout));
            }

            if (!gradients.TryGetValue(node.Index, out List<TensorBuffer> others))
            {
                gradients.Add(node.Index, others = []);
            }

            others.Add(gradient);
        }

        foreach (GradientRoot root in roots)
        {
            Contribute(root.From, root.Gradient);
        }

        foreach (GradientStep step in plan.Gradients!.Steps)
        {
            builder.Layer = step.Group.Label;
            TensorBuffer sum = SumOf(step.Group.Last, gradients[step.Group.Last.Index]);
            var at = new BackwardContext(builder, step, tensors.Of(step.Group), sum);
            at.EnterLayer();
            IReadOnlyList<TensorBuffer?> inputs = plan.Algorithms[step.Group].Backward(at);
            builder.AddSharedGradients();
            for (int i = 0; i < inputs.Count; i++)
            {
                if (step.Wanted[i])
                {
                    Contribute(step.Group.Inputs[i], inputs[i]!);
                }
            }
        }

        builder.Layer = "";
        builder.AddTiedGradients();
        foreach (Node input in plan.Gradients.Inputs)
        {
            TensorBuffer gradient = SumOf(input, gradients[input.Index]);
            builder.Add(
                "UnpackInputGradient", $"{TensorName.Of(input)}'s gradient of each sample",
                new UnpackSamplesKernel(builder.Tier, gradient, _graph.InputLength),
                StepCosts.Transposition(builder.Tier, gradient.Shape.Length),
                Read(gradient), PassedOperand.Samples, Part("inputGradient", _graph.OffsetOf(input)));
        }
    }

    /// <summary>Copies an output to the caller, in PyTorch's order of elements.</summary>
    public void HandOut(NetworkOutput output, TensorBuffer y)
    {
        CallerOperand target = Part("output", _graph.OffsetOf(output));
        if (y.Layout != Layout.SampleLanes)
        {
            CopyOut("CopyOutput", $"{NameOf(output)}: {_graph.Nodes[output.Node].Shape}", y, target);
            return;
        }

        builder.Add(
            "UnpackOutput", $"{NameOf(output)}: {_graph.Nodes[output.Node].Shape} of each sample",
            new UnpackSamplesKernel(builder.Tier, y, _graph.OutputLength), StepCosts.Transposition(builder.Tier, y.Shape.Length),
            Read(y), PassedOperand.Samples, target);
    }

    /// <summary>Converts an input to the layout of the plan.</summary>
    private TensorBuffer TakeIn(Node node)
    {
        TensorBuffer input = builder.Buffer(TensorName.Of(node), node, plan.Layouts);
        builder.ClearHalo(input);
        CallerOperand source = Part("input", _graph.OffsetOf(node));
        if (input.Layout == Layout.SampleLanes)
        {
            builder.Add(
                "PackInput", $"{input.Name}: a lane for each sample of {node.Shape}",
                new PackSamplesKernel(builder.Tier, input, _graph.InputLength),
                StepCosts.Transposition(builder.Tier, node.Shape.Length), source, PassedOperand.Samples, Write(input));
        }
        else
        {
            builder.Add(
                "CopyInput", $"{input.Name}: {node.Shape}",
                new ConvertLayoutKernel(
                    builder.Tier, node.Shape, FeaturesOf(node.Shape), ChannelsOf(input), StridesOfFeatures(node.Shape), StridesOf(input)),
                StepCosts.Elementwise(builder.Tier, node.Shape.Length / builder.Tier.Lanes), source, Write(input));
        }

        return input;
    }

    private void CopyOut(string name, string comment, TensorBuffer x, CallerOperand target) => builder.Add(
        name, comment,
        new ConvertLayoutKernel(builder.Tier, x.Shape, ChannelsOf(x), FeaturesOf(x.Shape), StridesOf(x), StridesOfFeatures(x.Shape)),
        StepCosts.Move(builder.Tier, x.Shape.Length), Read(x), target);

    /// <summary>The gradient of a tensor, which is the sum of those from its readers.</summary>
    private TensorBuffer SumOf(Node node, List<TensorBuffer> gradients)
    {
        TensorBuffer sum = gradients[0];
        if (gradients.Count > 1)
        {
            builder.Sum(("SumGradients", $"{BackwardContext.GradientOf(node)}: the sum over {gradients.Count} readers"),
                gradients, Update(sum));
        }

        return sum;
    }
}

/// <summary>The tensors that forward has computed.</summary>
/// <param name="tensors">By the index of the node that computes the tensor.</param>
/// <param name="groups">By the index of the group's layer.</param>
internal sealed class LoweredTensors(IReadOnlyDictionary<int, TensorBuffer> tensors, IReadOnlyDictionary<int, LoweredGroup> groups)
{
    public TensorBuffer Of(int node) => tensors[node];

    public LoweredGroup Of(LayerGroup group) => groups[group.Head.Index];

    public bool Has(int node) => tensors.ContainsKey(node);

    /// <summary>
    /// The tensors that are kept if backward recomputes the others. These are the results of multiply-adds and of pooling, and tensors that
    /// are smaller than the tensor that they are computed from.
    /// </summary>
    public IEnumerable<TensorBuffer> Kept => groups.Values
        .Where(lowered => lowered.Group is var group
            && (group.MultiplyAdds > 0 || group.Operation.AsPooling is not null || group.Last.Shape.Length < group.Input.Shape.Length))
        .Select(lowered => lowered.Output.Root);
}
