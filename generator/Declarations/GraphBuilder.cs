using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using Microsoft.CodeAnalysis;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// From a declaration to its graph or its problems. Generator and analyzer both come through here, so that they never
/// disagree.
/// </summary>
internal sealed class GraphBuilder
{
    /// <summary>
    /// Values of one tensor, padding included: 16 samples are computed at once in the widest tier, and the kernels count with
    /// 32 bits.
    /// </summary>
    private const int MaxValues = int.MaxValue / 16;

    /// <summary>All parameters together: 4 GiB. The rest of the 32 bits is room for the padding of packed weights.</summary>
    private const int MaxParameters = 1 << 30;

    private const string InputKind = "Input";

    /// <summary>What the layers of a scope call the tensor with which it begins.</summary>
    private const string InputName = "input";

    private readonly NetworkDeclaration _declaration;
    private readonly StackBlock _network;
    private readonly List<Problem> _problems = [];
    private readonly List<Node> _nodes = [];
    private readonly TensorNames _tensors;
    private readonly NetworkEnds _ends;
    private readonly bool _hasInput;
    private readonly CancellationToken _cancellationToken;

    /// <summary>What each node was made from.</summary>
    private readonly List<StackItem> _sources = [];
    private readonly List<TensorSurface> _inputs = [];
    private decimal _parameters;
    private int _layers;
    private bool _isFreezing;
    private bool _takesBytes;
    private string? _closedBy;

    private GraphBuilder(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        (_declaration, _cancellationToken) = (declaration, cancellationToken);
        _network = Expansion.Of(declaration, _problems, cancellationToken);
        _tensors = new TensorNames(_network, _problems);
        _ends = new NetworkEnds(declaration.Name, _nodes, _problems);
        _hasInput = _network.Items.Any(item => item is StackLayer { Operator: Operators.Input });
        _isFreezing = declaration.FreezeUntil is not null;
    }

    public static NetworkModel Build(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        NetworkModel model = new GraphBuilder(declaration, cancellationToken).Build() with { MaySuppress = declaration.MaySuppress };
        if (declaration.IsComplete)
        {
            return model;
        }

        // Values that the compiler could not determine say nothing about the network.
        return model with
        {
            Graph = null,
            Problems = EquatableArray.Of(Problem.Of(Rules.NotCompiled, Site.Class, declaration.Name)),
        };
    }

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

        if (_isFreezing)
        {
            _tensors.ReportUnknown(Site.Class.At("FreezeUntil"), $"FreezeUntil of network '{_declaration.Name}'", _declaration.FreezeUntil!, _network);
        }

        _ends.Close(last);
        CheckSums();
        if (!_problems.Any(problem => problem.IsError))
        {
            _ends.CheckUse(_sources);
            Lints.Check(_nodes, _sources, _ends.Losses, _problems);
        }

