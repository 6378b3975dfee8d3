using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// Builds a network's graph from its declaration, or finds its problems. Generator and analyzer both use it, so that they never disagree.
/// </summary>
internal sealed class GraphBuilder
{
    private const string InputKind = "Input";

    private readonly NetworkDeclaration _declaration;
    private readonly StackBlock _network;
    private readonly List<Problem> _problems = [];
    private readonly NodeList _nodes;
    private readonly SizeLimits _limits;
    private readonly ItemInputs _reads;
    private readonly TensorNames _tensors;
    private readonly NetworkEnds _ends;
    private readonly bool _hasInput;
    private readonly CancellationToken _cancellationToken;

    private readonly List<TensorSurface> _inputs = [];
    private readonly bool _reportsMisfits;
    private int _layers;
    private bool _takesBytes;

    /// <summary>
    /// The first attribute whose class does not exist, and which resembles no known one. It may be a layer of any kind, so that nothing is
    /// certain about the layers after it.
    /// </summary>
    private int? _anything;
    private string? _closedBy;

    private GraphBuilder(NetworkDeclaration declaration, bool reportsMisfits, CancellationToken cancellationToken)
    {
        (_declaration, _reportsMisfits, _cancellationToken) = (declaration, reportsMisfits, cancellationToken);
        _network = Expansion.Of(declaration, _problems, cancellationToken, reportsMisfits);
        _nodes = new NodeList(declaration.Settings.FreezeUntil);
        _limits = new SizeLimits(declaration, _problems);
        _tensors = new TensorNames(_network, _problems);
        _reads = new ItemInputs(_network, _inputs, _nodes, _tensors, _problems);
        _ends = new NetworkEnds(declaration.Name, _nodes.Nodes, _problems);
        _hasInput = _network.Items.Any(item => item is StackLayer { Operator: Operators.Input });
    }

    public static NetworkModel Build(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        NetworkModel model = new GraphBuilder(declaration, false, cancellationToken).Build() with { MaySuppress = declaration.MaySuppress };
        if (declaration.IsComplete)
        {
            return model;
        }

        // If the compiler could not determine all values, nothing can be said about the network.
        return model with
        {
            Graph = null,
            Problems = EquatableArray.Of(Problem.Of(Rules.NotCompiled, Site.Class, declaration.Name)),
        };
    }

    /// <summary>
    /// The problems of a network with an attribute that the compiler refuses: those of this attribute, and of all layers that do not depend
    /// on it.
    /// </summary>
    public static EquatableArray<Problem> ProblemsOf(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        var builder = new GraphBuilder(declaration, true, cancellationToken);
        return builder.Build().Problems.Where(builder.IsCertain).ToEquatableArray();
    }

    /// <summary>Whether something is a problem whatever the unknown layer is.</summary>
    private bool IsCertain(Problem problem) => _anything is not { } index
        || problem.Rule.Category == Rules.Binding
        || problem.Id == Rules.ArgumentOutOfRange.Id || problem.Id == Rules.ConflictingArguments.Id
        || _declaration.ClassProblems.Contains(problem)
        || (problem.Site.Attribute >= 0 && problem.Site.Attribute < index && problem.Id != Rules.BranchesNotJoined.Id);

    private NetworkModel Build()
    {
        _problems.AddRange(_declaration.ClassProblems);
        var members = new List<SurfaceMember>();
        Tensor? last = BuildBlock(_network, null, members);
        if (!_hasInput)
        {
            _problems.Add(Problem.Of(Rules.NoInput, Site.Class, _declaration.Name));
        }

        if (_layers == 0)
        {
            _problems.Add(Problem.Of(Rules.NoLayers, Site.Class, _declaration.Name));
        }

        if (_nodes.IsFreezing)
        {
            _tensors.ReportUnknown(Site.Class.At("FreezeUntil"), $"FreezeUntil of network '{_declaration.Name}'",
                _declaration.Settings.FreezeUntil!, _network);
        }

        _ends.Close(last);
        _limits.CheckSums(_inputs, _ends.Surface, _nodes.Nodes);
        if (!_reportsMisfits && !_problems.Any(problem => problem.IsError))
        {
            _ends.CheckUse(_nodes.Sources);
            Lints.Check(_nodes.Nodes, _nodes.Sources, _ends.Losses, _problems);
        }

        var surface = new NetworkSurface(
            _inputs.ToEquatableArray(),
            _ends.Surface,
            last is null ? null : (long)_limits.Parameters,
            members.ToEquatableArray(),
            _ends.Trainer)
        {
            TakesBytes = _takesBytes && _inputs.Count == 1,
        };
        surface = surface with
        {
            RefusesTrainer = SurfaceNames.RefusesTrainer(surface, _declaration),
            LeftOut = SurfaceNames.Check(surface, _declaration, _problems),
        };
        TellOrder();
        bool valid = !_problems.Any(problem => problem.IsError) && _declaration.Target is not null;
        return new NetworkModel(
            _declaration.Name,
            _declaration.FullName,
            _declaration.Target,
            valid ? Graph() : null,
            ProblemPlacement.Of(_declaration, _problems, _nodes.Sources.ConvertAll(source => source.Site)),
            surface);
    }

