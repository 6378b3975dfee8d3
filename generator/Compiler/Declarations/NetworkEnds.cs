using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Collects the outputs and losses of a network, and checks that they fit together.</summary>
internal sealed class NetworkEnds(string network, List<Node> nodes, ProblemLog problems)
{
    private readonly List<(string Name, Node? Tensor, Site Site)> _outputs = [];
    private readonly List<PendingLoss> _losses = [];
    private Source? _externalLoss;
    private readonly HashSet<string> _offered = [];
    private readonly List<(Subject Output, string Name)> _repeated = [];
    private bool _takesClasses;
    private bool _takesValues;

    public EquatableArray<NetworkOutput> Outputs =>
        _outputs.Select(output => new NetworkOutput(output.Name, output.Tensor!.Index)).ToEquatableArray();

    public EquatableArray<NetworkLoss> Losses { get; private set; } = EquatableArray<NetworkLoss>.Empty;

    public EquatableArray<TensorSurface> Surface =>
        _outputs.Select(output => new TensorSurface(output.Name, output.Tensor?.Shape, output.Name.Length > 0, output.Site))
            .ToEquatableArray();

    /// <summary>Whether the caller computes a loss.</summary>
    public bool HasExternalLoss => _externalLoss is not null;

    /// <summary>The trainer whose step takes the targets of the losses; null if the network has no loss.</summary>
    public string? Trainer => TrainerName.For(_takesClasses, _takesValues, HasExternalLoss);

    /// <summary>An example of a name, which differs from those of a number of others.</summary>
    public static string Example(string name, int others) => name + Arithmetic.Number(others + 1);

    /// <param name="name">Not set if the output has no name.</param>
    public void AddOutput(Source source, Argument<string> name, Node? tensor)
    {
        Subject output = name.IsSet ? source.At(name.Name) : source.Here;
        if (name.IsSet && (name.Value.Contains('.') || LayerNames.Identifier(name.Value, out _) is null))
        {
            LayerNames.Identifier(name.Value, out string reason);
            problems.Add(NameProblems.Invalid(output, name.Value, reason.Length > 0 ? reason : "it holds '.'"));
        }
        else if (name.IsSet && _outputs.Any(other => other.Name == name.Value))
        {
            _repeated.Add((output, name.Value));
        }

        _outputs.Add((name.Value, tensor, output.Site));
    }

    /// <summary>Reports names that are missing or taken. All outputs are known by now.</summary>
    private void CheckNames()
    {
        // If several outputs have no name, the first one may stay without.
        List<Site> unnamed = _outputs.Where(output => output.Name.Length == 0).Select(output => output.Site).ToList();
        foreach (Site site in _outputs.Count == 1 ? [] : unnamed.Count == 1 ? unnamed : unnamed.Skip(1))
        {
            problems.Add(StackProblems.UnnamedOutput(site, network, FreeName("main")));
        }

        foreach ((Subject output, string name) in _repeated)
        {
            problems.Add(NameProblems.DuplicateOutput(output, name, FreeName(name)));
        }
    }

    /// <summary>A name that no output has, and that has not been suggested before.</summary>
    private string FreeName(string name)
    {
        string stem = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return Enumerable.Range(1, _outputs.Count + _offered.Count + 2).Select(i => i == 1 ? stem : stem + Arithmetic.Number(i))
            .First(candidate => candidate.Length > 0 && _outputs.All(other => other.Name != candidate) && _offered.Add(candidate));
    }

    /// <summary>Adds a loss.</summary>
    /// <param name="weight">Its factor in the sum of all losses.</param>
    /// <param name="target">The name of its target; empty if all losses have one target.</param>
    /// <param name="tensor">The tensor that the loss reads; null if it is not known.</param>
    /// <param name="before">The layers before it that an edit may move or remove, nearest first.</param>
    public void AddLoss(
        LossDefinition definition, Source source, Argument<double> weight, string target, Node? tensor,
        IReadOnlyList<LayerBefore> before)
    {
        var context = new LossContext(source.Site, source.Kind, problems, tensor?.Shape, tensor, nodes, before);
        context.Finite(weight);
        if (tensor?.Shape is { Rank: > Shape.VolumeRank } shape)
        {
            context.Report(ShapeProblems.TooManyAxes(context.Here, shape));
        }

        _losses.Add(new PendingLoss(definition.Build(context), tensor, weight, target, source));
    }

    /// <summary>Records the kind of a loss's targets, even if there is no layer before the loss.</summary>
    public void NoteTargets(bool areClasses)
    {
        _takesClasses |= areClasses;
        _takesValues |= !areClasses;
    }

    public void AddExternalLoss(Source source) => _externalLoss ??= source;

