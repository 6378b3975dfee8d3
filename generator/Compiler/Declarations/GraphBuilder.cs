using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Walks along the attributes of a network. It adds their layers to a graph, or finds their problems. Generator and analyzer both use
/// it, so that they always agree.
/// </summary>
internal sealed class GraphBuilder
{
    private readonly NetworkDeclaration _declaration;
    private readonly StackBlock _network;
    private readonly ProblemLog _problems = new();
    private readonly GraphAssembler _graph;
    private readonly ItemInputs _reads;
    private readonly TensorNames _tensors;
    private readonly SharedParameters _shared;
    private readonly bool _hasInput, _reportsBindingErrors;
    private readonly CancellationToken _cancellationToken;
    private int _layers;

    /// <summary>Whether the layer or block of <c>FreezeUntil</c> has not been reached yet.</summary>
    private bool _isFreezing;

    /// <summary>
    /// The first attribute whose class does not exist, and whose name resembles no known one. It may be any layer, so nothing is certain
    /// about the layers after it.
    /// </summary>
    private int? _anything;
    private string? _closedBy;

    private GraphBuilder(NetworkDeclaration declaration, bool reportsBindingErrors, CancellationToken cancellationToken)
    {
        (_declaration, _reportsBindingErrors, _cancellationToken) = (declaration, reportsBindingErrors, cancellationToken);
        _network = Expansion.Expand(declaration, _problems, cancellationToken, reportsBindingErrors);
        int inputs = _network.Items.Count(item => item is StackLayer { Operator: Compiler.Operators.Input });
        _hasInput = inputs > 0;
        _graph = new GraphAssembler(declaration.Name, declaration.Settings, _problems) { HasOneInput = inputs == 1 };
        _tensors = new TensorNames(_network, _problems);
        _shared = new SharedParameters(_network, _tensors, _problems);
        _reads = new ItemInputs(_network, _graph, _tensors, _problems);
        _isFreezing = declaration.Settings.FreezeUntil is not null;
    }

    public static NetworkModel Build(NetworkDeclaration declaration, CancellationToken cancellationToken) =>
        Build(declaration, cancellationToken, out _);

    /// <param name="declaration">The declaration.</param>
    /// <param name="cancellationToken">Cancels the building.</param>
    /// <param name="sources">Where each node of the graph comes from.</param>
    public static NetworkModel Build(
        NetworkDeclaration declaration, CancellationToken cancellationToken, out IReadOnlyList<LayerSource> sources)
    {
        var builder = new GraphBuilder(declaration, false, cancellationToken);
        NetworkModel model = builder.Build() with { MaySuppress = declaration.MaySuppress };
        sources = builder._graph.Sources;
        if (declaration.IsComplete)
        {
            return DeclaredSizes.Add(model, declaration, cancellationToken);
        }

        // If the compiler could not compute all values, nothing can be said about the network.
        return model with
        {
            Graph = null,
            Problems = EquatableArray.Of(BuildProblems.NotCompiled(declaration.Name)),
        };
    }

    /// <summary>
    /// The problems of a network with attributes that the compiler refuses: those of these attributes, and of all layers that do not depend
    /// on them.
    /// </summary>
    public static EquatableArray<Problem> ProblemsOf(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        var builder = new GraphBuilder(declaration, true, cancellationToken);
        return builder.Build().Problems.Where(builder.IsCertain).ToEquatableArray();
    }

    /// <summary>Whether a problem remains, whatever the unknown layer is.</summary>
    private bool IsCertain(Problem problem) => _anything is not { } index
        || problem.Rule.Category == Category.Binding
        || problem.Rule == ArgumentProblems.OutOfRangeRule || problem.Rule == ArgumentProblems.ConflictingRule
        || _declaration.ClassProblems.Contains(problem)
        || (problem.Site.Attribute >= 0 && problem.Site.Attribute < index && problem.Rule != BranchProblems.NotJoinedRule);