    private NetworkGraph Graph() => new(_nodes.Nodes.ToEquatableArray(), _ends.Outputs, _ends.Losses, _declaration.Settings)
    {
        HasExternalLoss = _ends.HasExternalLoss,
    };

    /// <summary>
    /// If windows do not fit because channels were written last, their messages give that advice, and the warning about the order is
    /// dropped.
    /// </summary>
    private void TellOrder()
    {
        if (_inputs.Count == 1 && _problems.Find(problem => problem.Id == Rules.ChannelsLast.Id) is { } order
            && _problems.Exists(problem => problem.Id == Rules.WindowTooLarge.Id))
        {
            _problems.Remove(order);
            string advice = $"The channels of the input come first: write [{order.Arguments[2]}]";
            for (int i = 0; i < _problems.Count; i++)
            {
                EquatableArray<string> arguments = _problems[i].Arguments;
                if (_problems[i].Id == Rules.WindowTooLarge.Id)
                {
                    string extents = order.Arguments[2].Substring(InputKind.Length + 1).TrimEnd(')');
                    _problems[i] = (_problems[i] with { Arguments = arguments.Take(arguments.Count - 1).Append(advice).ToEquatableArray() })
                        .MendedBy(new Mend(MendKind.ReplaceArgumentsBefore, InputKind, extents));
                }
            }
        }
    }

    /// <summary>Builds the layers of a block.</summary>
    /// <returns>The tensor after the last layer; null if it is not known.</returns>
    private Tensor? BuildBlock(StackBlock block, Tensor? input, List<SurfaceMember> members)
    {
        Tensor? tensor = input;
        BranchGroup? group = null;
        string? lossInGroup = null;
        foreach (StackItem item in block.Items)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (item is StackBlock or StackLayer { Operator: LayerOperator or Branch })
            {
                _layers++;
                CheckOrder(item);
            }

            switch ((item as StackLayer)?.Operator)
            {
                case null when item is StackBlock inner:
                    group?.Add(inner.Label);
                    tensor = EnterBlock(inner, _reads.Of(inner, tensor, input), members);
                    break;

                case LayerOperator { JoinsBranches: true } when IsMisfit(item):
                    group = null;
                    tensor = BuildLayer((LayerOperator)((StackLayer)item).Operator!, (StackLayer)item, null, members);
                    break;

                case LayerOperator { JoinsBranches: true } join:
                    tensor = BuildLayer(join, (StackLayer)item, _reads.OfJoin((StackLayer)item, tensor, input, ref group), members);
                    break;

                case LayerOperator layer:
                    group?.Add(item.Label);
                    if (IsMisfit(item))
                    {
                        _ = _reads.Of(item, tensor, input);
                        tensor = BuildLayer(layer, (StackLayer)item, null, members);
                        break;
                    }

                    tensor = BuildLayer(layer, (StackLayer)item, _reads.OfLayer(layer, item, tensor, input), members);
                    break;

                case Branch when group is null:
                    group = new BranchGroup(item.Site, tensor);
                    break;

                case Branch:
                    tensor = group.Next(tensor);
                    break;

                case Operators.Input:
                    tensor = BuildInput(item);
                    break;

                case Output when IsMisfit(item):
                    break;

                case Output:
                    _ends.AddOutput(item, _reads.Of(item, tensor, input));
                    break;

                case LossOperator loss:
                    _ends.NoteLoss(loss);
                    lossInGroup = group is null ? null : loss.Kind;
                    Tensor? target = group is not null && item.From is null ? null : _reads.Of(item, tensor, input);
                    if (_layers > 0 && !IsMisfit(item))
                    {
                        _ends.AddLoss(loss, item, target);
                    }

                    _closedBy = loss.Kind;
                    break;

                case ExternalLoss external:
                    _ends.AddExternalLoss(item);
                    _closedBy = external.Kind;
                    break;

                case null when item.Attribute.IsUnknown:
                    _anything ??= item.Site.Attribute;
                    (group, tensor) = (null, null);
                    _layers++;
                    break;

                default:
                    _problems.Add(Problem.Of(Rules.UnknownLayer, item.Site, $"[{item.Attribute.Kind}]"));
                    tensor = null;
                    break;
            }
        }

        if (group is not null)
        {
            _problems.Add(Problem.Of(
                Rules.BranchesNotJoined,
                group.Site,
                group.Count == 1 ? "1 branch" : $"{Arithmetic.Number(group.Count)} branches",
                lossInGroup is not null ? $"before the loss [{lossInGroup}]" : block == _network ? "before the network ends"
                    : "before its block ends"));
            return null;
        }

