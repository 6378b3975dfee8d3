using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>
/// A network computed by plain loops in double precision, with PyTorch's semantics. It shares no code
/// with the generator, and it renders itself as the declaration from which the generator works.
/// </summary>
internal sealed class OracleNetwork
{
    private readonly string _before;
    private readonly string _arguments;
    private readonly Dictionary<(bool AreClasses, string Name), (int Offset, int Length)> _targets = [];

    /// <param name="items">The declaration, from its inputs on.</param>
    /// <param name="inputGradient">Whether training computes the gradient of the inputs.</param>
    /// <param name="freezeUntil">The first layer or block that is trained; null where all are.</param>
    /// <param name="before">Declarations of blocks and of other networks.</param>
    /// <param name="winograd">Whether Winograd's transforms may compute convolutions.</param>
    public OracleNetwork(
        IReadOnlyList<ScopeItem> items, bool inputGradient = false, string? freezeUntil = null, string before = "", bool winograd = true)
    {
        (Items, InputGradient, Winograd, _before) = (items, inputGradient, winograd, before);
        string?[] arguments =
        [
            inputGradient ? "InputGradient = true" : null, winograd ? null : "Winograd = false",
            freezeUntil is null ? null : $"FreezeUntil = \"{freezeUntil}\"",
        ];
        _arguments = string.Join(", ", arguments.OfType<string>());
        Graph = new OracleGraph();
        new ScopeUse(Graph, freezeUntil).Apply(items);
        Weights = [.. Graph.Parameters.Select(p => new Numbers(p.Length))];
        foreach (OracleLoss loss in Graph.IsValid ? Graph.Losses : [])
        {
            // Classes and values stand apart.
            if (!_targets.ContainsKey(loss.TargetKey))
            {
                int offset = _targets.Where(target => target.Key.AreClasses == loss.Objective.TakesClasses)
                    .Sum(target => target.Value.Length);
                _targets.Add(loss.TargetKey, (offset, loss.Objective.TargetLength(Graph.Nodes[loss.Node].Output)));
            }
        }
    }

    /// <summary>A stack, in which a group of branches counts as one layer.</summary>
    public OracleNetwork(Extents input, IReadOnlyList<Layer> layers, Objective? objective = null, bool inputGradient = false,
        bool winograd = true)
        : this(Stack(input, layers, objective ?? Objective.None), inputGradient, winograd: winograd)
    {
    }

    /// <summary>The declaration.</summary>
    public IReadOnlyList<ScopeItem> Items { get; }

    public OracleGraph Graph { get; }

    public IReadOnlyList<OracleNode> Nodes => Graph.Nodes;

    /// <summary>The layout of training; null where it does not matter.</summary>
    public TrainingLayout? TrainsIn { get; init; }

    /// <summary>Whether backward computes again what need not be kept.</summary>
    public bool Recomputes { get; init; }

    /// <summary>The first loss.</summary>
    public Objective Objective => Graph.Losses.Count == 0 ? Objective.None : Graph.Losses[0].Objective;

    /// <summary>Whether there is a loss, besides one of the caller's.</summary>
    public bool HasLoss => Graph.Losses.Count > 0;

    public bool IsTrainable => HasLoss || Graph.HasExternalLoss;

    public bool InputGradient { get; }

    /// <summary>
    /// Whether Winograd's transforms may compute convolutions, whose errors then count in inference and in training in blocks.
    /// </summary>
    public bool Winograd { get; }

    /// <summary>The only input.</summary>
    public Extents Input => Graph.Inputs.Single().Output;

    /// <summary>The only output.</summary>
    public Extents Output => Nodes[Graph.Outputs.Single()].Output;

    /// <summary>Of a sample: all inputs one behind the other.</summary>
    public int InputLength => Graph.Inputs.Sum(input => input.Output.Length);

    public int OutputLength => Graph.Outputs.Sum(output => Nodes[output].Output.Length);