    private NetworkModel Build()
    {
        _problems.AddRange(_declaration.ClassProblems);
        var members = new List<SurfaceMember>();
        Node? last = BuildBlock(_network, null, members);
        if (!_hasInput)
        {
            _problems.Add(StackProblems.NoInput(_declaration.Name));
        }

        if (_layers == 0)
        {
            _problems.Add(StackProblems.NoLayers(_declaration.Name));
        }

        if (_isFreezing)
        {
            _tensors.ReportUnknown(
                new Subject(Site.Class.At("FreezeUntil"), $"FreezeUntil of network '{_declaration.Name}'"),
                _declaration.Settings.FreezeUntil!, _network);
        }

        _graph.Close(last);
        if (!_reportsBindingErrors && !_problems.HasErrors)
        {
            _graph.CheckUse();
            _problems.AddRange(UnreadArguments.OfNetwork(
                _declaration.Name, _declaration.Settings, _graph.Ends.Trainer is not null, _graph.Nodes));
        }

        NetworkSurface surface = _graph.Surface(last, members.ToEquatableArray());
        surface = surface with
        {
            RefusesTrainer = SurfaceNames.RefusesTrainer(surface, _declaration),
            LeftOut = SurfaceNames.Check(surface, _declaration, _problems),
        };
        NetworkGraph? graph = _problems.HasErrors || _declaration.Target is null ? null : _graph.Graph();
        TimeBudget? time = graph is null ? null : DeclaredBudget.Check(_declaration, graph, _graph.Sources, _problems);
        return new NetworkModel(
            _declaration.Name,
            _declaration.FullName,
            _declaration.Target,
            _problems.HasErrors ? null : graph,
            ProblemPlacement.Place(_declaration, _problems.Told(), [.. _graph.Sources.Select(source => source.Site)]),
            surface)
        {
            Time = time,
        };
    }

    /// <summary>Builds the layers of a block.</summary>
    /// <returns>The tensor after the last layer; null if it is not known.</returns>
    private Node? BuildBlock(StackBlock block, Node? input, List<SurfaceMember> members)
    {
        var walk = new Walk(input, members);
        foreach (StackItem item in block.Items)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (item is StackBlock or StackLayer { Operator: LayerOperator or Branch })
            {
                _layers++;
                CheckOrder(item);
            }

            Add(item, walk);
        }

        if (walk.Group is not { } group)
        {
            return walk.Tensor;
        }