        return tensor;
    }

    /// <summary>Whether the compiler refuses an item, so that its inputs and output are unknown.</summary>
    private bool IsMisfit(StackItem item) => _reportsMisfits && !item.Attribute.IsBound;

    private Tensor? EnterBlock(StackBlock block, Tensor? input, List<SurfaceMember> members)
    {
        int before = _problems.Count;
        List<SurfaceMember> inner = block.IsTransparent ? members : [];
        bool isIdentity = block.ShortcutFilters > 0 && input is { } known && known.Shape.Channels == block.ShortcutFilters
            && block.Attribute.Find("Stride") is null or 1;
        _nodes.Unfreeze(block);
        Tensor? output = isIdentity ? input : BuildBlock(block, block.IsBroken ? null : input, inner);
        if (block.IsBroken)
        {
            output = null;
            _problems.RemoveRange(before, _problems.Count - before);
        }
        else if (block.IsRepeated)
        {
            Problem.DropRepeated(_problems, before);
        }

        if (block.Property.Length > 0 && inner.Count > 0)
        {
            members.Add(new BlockSurface(block.Property, block.Attribute.Kind, inner.ToEquatableArray()));
        }

        _tensors.Add(block, output);
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
            // Don't report the layers after this one: they have no mistake of their own.
            _problems.Add(Problem.Of(Rules.LayerAfterLoss, item.Site, item.Label, _closedBy).MendedBy(
                item.Scope == _network && _network.Items.Count(other => other is StackLayer { Operator: LossOperator }) == 1
                    ? [new Mend(MendKind.MoveToEnd, _closedBy)] : []));
            _closedBy = null;
        }

        if (isFirst && _inputs.Count == 0 && _hasInput)
        {
            _problems.Add(Problem.Of(Rules.InputNotFirst, item.Site, item.Label).MendedBy(
                item.Scope == _network && _network.Items.Count(other => other is StackLayer { Operator: Operators.Input }) == 1
                    ? [new Mend(MendKind.MoveUp, InputKind)] : []));
        }
    }

    private Tensor? BuildInput(StackItem item)
    {
        _closedBy = null;
        var context = new InputContext(item.Site, item.Attribute, _problems);
        if (item.Scope != _network)
        {
            context.Report(Rules.UnsupportedArgument, "", "a block has no input of its own",
                "It reads the tensor before it, or the one that From names");
            return null;
        }

        string name = item.Name.Length > 0 ? item.Name : ItemInputs.InputName;
        if (_inputs.Any(other => other.Name == name))
        {
            _problems.Add(
                Problem.Of(Rules.UnnamedEnd, item.Site, _declaration.Name, "input",
                    $"Name = \"{NetworkEnds.Example(name, _inputs.Count)}\"")
                .MendedBy(Mend.Set("Name", $"\"{NetworkEnds.Example(name, _inputs.Count)}\"")));
        }

        Shape? shape = item.IsBroken ? null
            : Operators.Input.Build(context) is { } built && SizeLimits.Fits(context, built, "its shape") ? built : null;
        _inputs.Add(new TensorSurface(name, shape, item.Name.Length > 0, item.Name.Length > 0 ? item.Site.At("Name") : item.Site));
        Tensor? tensor = null;
        if (shape is { } known)
        {
            tensor = _nodes.Add(item, "Input", Operators.Input.Operation, EquatableArray<int>.Empty, known, "");
        }

        _tensors.Add(item, tensor);
        return tensor;
    }

    private Tensor? BuildLayer(
        LayerOperator layer, StackLayer item, List<(Tensor Tensor, LayerInput Input)>? inputs, List<SurfaceMember> members)
    {
        _nodes.Unfreeze(item);
        _takesBytes |= layer.TakesBytes && (inputs is null ? _layers == 1 : inputs[0].Tensor.Node == 0);

        // A shortcut's 1×1 convolution has as many axes as its input.
        bool isShortcut = item.Scope is { ShortcutFilters: > 0 } && inputs?.Count == 1;
        LayerOperator used = isShortcut ? layer.OfRank(inputs![0].Input.Shape.Rank) : layer;
        string kind = used.Kind;
        var context = new LayerContext(
            item.Site, item.Attribute with { Kind = kind }, _problems, item.Name, inputs?.Select(input => input.Input).ToArray());
        LayerResult? result = item.IsBroken ? null : used.Build(context);
        Tensor? output = null;
        IEnumerable<string> parameters;
        if (result is not null && context.Input is { } first && SizeLimits.Fits(context, result.PaddedInput ?? first, "its padded input")
            && SizeLimits.Fits(context, result.Shape, "its output") && _limits.CountParameters(context, result.Operation, first))
        {
            int[] read = inputs!.Select(input => input.Tensor.Node).ToArray();
            foreach (ImplicitLayer hidden in result.Before)
            {
                read[0] = _nodes.Add(item, kind, hidden.Operation, EquatableArray.Of(read[0]), hidden.Shape, "", hidden.Name).Node;
            }

            output = _nodes.Add(item, kind, result.Operation, read.ToEquatableArray(), result.Shape, result.Formula);
            parameters = result.Operation.Parameters(first).Select(parameter => parameter.Suffix);
        }
        else
        {
            parameters = used.ParameterSuffixes(context);
        }

        if (item.Property.Length > 0)
        {
            members.Add(new LayerSurface(item.Property, kind, parameters.ToEquatableArray()));
        }

        _tensors.Add(item, output);
        return output;
    }
}