    public IReadOnlyList<OracleParameter> Parameters => Graph.Parameters;

    /// <summary>The values of <see cref="Parameters"/>, in their order.</summary>
    public IReadOnlyList<Numbers> Weights { get; }

    public long MultiplyAdds => Nodes.Sum(node => node.MultiplyAdds);

    /// <summary>Elements of the largest tensor.</summary>
    public int LargestTensor => Nodes.Max(node => node.Output.Length);

    public bool IsValid => Graph.IsValid;

    /// <summary>Whether each of its batches has the values of which a variance can be made.</summary>
    public bool TrainsOneSample => Nodes.Where(IsOfBatch).All(node => node.Output.Positions > 1);

    /// <summary>Items as they stand on a class: a line for each, or for each branch.</summary>
    public static string Lines(IEnumerable<ScopeItem> items)
    {
        var text = new StringBuilder();
        bool isOpen = false;
        foreach (ScopeItem item in items)
        {
            bool isBranch = item is BranchItem, ends = item is JoinItem { Names.Length: 0 };
            text.Append(!isOpen ? "[" : isBranch || ends ? "]\n[" : ", ").Append(item.Text);
            isOpen = isBranch || (isOpen && !ends);
            text.Append(isOpen ? "" : "]\n");
        }

        return text.ToString();
    }

    /// <summary>The class declaration, as a user would write it, behind the blocks that it uses.</summary>
    public string Declaration(string name)
    {
        string[] ofTraining = [$"TrainingLayout = TrainingLayout.{Layout}", Recomputes ? "Recompute = true" : ""];
        string arguments = string.Join(", ", new[] { _arguments }.Concat(IsTrainable ? ofTraining : []).Where(a => a.Length > 0));
        return $"{_before}[Network{(arguments.Length == 0 ? "" : $"({arguments})")}]\n{Lines(Items)}public sealed partial class {name};\n";
    }

    /// <summary>
    /// Half of all networks are trained in each layout: which follows from their text, so that a network always has the same.
    /// </summary>
    public TrainingLayout Layout => TrainsIn ?? (Lines(Items).Sum(c => c) % 2 == 0 ? TrainingLayout.Blocked : TrainingLayout.SampleLanes);

    /// <summary>Computes one sample and keeps every tensor on the way.</summary>
    public Pass Forward(ReadOnlySpan<float> input, bool training = false, int sample = 0, DropoutMask? mask = null) =>
        Forward(Numbers.Exact(input), training, sample, mask);

    public Pass Forward(Numbers input, bool training = false, int sample = 0, DropoutMask? mask = null) =>
        Forward([input], training, sample, mask)[0];

    /// <summary>Computes a batch, in training with batch norm by its statistics.</summary>
    /// <param name="inputs">Of each sample.</param>
    /// <param name="training">Whether dropout drops.</param>
    /// <param name="first">Number of the first sample.</param>
    /// <param name="mask">What dropout keeps.</param>
    public Pass[] Forward(IReadOnlyList<Numbers> inputs, bool training, int first = 0, DropoutMask? mask = null)
    {
        Pass[] passes = [.. inputs.Select((_, n) =>
            new Pass(this, new PassContext { Training = training, Winograd = Winograd && (!training || Layout == TrainingLayout.Blocked),
                Sample = first + n, Mask = mask }))];
        int read = 0;
        for (int i = 0; i < Nodes.Count; i++)
        {
            OracleNode node = Nodes[i];
            foreach (Pass pass in passes)
            {
                pass.Tensors[i] = new Numbers(node.Output.Length);
            }

            if (node.Layer is null)
            {
                for (int n = 0; n < passes.Length; n++)
                {
                    passes[n].Tensors[i] = inputs[n].Slice(read, node.Output.Length);
                }

                read += node.Output.Length;
            }
            else if (training && IsOfBatch(node))
            {
                ((IBatchLayer)node.Layer).Forward(
                    node.Reads[0], [.. passes.Select(p => p.Tensors[node.Inputs[0]])], [.. passes.Select(p => p.Tensors[i])],
                    Own(node, Weights));
            }
            else
            {
                foreach (Pass pass in passes)
                {
                    pass.Context.Layer = node.Number;
                    node.Layer.Forward(pass.Context, node.Reads, pass.Inputs(node), pass.Tensors[i], Own(node, Weights));
                }
            }
        }

        return passes;
    }