        _problems.Add(BranchProblems.NotJoined(
            group.Site, group.Count,
            walk.LossInGroup is not null ? $"before the loss [{walk.LossInGroup}]"
                : block == _network ? "before the network ends" : "before its block ends"));
        return null;
    }

    private void Add(StackItem item, Walk walk)
    {
        switch ((item as StackLayer)?.Operator)
        {
            case null when item is StackBlock inner:
                walk.Group?.Add(inner.Label);
                walk.Tensor = EnterBlock(inner, Read(inner, walk), walk.Members);
                break;

            case LayerOperator layer:
                AddLayer(layer, (StackLayer)item, walk);
                break;

            case Branch when walk.Group is null:
                walk.Group = new BranchGroup(item.Site, walk.Tensor);
                break;

            case Branch:
                walk.Tensor = walk.Group.Next(walk.Tensor);
                break;

            case Compiler.Operators.Input:
                walk.Tensor = BuildInput(item);
                break;

            case Output when IsBindingError(item):
                break;

            case Output:
                _graph.Ends.AddOutput(SourceOf(item), new AttributeArguments(item.Attribute).Read(Output.NameArgument), Read(item, walk));
                break;

            case LossOperator loss:
                AddLoss(loss, item, walk);
                break;

            case ExternalLoss external:
                _graph.Ends.AddExternalLoss(SourceOf(item));
                _closedBy = external.Kind;
                break;

            case null when item.Attribute.IsUnknown:
                _anything ??= item.Site.Attribute;
                (walk.Group, walk.Tensor) = (null, null);
                _layers++;
                break;

            default:
                _problems.Add(BuildProblems.UnknownLayer(item.Site, item.Attribute.Kind));
                walk.Tensor = null;
                break;
        }
    }

    private Node? Read(StackItem item, Walk walk) => _reads.OfItem(item, walk.Tensor, walk.Input);

    private void AddLayer(LayerOperator layer, StackLayer item, Walk walk)
    {
        List<(Node, LayerInput)>? inputs;
        if (layer.JoinsBranches)
        {
            BranchGroup? group = walk.Group;
            inputs = IsBindingError(item) ? null : _reads.OfJoin(item, walk.Tensor, walk.Input, ref group);
            walk.Group = IsBindingError(item) ? null : group;
        }
        else
        {
            walk.Group?.Add(item.Label);

            // A name that does not exist is reported in any case.
            inputs = _reads.OfLayer(layer, item, walk.Tensor, walk.Input, isKnown: !IsBindingError(item));
            if (layer.IsSource && inputs is not null)
            {
                inputs = [(_graph.Nodes[0], new LayerInput(_graph.Nodes[0].Shape))];
            }
        }

        walk.Tensor = BuildLayer(layer, item, inputs, walk.Members);
    }

    /// <summary>Whether the compiler refuses an item's attribute. Its inputs and its output are unknown then.</summary>
    private bool IsBindingError(StackItem item) => _reportsBindingErrors && !item.Attribute.IsBound;

    private Node? EnterBlock(StackBlock block, Node? input, List<SurfaceMember> members)
    {
        int before = _problems.Count;
        List<SurfaceMember> inner = block.IsTransparent ? members : [];
        bool isIdentity = block.ShortcutFilters > 0 && input is { } known && known.Shape.Channels == block.ShortcutFilters
            && block.Attribute.Find(Shortcut.Stride.Name) is null or 1;
        Unfreeze(block);
        _problems.AddRange(UnreadArguments.OfFrozen(block, FreezerOf(block), layer: null));
        _shared.Enter(block);
        Node? output = isIdentity ? input : BuildBlock(block, block.IsBroken ? null : input, inner);
        if (block.BrokenBy is { } cause)
        {
            output = null;
            _problems.Link(before, cause);
        }
        else if (block.IsRepeated)
        {
            _problems.LinkCopy(before);
        }

        if (block.Property.Length > 0 && inner.Count > 0)
        {
            members.Add(new BlockSurface(block.Property, block.Attribute.Kind, inner.ToEquatableArray()));
        }

        _tensors.Add(block, output);
        _shared.Add(block);
        return output;
    }

    private void CheckOrder(StackItem item)
    {
        bool isFirst = _layers == 1;
        if (item.From is not null)
        {
            _closedBy = null;
        }
        else if (_closedBy is not null)
        {
            // Don't report the layers after this one. They are not mistakes themselves.
            _problems.Add(StackProblems.LayerAfterLoss(
                item.Here, _closedBy,
                item.Scope == _network && _network.Items.Count(other => other is StackLayer { Operator: LossOperator }) == 1));
            _closedBy = null;
        }

        if (isFirst && _graph.Inputs.Count == 0 && _hasInput)
        {
            _problems.Add(StackProblems.InputNotFirst(item.Here, item.Scope == _network && _graph.HasOneInput));
        }
    }

    /// <summary>Ends the freezing at the item of <c>FreezeUntil</c>. From there on, layers are trained.</summary>
    private void Unfreeze(StackItem item)
    {
        string? until = _declaration.Settings.FreezeUntil;
        if ((item.Name.Length > 0 && item.Name == until) || item.Name.StartsWith(until + ".", StringComparison.Ordinal))
        {
            _isFreezing = false;
        }
    }

    /// <summary>What freezes an item from outside; null if nothing does.</summary>
    private string? FreezerOf(StackItem item) => item.Scope is { IsFrozen: true } block ? block.Label
        : _isFreezing ? $"FreezeUntil = \"{_declaration.Settings.FreezeUntil}\"" : null;

    private static Source SourceOf(StackItem item) => new(item.Site, item.Attribute.Kind, item.Label)
    {
        Values = ValuesOf(item),
        IsDeclared = item is StackLayer { Operator: IDeclared },
    };

    private static EquatableArray<ArgumentValue> ValuesOf(StackItem item) =>
        item is StackLayer { Operator: { } known } ? ArgumentValue.Read(item.Attribute, known.Arguments) : [];

    private Node? BuildInput(StackItem item)
    {
        _closedBy = null;
        if (item.Scope != _network)
        {
            _problems.Add(ArgumentProblems.Unsupported(
                new Subject(item.Site, ChannelOrder.Kind), "a block has no input of its own",
                "It reads the tensor before it, or the one that From names"));
            return null;
        }

        bool isNamed = item.Name.Length > 0;
        string name = isNamed ? item.Name : ItemInputs.InputName;
        if (_graph.Inputs.Any(other => other.Name == name))
        {
            string free = NetworkEnds.Example(name, _graph.Inputs.Count);
            _problems.Add(StackProblems.UnnamedInput(item.Site, _declaration.Name, free));
        }

        Node? tensor = _graph.AddInput(
            item.IsBroken ? null : Compiler.Operators.Input.Bind(new AttributeArguments(item.Attribute)),
            LayerSourceOf(item, ChannelOrder.Kind),
            new TensorSurface(name, null, isNamed, isNamed ? item.Site.At("Name") : item.Site));
        _tensors.Add(item, tensor);
        return tensor;
    }

    private Node? BuildLayer(
        LayerOperator layer, StackLayer item, List<(Node Tensor, LayerInput Input)>? inputs, List<SurfaceMember> members)
    {
        Unfreeze(item);

        // A shortcut's 1×1 convolution has as many axes as its input.
        bool isShortcut = item.Scope is { ShortcutFilters: > 0 } && inputs?.Count == 1;
        LayerOperator used = isShortcut ? layer.OfRank(inputs![0].Input.Shape.Rank) : layer;
        var arguments = new AttributeArguments(item.Attribute);
        AddedLayer? owner = _shared.OwnerOf(item, out bool isKnown);
        AddedLayer? tied = _shared.TiedTo(item, out bool isTieKnown);
        LayerSource source = LayerSourceOf(item, used.Kind) with { Owner = owner, TiedTo = tied };
        AddedLayer added = _graph.Add(used.Bind(arguments), source, inputs, item.IsBroken || !isKnown || !isTieKnown);
        _shared.Add(item, added);
        if (!item.IsBroken)
        {
            _problems.AddRange(UnreadArguments.Find(item, arguments).Concat(UnreadArguments.OfFrozen(
                item, FreezerOf(item), added, tied?.Output is { } other ? _graph.Nodes[other.Index] : null)));
        }

        if (item.Property.Length > 0)
        {
            members.Add(new LayerSurface(item.Property, used.Kind, added.Parameters));
        }

        _tensors.Add(item, added.Output);
        return added.Output;
    }

    private LayerSource LayerSourceOf(StackItem item, string kind) => new(
        item.Site, kind, item.Label, item.Name, item.Identifier.Length > 0 ? item.Identifier : ChannelOrder.Kind)
    {
        Arguments = ArgumentText.Write(item.Attribute, (item as StackLayer)?.Operator),
        Values = ValuesOf(item),
        IsNamed = item.IsNamed,
        IsDeclared = item is StackLayer { Operator: IDeclared },
        NamesInputs = item.From is not null || (item is StackLayer { Operator: LayerOperator layer }
            && item.Attribute.Find(layer.NamesArgument) is EquatableArray<string> { Count: > 0 }),
        IsFrozen = _isFreezing || item.IsFrozen,
        NamesWeights = item.Attribute.Find(CommonArguments.Weights.Name) is string,
        InitialArguments = item is StackLayer { Operator: LayerOperator known }
            ? item.Attribute.Arguments.Where(argument => argument.Value is not null && known.IsInitial(argument.Name))
                .Select(argument => argument.Name).ToEquatableArray() : [],
    };

    private void AddLoss(LossOperator loss, StackItem item, Walk walk)
    {
        _graph.Ends.NoteTargets(loss.TakesClasses);
        _closedBy = loss.Kind;
        walk.LossInGroup = walk.Group is null ? null : loss.Kind;
        Node? tensor = walk.Group is not null && item.From is null ? null : Read(item, walk);
        if (_layers == 0 || IsBindingError(item))
        {
            return;
        }

        var arguments = new AttributeArguments(item.Attribute);
        _graph.Ends.AddLoss(
            loss.Bind(arguments), SourceOf(item), arguments.Read(CommonArguments.Weight), arguments.Read(CommonArguments.Target).Value,
            tensor, [.. Before(item)]);
        _problems.AddRange(UnreadArguments.Find(item, arguments));
    }

    /// <summary>The layers before an item in its scope, nearest first, as long as each reads only the one before it.</summary>
    private static IEnumerable<LayerBefore> Before(StackItem item)
    {
        List<StackItem> items = item.Scope!.Items;
        for (int i = items.IndexOf(item); i > 0 && items[i].From is null; i--)
        {
            Cancellation.ThrowIfRequested();
            yield return new LayerBefore(items[i - 1].Name, items[i - 1].IsNamed);
        }
    }

    /// <summary>The state of the walk along a block.</summary>
    /// <param name="input">The tensor with which the block begins.</param>
    private sealed class Walk(Node? input, List<SurfaceMember> members)
    {
        public Node? Input { get; } = input;

        /// <summary>The properties of its layers and blocks.</summary>
        public List<SurfaceMember> Members { get; } = members;

        /// <summary>The tensor that the next item reads; null if it is not known.</summary>
        public Node? Tensor { get; set; } = input;

        /// <summary>The open group of branches; null if there is none.</summary>
        public BranchGroup? Group { get; set; }

        /// <summary>The loss that came before the group was closed.</summary>
        public string? LossInGroup { get; set; }
    }
}