    /// <summary>If no output is declared, the output is the tensor of the loss with the largest weight, or the last layer.</summary>
    public void Close(Node? last)
    {
        if (_outputs.Count == 0)
        {
            _outputs.Add(("", _losses.Count == 0 ? last : _losses.OrderByDescending(loss => loss.Weight.Value).First().Tensor, Site.Class));
        }

        CheckNames();
        CheckLosses();
        PlaceTargets();
    }

    private void CheckLosses()
    {
        if (_losses.Count > 0 && _losses.All(loss => loss.Weight.Value == 0))
        {
            PendingLoss first = _losses[0];
            string weight = _losses.Count == 1 ? "0" : "0 for every loss of the network";
            problems.Add(ArgumentProblems.OutOfRange(
                first.Source.At(first.Weight.Name), "Weight", weight, "another number: nothing would be trained"));
        }

        if (_externalLoss is not null && _losses.Count > 0)
        {
            problems.Add(LossProblems.NeedlessExternal(_externalLoss.Here, _losses[0].Source.Kind));
        }
    }

    /// <summary>Gives each target its offset in a sample's classes or values. Losses with the same target share it.</summary>
    private void PlaceTargets()
    {
        // Classes and values are separate arguments, so a target of each may have the same name.
        var targets = new Dictionary<(bool, string), (PendingLoss First, int Offset, int Length)>();
        var losses = new List<NetworkLoss>();
        int classes = 0, values = 0;
        foreach (PendingLoss loss in _losses)
        {
            if (loss.Tensor is not { } tensor)
            {
                continue;
            }

            int length = loss.Loss.TargetLength(tensor.Shape);
            ref int end = ref loss.TakesClasses ? ref classes : ref values;
            if (!targets.TryGetValue((loss.TakesClasses, loss.Target), out (PendingLoss First, int Offset, int Length) target))
            {
                target = (loss, end, length);
                targets.Add((loss.TakesClasses, loss.Target), target);
                end += length;
            }
            else if (target.Length != length)
            {
                problems.Add(LossProblems.TargetsDiffer(
                    loss.Source.Here, length, tensor.Shape, target.First.Source.Label, target.Length, target.First.Tensor!.Shape));
            }

            var added = new NetworkLoss(loss.Loss, tensor.Index, loss.Weight.Value, target.Offset)
            {
                Values = loss.Source.Values,
                IsDeclared = loss.Source.IsDeclared,
            };
            if (losses.FirstOrDefault(other => IsSame(other, added)) is { } repeated)
            {
                problems.Add(LossProblems.Repeated(
                    loss.Source.Here, tensor.Name.Length > 0 ? $"{tensor.Kind} '{tensor.Name}'" : "the input",
                    repeated.Weight + added.Weight));
            }

            losses.Add(added);
        }

        Losses = losses.ToEquatableArray();
    }

    /// <summary>Reports tensors that nothing reads.</summary>
    /// <param name="sources">What each node was made from.</param>
    public void CheckUse(IReadOnlyList<Source> sources)
    {
        var used = new bool[nodes.Count];
        var read = new bool[nodes.Count];
        Cancellation.ThrowIfRequested();
        foreach (int node in _outputs.Select(output => output.Tensor?.Index)
            .Concat(_losses.Select(loss => loss.Tensor?.Index)).OfType<int>())
        {
            used[node] = true;
        }

        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            Cancellation.ThrowIfRequested();
            foreach (int input in nodes[i].Inputs)
            {
                used[input] |= used[i];
                read[input] = true;
            }
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            Cancellation.ThrowIfRequested();
            if (used[i] || read[i])
            {
                continue;
            }

            int dead = 1;
            for (int before = i; nodes[before].Inputs.Count > 0 && !used[nodes[before].Inputs[0]]; before = nodes[before].Inputs[0])
            {
                Cancellation.ThrowIfRequested();
                dead++;
            }

            problems.Add(StackProblems.UnusedTensor(sources[i].Here, dead));
        }
    }

    /// <summary>Whether two losses are the same function of the same tensor, under any names.</summary>
    private bool IsSame(NetworkLoss one, NetworkLoss other) =>
        SourceOf(one) == SourceOf(other) && one.TargetOffset == other.TargetOffset
        && (one.Loss with { Name = "" }).Equals(other.Loss with { Name = "" });

    /// <summary>The tensor that a loss is a function of. For a loss fused with a layer, it is that layer's input.</summary>
    private int SourceOf(NetworkLoss loss) =>
        loss.Loss.IsFusedWith(nodes[loss.Node].Operation) ? nodes[loss.Node].Inputs[0] : loss.Node;

    private sealed record PendingLoss(Loss Loss, Node? Tensor, Argument<double> Weight, string Target, Source Source)
    {
        public bool TakesClasses => Loss.TakesClasses;
    }
}
