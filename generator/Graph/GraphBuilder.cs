using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Generator.Declarations;
using Strata.Generator.Diagnostics;
using Strata.Generator.Operators;

namespace Strata.Generator.Graph;

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

    private readonly NetworkDeclaration _declaration;
    private readonly List<Problem> _problems = [];
    private readonly List<Node> _nodes = [];
    private readonly List<LayerSurface> _surface = [];
    private readonly LayerNames _names;
    private BranchGroup? _group;
    private decimal _parameters;

    private GraphBuilder(NetworkDeclaration declaration)
    {
        _declaration = declaration;
        _names = new LayerNames(declaration, _problems);
    }

    public static NetworkModel Build(NetworkDeclaration declaration, CancellationToken cancellationToken)
    {
        NetworkModel model = new GraphBuilder(declaration).Build(cancellationToken) with { MaySuppress = declaration.MaySuppress };
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

    private NetworkModel Build(CancellationToken cancellationToken)
    {
        EquatableArray<AttributeDeclaration> attributes = _declaration.Attributes;
        _problems.AddRange(_declaration.ClassProblems);
        CheckOrder();

        int inputIndex = IndexOf(attributes, kind => kind == "Input");
        Shape? inputShape = inputIndex < 0 ? null : BuildInput(inputIndex, attributes[inputIndex]);
        if (inputShape is { } known)
        {
            _nodes.Add(new Node(0, "", "Input", "Input", new InputOperation(), EquatableArray<int>.Empty, known, ""));
        }

        Tensor? tensor = inputShape is { } start ? new Tensor(0, start) : null;
        LossOperator? lossOperator = null;
        int lossIndex = -1;
        for (int i = 0; i < attributes.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (OperatorCatalog.Find(attributes[i].Kind))
            {
                case LayerOperator layer:
                    tensor = BuildLayer(layer, i, tensor);
                    break;

                case Branch:
                    if (_group is null)
                    {
                        _group = new BranchGroup(i, tensor);
                    }
                    else
                    {
                        tensor = _group.Next(tensor);
                    }

                    break;

                case LossOperator found when lossOperator is null:
                    (lossOperator, lossIndex) = (found, i);
                    break;

                case null:
                    Report(Rules.UnknownLayer, i, $"[{attributes[i].Kind}]");
                    tensor = null;
                    break;
            }
        }

        if (_group is { } open)
        {
            Report(
                Rules.BranchesNotJoined,
                open.Attribute,
                open.Count == 1 ? "1 branch" : $"{Arithmetic.Number(open.Count)} branches",
                lossOperator is null ? "before the network ends" : $"before the loss [{lossOperator.Kind}]");
            tensor = null;
        }

        Loss? loss = lossOperator is not null && _surface.Count > 0
            ? lossOperator.Build(new LossContext(lossIndex, attributes[lossIndex], _problems, tensor?.Shape, _nodes))
            : null;

        bool valid = !_problems.Any(problem => problem.IsError) && _declaration.Target is not null;
        return new NetworkModel(
            _declaration.Name,
            _declaration.FullName,
            _declaration.Target,
            valid ? new NetworkGraph(_nodes.ToEquatableArray(), loss, _declaration.InputGradient) : null,
            _problems.ToEquatableArray(),
            new NetworkSurface(
                inputShape, tensor?.Shape, tensor is null ? null : (long)_parameters, _surface.ToEquatableArray(), lossOperator?.Targets));
    }

    private void CheckOrder()
    {
        EquatableArray<AttributeDeclaration> attributes = _declaration.Attributes;
        int inputs = 0, layers = 0;
        AttributeDeclaration? loss = null;
        for (int i = 0; i < attributes.Count; i++)
        {
            switch (OperatorCatalog.Find(attributes[i].Kind))
            {
                case Operators.Input when ++inputs > 1:
                    Report(Rules.SecondInput, i, _declaration.Name);
                    break;

                case LossOperator when loss is not null:
                    Report(Rules.SecondLoss, i, _declaration.Name, loss.Kind);
                    break;

                case LossOperator:
                    loss = attributes[i];
                    break;

                case LayerOperator or Branch:
                    layers++;
                    if (loss is not null)
                    {
                        Report(Rules.LayerAfterLoss, i, Label(i), loss.Kind);
                    }

                    if (layers == 1 && inputs == 0 && IndexOf(attributes, kind => kind == "Input") > i)
                    {
                        Report(Rules.InputNotFirst, i, Label(i));
                    }

                    break;
            }
        }

        if (inputs == 0)
        {
            _problems.Add(Problem.Of(Rules.NoInput, Site.Class, _declaration.Name));
        }

        if (layers == 0)
        {
            _problems.Add(Problem.Of(Rules.NoLayers, Site.Class, _declaration.Name));
        }
    }

    private Shape? BuildInput(int index, AttributeDeclaration attribute)
    {
        var context = new InputContext(index, attribute, _problems);
        return Operators.Input.Build(context) is { } shape && Fits(context, shape, "its shape") ? shape : null;
    }

    private Tensor? BuildLayer(LayerOperator layer, int index, Tensor? before)
    {
        IReadOnlyList<(Tensor Tensor, string? FirstLayer)>? inputs = before is { } single ? [(single, null)] : null;
        if (layer.JoinsBranches)
        {
            inputs = CloseGroup(index, before);
        }
        else
        {
            _group?.Add(Label(index));
        }

        var context = new LayerContext(
            index,
            _declaration.Attributes[index],
            _problems,
            _names.NameOf(index),
            inputs?.Select(input => new LayerInput(input.Tensor.Shape, input.FirstLayer)).ToArray());
        LayerResult? result = layer.Build(context);
        string identifier = _names.IdentifierOf(index);
        if (identifier.Length > 0)
        {
            _surface.Add(new LayerSurface(identifier, layer.ParameterSuffixes(context).ToEquatableArray()));
        }

        if (result is null || context.Input is not { } input || !Fits(context, result.PaddedInput ?? input, "its padded input")
            || !Fits(context, result.Shape, "its output") || !CountParameters(context, result.Operation, input))
        {
            return null;
        }

        List<int> read = inputs.Select(tensor => tensor.Tensor.Node).ToList();
        foreach (HiddenLayer hidden in result.Before)
        {
            _nodes.Add(new Node(
                _nodes.Count, $"{context.Name}.{hidden.Name}", $"{identifier}_{hidden.Name}", context.Kind, hidden.Operation,
                EquatableArray.Of(read[0]), hidden.Shape, ""));
            read[0] = _nodes.Count - 1;
        }

        _nodes.Add(new Node(
            _nodes.Count,
            context.Name,
            identifier,
            context.Kind,
            result.Operation,
            read.ToEquatableArray(),
            result.Shape,
            result.Formula));
        return new Tensor(_nodes.Count - 1, result.Shape);
    }

    /// <summary>The ends of the open group's branches; null where there are too few, or where one of them is not known.</summary>
    private List<(Tensor Tensor, string? FirstLayer)>? CloseGroup(int join, Tensor? before)
    {
        BranchGroup? group = _group;
        _group = null;
        if (group is not { Count: > 1 })
        {
            Report(
                Rules.TooFewBranches,
                join,
                Label(join),
                group is null ? "no branches" : "one branch only",
                group is null ? "Put [Branch] before each branch" : "Put another [Branch] before or behind it");
            return null;
        }

        return group.Close(before);
    }

    private static bool Fits(AttributeContext context, Shape shape, string what)
    {
        decimal values = (decimal)shape.Channels * shape.Depth * shape.Height * shape.Width;
        if (values <= MaxValues)
        {
            return true;
        }

        context.Report(
            Rules.TooLarge,
            "",
            $"{what}, {Arithmetic.Product(shape.Extents)} = {Text(values)} values,",
            $"a network can hold, {Arithmetic.Number(MaxValues)}");
        return false;
    }

    private bool CountParameters(LayerContext context, Operation operation, Shape input)
    {
        decimal before = _parameters;
        foreach (ParameterSpec parameter in operation.Parameters(input))
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

    private static int IndexOf(EquatableArray<AttributeDeclaration> attributes, Func<string, bool> predicate)
    {
        for (int i = 0; i < attributes.Count; i++)
        {
            if (predicate(attributes[i].Kind))
            {
                return i;
            }
        }

        return -1;
    }

    private string Label(int index) => OperatorCatalog.Find(_declaration.Attributes[index].Kind) is LayerOperator
        ? $"{_declaration.Attributes[index].Kind} '{_names.NameOf(index)}'"
        : $"[{_declaration.Attributes[index].Kind}]";

    private void Report(Microsoft.CodeAnalysis.DiagnosticDescriptor rule, int attribute, params string[] arguments) =>
        _problems.Add(Problem.Of(rule, new Site(attribute, ""), arguments));
}