    /// <summary>A sample's target, from any numbers in −1..1 and any classes.</summary>
    /// <param name="stream">Of random numbers.</param>
    /// <param name="sample">Which one.</param>
    public Target DrawTarget(ulong stream, int sample)
    {
        var classes = new List<int>();
        var values = new List<float>();
        foreach ((bool AreClasses, string Name) key in _targets.Keys)
        {
            OracleLoss[] losses = [.. Graph.Losses.Where(loss => loss.TargetKey == key)];
            int own = losses.Min(loss => Nodes[loss.Node].Output.Channels);
            Extents extents = Nodes[losses[0].Node].Output;
            ulong number = (ulong)values.Count + (ulong)classes.Count;
            var target = new Target(Formula.Class(stream + number, sample, own),
                Formula.Uniforms(stream + 0x10000 + (number << 8) + (ulong)sample, extents.Length));
            target = losses.Aggregate(target, (suited, loss) => loss.Objective.Suit(suited, extents));
            if (key.AreClasses)
            {
                classes.AddRange(target.Classes);
            }
            else
            {
                values.AddRange(target.Values);
            }
        }

        return new Target([.. classes], [.. values]);
    }

    /// <summary>One sample's part of the batch's loss, where there is one loss only.</summary>
    /// <param name="pass">The sample's forward pass.</param>
    /// <param name="target">Its target.</param>
    /// <param name="divisor">What the batch's sum is divided by: <see cref="Objective.Divisor"/>.</param>
    public (double Loss, double Variance) Loss(Pass pass, Target target, double divisor) => Loss(Graph.Losses[0], pass, target, divisor);

    /// <summary>The batch's loss.</summary>
    public Numbers Loss(IReadOnlyList<Pass> passes, IReadOnlyList<Target> targets)
    {
        var sums = new Sums(1);
        foreach ((OracleLoss loss, double divisor) in Graph.Losses.Zip(Divisors(targets)))
        {
            for (int n = 0; n < passes.Count; n++)
            {
                (double value, double variance) = Loss(loss, passes[n], TargetOf(loss, targets[n]), divisor);
                sums.Add(0, value, variance);
            }
        }

        var result = new Numbers(1);
        sums.Store(result);
        return result;
    }

    /// <summary>Adds one sample's gradient of the batch's loss, where there is one loss only.</summary>
    public void Backward(Pass pass, Target target, double divisor, GradientSums gradients) =>
        Backward([pass], [target], [divisor], gradients);

    /// <summary>Adds a batch's gradients of its loss.</summary>
    public void Backward(IReadOnlyList<Pass> passes, IReadOnlyList<Target> targets, GradientSums gradients) =>
        Backward(passes, targets, Divisors(targets), gradients);

    /// <summary>Adds the gradient of Σ outputGradient · output.</summary>
    public void Backward(Pass pass, ReadOnlySpan<float> outputGradient, GradientSums gradients) =>
        Backward([pass], [Numbers.Exact(outputGradient)], gradients);

    /// <summary>Adds a batch's gradients of Σ outputGradient · output.</summary>
    public void Backward(IReadOnlyList<Pass> passes, IReadOnlyList<Numbers> outputGradients, GradientSums gradients)
    {
        for (int n = 0; n < passes.Count; n++)
        {
            int position = 0;
            foreach (int output in Graph.Outputs)
            {
                passes[n].Gradients[output].Add(outputGradients[n].Slice(position, Nodes[output].Output.Length));
                position += Nodes[output].Output.Length;
            }
        }

        Propagate(passes, gradients);
    }