        var surface = new NetworkSurface(
            _inputs.ToEquatableArray(),
            _ends.Surface,
            last is null ? null : (long)_parameters,
            members.ToEquatableArray(),
            _ends.Trainer)
        {
            TakesBytes = _takesBytes && _inputs.Count == 1,
        };
        surface = surface with { LeftOut = SurfaceNames.Check(surface, _declaration, _problems) };
        TellOrder();
        bool valid = !_problems.Any(problem => problem.IsError) && _declaration.Target is not null;
        return new NetworkModel(
            _declaration.Name,
            _declaration.FullName,
            _declaration.Target,
            valid ? Graph() : null,
            ProblemPlacement.Of(_declaration, _problems, _sources.ConvertAll(source => source.Site)),
            surface);
    }

    private NetworkGraph Graph() => new(_nodes.ToEquatableArray(), _ends.Outputs, _ends.Losses, _declaration.InputGradient)
    {
        Observable = _declaration.Observable,
        HasExternalLoss = _ends.HasExternalLoss,
    };

    /// <summary>Where windows do not fit because channels were written last, that is the advice, and one message.</summary>
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

    /// <summary>What a caller passes and gets is counted in 32 bits, too, all inputs and outputs together.</summary>
    private void CheckSums()
    {
        Check("the sum of its inputs", _inputs, MaxValues, $"a network can hold, {Arithmetic.Number(MaxValues)}");
        Check("the sum of its outputs", _ends.Surface, MaxValues, $"a network can hold, {Arithmetic.Number(MaxValues)}");
        long observed = _nodes.Where(node => node.Inputs.Count > 0 && node.PartOf is null).Sum(node => (long)node.Shape.Length);
        if (_declaration.Observable && observed > int.MaxValue)
        {
            Report($"the sum of its layers, which Observable keeps, {Arithmetic.Number(observed)} values,", Arithmetic.Number(int.MaxValue));
        }

        void Check(string what, IEnumerable<TensorSurface> tensors, int most, string limit)
        {
            long[] lengths = tensors.Select(tensor => tensor.Shape is { } shape ? shape.Length : 0L).ToArray();
            if (lengths.Length > 1 && lengths.Sum() is var sum && sum > most)
            {
                Report($"{what}, {Arithmetic.Equation(string.Join(" + ", lengths.Select(Arithmetic.Number)), sum)} values,", limit);
            }
        }

        void Report(string what, string limit) =>
            _problems.Add(Problem.Of(Rules.TooLarge, Site.Class, $"Network '{_declaration.Name}'", what, limit));
    }

    /// <summary>Builds the layers of a block.</summary>
    /// <returns>The tensor behind the last one; null where that is not known.</returns>
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
                    tensor = EnterBlock(inner, Read(inner, tensor, input), members);
                    break;

                case LayerOperator { JoinsBranches: true } join:
                    tensor = BuildLayer(join, (StackLayer)item, Joined((StackLayer)item, tensor, input, ref group), members);
                    break;

                case LayerOperator layer:
                    group?.Add(item.Label);
                    tensor = BuildLayer(
                        layer, (StackLayer)item,
                        Read(item, tensor, input) is { } read ? WithPartner(layer, item, [(read, new LayerInput(read.Shape))], input) : null, members);
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

                case Output:
                    _ends.AddOutput(item, Read(item, tensor, input));
                    break;

                case LossOperator loss:
                    _ends.NoteLoss(loss);
                    lossInGroup = group is null ? null : loss.Kind;
                    Tensor? target = group is not null && item.From is null ? null : Read(item, tensor, input);
                    if (_layers > 0)
                    {
                        _ends.AddLoss(loss, item, target);
                    }

                    _closedBy = loss.Kind;
                    break;

                case ExternalLoss external:
                    _ends.AddExternalLoss(item);
                    _closedBy = external.Kind;
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
                lossInGroup is not null ? $"before the loss [{lossInGroup}]" : block == _network ? "before the network ends" : "before its block ends"));
            return null;
        }

        return tensor;
    }

    private Tensor? EnterBlock(StackBlock block, Tensor? input, List<SurfaceMember> members)
    {
        int before = _problems.Count;
        List<SurfaceMember> inner = block.IsTransparent ? members : [];
        bool isIdentity = block.ShortcutFilters > 0 && input is { } known && known.Shape.Channels == block.ShortcutFilters
            && block.Attribute.Find("Stride") is null or 1;
        Unfreeze(block);
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
            // What follows it has no other mistake.
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

    /// <summary>The tensor that an item reads: the one before it, or the one that it names.</summary>
    private Tensor? Read(StackItem item, Tensor? before, Tensor? input) =>
        item.From is { } name ? Find(name, item, item.Site.At("From"), input) : before;

    private Tensor? Find(string name, StackItem item, Site site, Tensor? input) =>
        name == InputName && HasPlainInput(item) ? input ?? Only() : _tensors.Find(name, item, site, HasPlainInput(item) ? InputName : null);

    /// <summary>
    /// Whether "input" means something: the tensor with which a block begins, or a network's only input; unless a layer of the scope has this name,
    /// be it before its reader or behind.
    /// </summary>
    private bool HasPlainInput(StackItem item) => (item.Scope != _network || _inputs.Count == 1)
        && !item.Scope!.Items.Exists(other => other.Name == item.Scope.Prefix + InputName);

    /// <summary>Adds the output and the input of the layer that an argument names; null where it is not known.</summary>
    private List<(Tensor, LayerInput)>? WithPartner(LayerOperator layer, StackItem item, List<(Tensor, LayerInput)> inputs, Tensor? input)
    {
        if (layer.PartnerArgument is not { } argument)
        {
            return inputs;
        }

        string name = item.Attribute.Find(argument) as string ?? "";
        if (Find(name, item, item.Site.At(argument), input) is not { } partner)
        {
            return null;
        }

        Node node = _nodes[partner.Node];
        inputs.Add((partner, new LayerInput(partner.Shape) { Name = name, Operation = node.Operation }));
        if (node.Inputs.Count > 0)
        {
            Shape shape = _nodes[node.Inputs[0]].Shape;
            inputs.Add((new Tensor(node.Inputs[0], shape), new LayerInput(shape) { Name = name }));
        }

        return inputs;
    }

    /// <summary>The network's only input: it stands in the network's scope, not before it.</summary>
    private Tensor? Only() => _inputs.Count == 1 && _nodes.Count > 0 ? new Tensor(0, _nodes[0].Shape) : null;

    private Tensor? BuildInput(StackItem item)
    {
        _closedBy = null;
        var context = new InputContext(item.Site, item.Attribute, _problems);
        if (item.Scope != _network)
        {
            context.Report(Rules.UnsupportedArgument, "", "a block has no input of its own", "It reads the tensor before it, or the one that From names");
            return null;
        }

        string name = item.Name.Length > 0 ? item.Name : InputName;
        if (_inputs.Any(other => other.Name == name))
        {
            _problems.Add(Problem.Of(Rules.UnnamedEnd, item.Site, _declaration.Name, "input", $"Name = \"{NetworkEnds.Example(name, _inputs.Count)}\"")
                .MendedBy(Mend.Set("Name", $"\"{NetworkEnds.Example(name, _inputs.Count)}\"")));
        }

        Shape? shape = item.IsBroken ? null : Operators.Input.Build(context) is { } built && Fits(context, built, "its shape") ? built : null;
        _inputs.Add(new TensorSurface(name, shape, item.Name.Length > 0, item.Name.Length > 0 ? item.Site.At("Name") : item.Site));
        Tensor? tensor = null;
        if (shape is { } known)
        {
            tensor = Add(item, "Input", Operators.Input.Operation, EquatableArray<int>.Empty, known, "");
        }

        _tensors.Add(item, tensor);
        return tensor;
    }

    private Tensor? BuildLayer(
        LayerOperator layer, StackLayer item, List<(Tensor Tensor, LayerInput Input)>? inputs, List<SurfaceMember> members)
    {
        Unfreeze(item);
        _takesBytes |= layer.TakesBytes && (inputs is null ? _layers == 1 : inputs[0].Tensor.Node == 0);

        // Who only asks for 1×1 windows need not know how many axes they have.
        bool isShortcut = item.Scope is { ShortcutFilters: > 0 } && inputs?.Count == 1;
        LayerOperator used = isShortcut ? layer.OfRank(inputs![0].Input.Shape.Rank) : layer;
        string kind = used.Kind;
        var context = new LayerContext(
            item.Site, item.Attribute with { Kind = kind }, _problems, item.Name, inputs?.Select(input => input.Input).ToArray());
        LayerResult? result = item.IsBroken ? null : used.Build(context);
        Tensor? output = null;
        IEnumerable<string> parameters;
        if (result is not null && context.Input is { } first && Fits(context, result.PaddedInput ?? first, "its padded input")
            && Fits(context, result.Shape, "its output") && CountParameters(context, result.Operation, first))
        {
            int[] read = inputs!.Select(input => input.Tensor.Node).ToArray();
            foreach (ImplicitLayer hidden in result.Before)
            {
                read[0] = Add(item, kind, hidden.Operation, EquatableArray.Of(read[0]), hidden.Shape, "", hidden.Name).Node;
            }

            output = Add(item, kind, result.Operation, read.ToEquatableArray(), result.Shape, result.Formula);
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

    /// <param name="hidden">Part of the name that the language does not know.</param>
    private Tensor Add(
        StackItem item, string kind, Operation operation, EquatableArray<int> inputs, Shape shape, string formula, string? hidden = null)
    {
        string identifier = item.Identifier.Length > 0 ? item.Identifier : "Input";
        _nodes.Add(new Node(
            _nodes.Count,
            hidden is null ? item.Name : $"{item.Name}.{hidden}",
            hidden is null ? identifier : identifier + LayerNames.PropertyOf(hidden),
            kind, operation, inputs, shape, formula)
        {
            PartOf = hidden is null ? null : item.Name,
            Frozen = _isFreezing || item.IsFrozen,
        });
        _sources.Add(item);
        return new Tensor(_nodes.Count - 1, shape);
    }

    private void Unfreeze(StackItem item)
    {
        if (_isFreezing && ((item.Name.Length > 0 && item.Name == _declaration.FreezeUntil)
            || item.Name.StartsWith(_declaration.FreezeUntil + ".", StringComparison.Ordinal)))
        {
            _isFreezing = false;
        }
    }

    /// <summary>What a join reads: the tensors that it names, or the ends of the open group's branches, which it closes.</summary>
    /// <returns>Null where there are too few, or where one of them is not known.</returns>
    private List<(Tensor, LayerInput)>? Joined(StackLayer join, Tensor? before, Tensor? input, ref BranchGroup? group)
    {
        if (join.Attribute.Find("names") is EquatableArray<string> { Count: > 0 } names)
        {
            group?.Add(join.Label);
            Site site = join.Site.At("names");
            if (names.Count == 1)
            {
                _problems.Add(Problem.Of(Rules.TooFewBranches, site, join.Label, "one tensor only", "Name another one"));
                return null;
            }

            List<Tensor?> read = names.Select((name, i) => Find(name, join, join.Site.At("names", i), input)).ToList();
            return read.Any(tensor => tensor is null) ? null : names
                .Zip(read, (name, tensor) => (tensor!.Value, new LayerInput(tensor.Value.Shape) { Name = name, Since = Since(tensor.Value, null) }))
                .ToList();
        }

        if (join.From is not null)
        {
            _problems.Add(Problem.Of(
                Rules.UnsupportedArgument, join.Site.At("From"), join.Label, "a join reads several tensors",
                $"Name all of them: [{join.Attribute.Kind}(\"{join.From}\", …)]"));
            return null;
        }

        BranchGroup? closed = group;
        group = null;
        if (closed is not { Count: > 1 })
        {
            _problems.Add(Problem.Of(
                Rules.TooFewBranches,
                join.Site,
                join.Label,
                closed is null ? "no branches" : "one branch only",
                closed is null
                    ? "Put [Branch] before each branch; a branch without layers is the identity"
                    : "Put another [Branch] before or behind it; a branch without layers is the identity"));
            return null;
        }

        return closed.Close(before)?
            .Select(end => (end.Tensor, new LayerInput(end.Tensor.Shape, end.FirstLayer) { Since = Since(end.Tensor, closed.Start) }))
            .ToList();
    }

    /// <summary>Finds the layer that made an extent of a tensor what it is, on the way from where its branch began.</summary>
    private Func<Func<Shape, int>, string?> Since(Tensor end, Tensor? start) => extent =>
    {
        int node = end.Node;
        while (node != start?.Node && _nodes[node].Inputs.Count > 0)
        {
            int before = _nodes[node].Inputs[0];
            if (extent(_nodes[before].Shape) != extent(_nodes[node].Shape))
            {
                return _sources[node].Label;
            }

            node = before;
        }

        return null;
    };

    private static bool Fits(AttributeContext context, Shape shape, string what)
    {
        // Four extents are up to 124 bits.
        BigInteger values = (BigInteger)shape.Channels * shape.Depth * shape.Height * shape.Width;
        if (values <= MaxValues)
        {
            return true;
        }

        context.Report(
            Rules.TooLarge,
            "",
            $"{what}, {Arithmetic.Equation(Arithmetic.Product(shape.Extents), values)} values,",
            $"a network can hold, {Arithmetic.Number(MaxValues)}");
        return false;
    }

    private bool CountParameters(LayerContext context, Operation operation, Shape input)
    {
        decimal before = _parameters;
        foreach (ParameterSpec parameter in operation.Parameters(input).Where(parameter => parameter.Role != ParameterRole.Buffer))
        {
            _parameters += parameter.Extents.Aggregate(1m, (product, extent) => product * extent);
        }

        if (_parameters <= MaxParameters)
        {
            return true;
        }

        string sum = before == 0
            ? $"the number of parameters, {Text(_parameters)},"
            : $"the number of parameters, {Text(before)} + {Text(_parameters - before)} = {Text(_parameters)},";
        context.Report(Rules.TooLarge, "", sum, $"a network can hold, {Arithmetic.Number(MaxParameters)}");
        return false;
    }

    private static string Text(decimal number) => number.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
}