    /// <summary>What a training pass does to the running statistics, which are among the weights.</summary>
    public void MoveStatistics(IReadOnlyList<Pass> passes, IReadOnlyList<Numbers> weights)
    {
        foreach (OracleNode node in Nodes.Where(IsOfBatch))
        {
            ((IBatchLayer)node.Layer!).MoveStatistics(node.Reads[0], [.. passes.Select(p => p.Tensors[node.Inputs[0]])],
                Own(node, weights));
        }
    }

    private static List<ScopeItem> Stack(Extents input, IReadOnlyList<Layer> layers, Objective objective)
    {
        var items = new List<ScopeItem> { new InputItem(input) };
        foreach (Layer layer in layers)
        {
            if (layer is not Branches group)
            {
                items.Add(new LayerItem(layer));
                continue;
            }

            foreach (IReadOnlyList<Layer> path in group.Paths)
            {
                items.Add(new BranchItem());
                items.AddRange(path.Select(inner => new LayerItem(inner)));
            }

            items.Add(new JoinItem(group));
        }

        if (objective != Objective.None)
        {
            items.Add(new LossItem(objective));
        }

        return items;
    }

    private static bool IsOfBatch(OracleNode node) => node.Layer is IBatchLayer && !node.IsFrozen;

    private static double Square(double value) => value * value;

    private static List<T> Own<T>(OracleNode node, IReadOnlyList<T> parameters) =>
        [.. parameters.Skip(node.FirstParameter).Take(node.Layer!.Parameters(node.Reads[0]).Count)];

    private double[] Divisors(IReadOnlyList<Target> targets) =>
        [.. Graph.Losses.Select(loss => loss.Objective.Divisor(targets.Select(target => TargetOf(loss, target))))];

    private Target TargetOf(OracleLoss loss, Target target)
    {
        (int offset, int length) = _targets[loss.TargetKey];
        return _targets.Count == 1 ? target
            : loss.Objective.TakesClasses ? target with { Classes = target.Classes[offset..(offset + length)] }
            : target with { Values = target.Values[offset..(offset + length)] };
    }

    /// <summary>The tensor of which the loss is a function: in front of a layer with which it is one.</summary>
    private int Logits(OracleLoss loss) =>
        Nodes[loss.Node].Layer is { } layer && loss.Objective.IsFusedWith(layer) ? Nodes[loss.Node].Inputs[0] : loss.Node;

    private (double Loss, double Variance) Loss(OracleLoss loss, Pass pass, Target target, double divisor)
    {
        (double value, double variance) = loss.Objective.Loss(pass.Tensors[Logits(loss)], target);

        // Without any weight in the batch there is no loss.
        double factor = divisor == 0 ? 0 : loss.Weight / divisor;
        return (value * factor, variance * Square(factor));
    }

    private void Backward(IReadOnlyList<Pass> passes, IReadOnlyList<Target> targets, double[] divisors, GradientSums gradients)
    {
        for (int n = 0; n < passes.Count; n++)
        {
            foreach ((OracleLoss loss, double divisor) in Graph.Losses.Zip(divisors))
            {
                Numbers gradient = loss.Objective.Gradient(passes[n].Tensors[Logits(loss)], TargetOf(loss, targets[n]));
                double factor = divisor == 0 ? 0 : loss.Weight / divisor;
                for (int i = 0; i < gradient.Length; i++)
                {
                    gradient.Value[i] *= factor;
                    gradient.Variance[i] *= Square(factor);
                }

                passes[n].Gradients[Logits(loss)].Add(gradient);
            }
        }

        Propagate(passes, gradients);
    }

    private void Propagate(IReadOnlyList<Pass> passes, GradientSums gradients)
    {
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            OracleNode node = Nodes[i];
            if (node.Layer is null || passes[0].Gradients[i].Count == 0)
            {
                continue;
            }

            List<Sums> own = Own(node, gradients.Parameters);
            if (node.IsFrozen)
            {
                own = [.. own.Select(sums => new Sums(sums.Length))];
            }

            Numbers[] dys = [.. passes.Select(pass => pass.TakeGradient(i))];
            Numbers[][] dxs = [.. passes.Select(_ => node.Reads.Select(extents => new Numbers(extents.Length)).ToArray())];
            if (passes[0].Context.Training && IsOfBatch(node))
            {
                ((IBatchLayer)node.Layer).Backward(
                    node.Reads[0], [.. passes.Select(p => p.Tensors[node.Inputs[0]])], dys, [.. dxs.Select(dx => dx[0])],
                    Own(node, Weights), own);
            }
            else
            {
                for (int n = 0; n < passes.Count; n++)
                {
                    passes[n].Context.Layer = node.Number;
                    node.Layer.Backward(
                        passes[n].Context, node.Reads, passes[n].Inputs(node), passes[n].Tensors[i], dys[n], dxs[n],
                        Own(node, Weights), own);
                }
            }

            for (int n = 0; n < passes.Count; n++)
            {
                for (int k = 0; k < node.Inputs.Length; k++)
                {
                    passes[n].Gradients[node.Inputs[k]].Add(dxs[n][k]);
                }
            }
        }

        gradients.Inputs = [.. passes.Select(pass => Numbers.Join(
            [.. Enumerable.Range(0, Nodes.Count).Where(i => Nodes[i].Layer is null).Select(pass.TakeGradient)]))];
    }
}

/// <summary>The tensors of one sample's forward pass.</summary>
internal sealed class Pass(OracleNetwork network, PassContext context)
{
    public PassContext Context { get; } = context;

    /// <summary>By node.</summary>
    public Numbers[] Tensors { get; } = new Numbers[network.Nodes.Count];

    /// <summary>What the readers of each tensor have given so far.</summary>
    public List<Numbers>[] Gradients { get; } = [.. network.Nodes.Select(_ => new List<Numbers>())];

    /// <summary>All outputs one behind the other.</summary>
    public Numbers Output =>
        network.Graph.Outputs is [int only] ? Tensors[only] : Numbers.Join([.. network.Graph.Outputs.Select(i => Tensors[i])]);

    public Numbers[] Inputs(OracleNode node) => [.. node.Inputs.Select(input => Tensors[input])];

    /// <summary>The sum of what a tensor's readers have given, who then may begin anew.</summary>
    public Numbers TakeGradient(int node)
    {
        List<Numbers> parts = Gradients[node];
        Numbers result;
        if (parts.Count == 1)
        {
            result = parts[0];
        }
        else
        {
            var sum = new BranchSum(network.Nodes[node].Output.Length);
            parts.ForEach(sum.Add);
            result = new Numbers(network.Nodes[node].Output.Length);
            sum.Store(result);
        }

        parts.Clear();
        return result;
    }
}

/// <summary>Gradients of the parameters, summed over samples, and of the inputs of those that came last.</summary>
internal sealed class GradientSums(OracleNetwork network)
{
    public IReadOnlyList<Sums> Parameters { get; } = [.. network.Parameters.Select(p => new Sums(p.Length))];

    public Numbers? Input => Inputs.Count == 0 ? null : Inputs[^1];

    public IReadOnlyList<Numbers> Inputs { get; set; } = [];

    /// <summary>The sums times a factor, such as 1/n for samples that were added with a batch of 1.</summary>
    public IReadOnlyList<Numbers> Result(double factor = 1) => [.. Parameters.Select(sums =>
    {
        var numbers = new Numbers(sums.Length);
        sums.Store(numbers, factor);
        return numbers;
    })];
}
