using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>A layer that was added.</summary>
/// <param name="Output">Null if the layer does not fit, or if its input is not known.</param>
/// <param name="Parameters">The last parts of its parameters' keys.</param>
internal readonly record struct AddedLayer(Node? Output, EquatableArray<string> Parameters)
{
    /// <summary>The nodes of the layer with parameters, in their order.</summary>
    public EquatableArray<Node> Owners { get; init; } = [];
}

/// <summary>
/// Assembles a graph from definitions, layer by layer: nodes, shapes, limits and problems. It knows no attribute and no syntax:
/// <see cref="GraphBuilder"/> walks along a class's attributes, and hands over the definition of each.
/// </summary>
internal sealed class GraphAssembler
{
    private readonly ProblemLog _problems;
    private readonly List<Node> _nodes = [];
    private readonly List<LayerSource> _sources = [];
    private readonly List<TensorSurface> _inputs = [];
    private readonly SizeLimits _limits;
    private readonly NetworkEnds _ends;
    private readonly NetworkSettings _settings;
    private int _layers;
    private bool _takesBytes;
    private ChannelOrder? _order;

    public GraphAssembler(string network, NetworkSettings settings, ProblemLog problems)
    {
        (_settings, _problems) = (settings, problems);
        _limits = new SizeLimits(network, settings, problems);
        _ends = new NetworkEnds(network, _nodes, problems);
    }

    /// <summary>
    /// Whether the network has a single input. Then a doubt about the order of its channels explains why windows do not fit.
    /// </summary>
    public bool HasOneInput { get; init; } = true;

    /// <summary>The nodes so far, inputs included.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>What each node was made from.</summary>
    public IReadOnlyList<LayerSource> Sources => _sources;

    /// <summary>The network's inputs so far.</summary>
    public IReadOnlyList<TensorSurface> Inputs => _inputs;

    /// <summary>The outputs and the losses.</summary>
    public NetworkEnds Ends => _ends;

    /// <summary>Adds an input of the network.</summary>
    /// <param name="definition">Null if its arguments are not known.</param>
    /// <param name="surface">Its name in the class. Its shape is set here.</param>
    /// <returns>Null if its shape is not known.</returns>
    public Node? AddInput(InputDefinition? definition, LayerSource source, TensorSurface surface)
    {
        var context = new InputContext(source.Site, _problems);
        Shape? shape = definition?.Build(context) is { } built && SizeLimits.Fits(context, built, "its shape") ? built : null;
        _order = HasOneInput ? context.Order : null;
        _inputs.Add(surface with { Shape = shape });
        return shape is { } known ? AddNode(source, Input.Operation, EquatableArray<int>.Empty, known, "") : null;
    }

    /// <summary>Adds a layer.</summary>
    /// <param name="inputs">Null if one of them is not known. Then only the arguments are checked.</param>
    /// <param name="isBroken">Whether the arguments have no values. This has already been reported.</param>
    public AddedLayer Add(
        LayerDefinition definition, LayerSource source, IReadOnlyList<(Node Tensor, LayerInput Input)>? inputs, bool isBroken = false)
    {
        _takesBytes |= definition.TakesBytes && (inputs is null ? _layers == 0 : inputs[0].Tensor.Index == 0);
        _layers++;
        var context = new LayerContext(
            source.Site, source.Kind, _problems, source.Name, inputs?.Select(input => input.Input).ToArray())
        {
            Order = _order,
        };
        LayerResult? result = isBroken ? null : definition.Resolve(context);
        if (result is null || context.Input is not { } first || !Fits(context, source, result, first))
        {
            return new AddedLayer(null, definition.ParameterSuffixes.ToEquatableArray());
        }

        List<ParameterSpec> parameters = ParametersOf(result, context.Inputs!);

        List<int> tensors = [.. inputs!.Select(input => input.Tensor.Index)];
        int[] read = [.. tensors];
        int before = _nodes.Count;
        foreach (ImplicitLayer part in result.Before)
        {
            IEnumerable<int> own = part.Reads?.Select(i => tensors[i]) ?? [read[0]];
            read[0] = AddNode(source, part.Operation, own.ToEquatableArray(), part.Shape, "", part.Name).Index;
            tensors.Add(read[0]);
        }

        Node output = AddNode(
            source, result.Operation, (result.Reads?.Select(i => tensors[i]) ?? read).ToEquatableArray(), result.Shape, result.Formula,
            windows: result.Windows);
        if (result.Before.Count > 0 && inputs!.Count > 1)
        {
            output = _nodes[output.Index] = output with { ReadByParts = inputs.Select(input => input.Tensor.Index).ToEquatableArray() };
        }

        if (source.TiedTo?.Output is { } tied)
        {
            output = _nodes[output.Index] = output with { TiedTo = _nodes[tied.Index].Owner ?? tied.Index };
        }

        JoinSlices(before);
        EquatableArray<Node> owners = _nodes.Skip(before)
            .Where(node => node.Operation.Parameters(_nodes[node.Inputs[0]].Shape).Count > 0).ToEquatableArray();
        if (source.Owner is { } owner)
        {
            owners = SharedParameters.Join(owners, owner, _nodes);
            return new AddedLayer(output, []) { Owners = owners };
        }

        // Parts may have parameters of one suffix, but not of one key.
        bool arePartly = parameters.Count > result.Operation.Parameters(_nodes[output.Inputs[0]].Shape).Count;
        return new AddedLayer(
            output, parameters.Select(parameter => arePartly ? parameter.OwnKey ?? parameter.Suffix : parameter.Suffix).ToEquatableArray())
        {
            Owners = owners,
        };
    }

    /// <summary>Whether a layer is within the limits, and what it shares with others suits it. What does not is reported.</summary>
    private bool Fits(LayerContext context, LayerSource source, LayerResult result, Shape first)
    {
        IReadOnlyList<(Operation Operation, Shape Input)> parts = [.. PartsOf(result, context.Inputs!)];
        return SizeLimits.Fits(context, result.PaddedInput ?? first, "its padded input")
            && SizeLimits.Fits(context, result.Shape, "its output")
            && result.Before.All(part => SizeLimits.Fits(context, part.Shape, "its largest tensor"))
            && (source.Owner is null ? _limits.CountParameters(context, ParametersOf(result, context.Inputs!))
                : SharedParameters.Fit(context, source, parts, _nodes))
            && (source.TiedTo is null
                || SharedParameters.FitTied(context, source, result.Operation, parts[parts.Count - 1].Input, _nodes));
    }

    /// <summary>The operations of a layer, those of its parts first, each with the shape that it reads.</summary>
    private static IEnumerable<(Operation Operation, Shape Input)> PartsOf(LayerResult result, IReadOnlyList<LayerInput> inputs)
    {
        List<Shape> shapes = [.. inputs.Select(input => input.Shape)];
        Shape last = shapes[0];
        foreach (ImplicitLayer part in result.Before)
        {
            yield return (part.Operation, part.Reads is { } own ? shapes[own[0]] : last);
            shapes.Add(last = part.Shape);
        }

        yield return (result.Operation, result.Reads is { } read ? shapes[read[0]] : last);
    }

    /// <summary>The parameters of a layer, those of its parts first. Slices of one count as a whole.</summary>
    private static List<ParameterSpec> ParametersOf(LayerResult result, IReadOnlyList<LayerInput> inputs) =>
    [
        .. PartsOf(result, inputs).SelectMany(part => part.Operation.Parameters(part.Input))
            .Where(parameter => parameter.Slice is not { Index: > 0 }).Select(parameter => parameter.Whole),
    ];

    /// <summary>The nodes of a layer with slices of the same parameters: the first one has them.</summary>
    private void JoinSlices(int before)
    {
        var owners = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (Node node in _nodes.Skip(before).ToList())
        {
            EquatableArray<ParameterSpec> parameters = node.Operation.Parameters(_nodes[node.Inputs[0]].Shape);
            if (parameters.Count == 0 || parameters[0] is not { Slice: { } slice, OwnKey: { } key })
            {
                continue;
            }

            if (slice.Index == 0)
            {
                owners.Add(key, node);
            }
            else
            {
                _nodes[node.Index] = node with { Owner = owners[key].Index };
            }
        }
    }

    /// <param name="part">The last part of the name, for a node that is not in the network language.</param>
    /// <param name="windows">The axes of the window that the layer declares.</param>
    private Node AddNode(
        LayerSource source, Operation operation, EquatableArray<int> inputs, Shape shape, string formula, string? part = null,
        IReadOnlyList<LayerWindow>? windows = null)
    {
        Cancellation.ThrowIfRequested();
        var node = new Node(
            _nodes.Count,
            part is null ? source.Name : $"{source.Name}.{part}",
            part is null ? source.Identifier : source.Identifier + Identifiers.Pascal(part),
            source.Kind, operation, inputs, shape, formula)
        {
            PartOf = part is null ? null : source.Name,
            Frozen = source.IsFrozen,
            IsDeclared = source.IsDeclared && part is null,
            Arguments = inputs.Count == 0 || part is not null ? "" : source.Arguments,
            Values = part is null ? source.Values : [],
            Windows = windows?.ToEquatableArray() ?? [],
        };
        _nodes.Add(node);
        _sources.Add(source);
        return node;
    }

    /// <summary>Finds the layer that last changed an extent of a tensor, back to the beginning of its branch.</summary>
    public Func<Func<Shape, int>, string?> LastChange(Node end, Node? start) => extent =>
    {
        int node = end.Index;
        while (node != start?.Index && _nodes[node].Inputs.Count > 0)
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

    /// <summary>
    /// Ends the network. If no output is declared, it is the last layer. Checks that need the whole network are done here.
    /// </summary>
    public void Close(Node? last)
    {
        _ends.Close(last);
        _limits.CheckSums(_inputs, _ends.Surface, _nodes);
    }

    /// <summary>For a network without errors, warns of tensors that nothing reads, and of layers that are probably mistakes.</summary>
    public void CheckUse()
    {
        _ends.CheckUse(_sources);
        Lints.Check(_nodes, _sources, _ends.Losses, _problems);
    }

    /// <summary>The public members of the network's class.</summary>
    /// <param name="members">Those of its layers and blocks.</param>
    public NetworkSurface Surface(Node? last, EquatableArray<SurfaceMember> members) => new(
        _inputs.ToEquatableArray(), _ends.Surface, last is null ? null : (long)_limits.Parameters, members, _ends.Trainer)
    {
        TakesBytes = _takesBytes && _inputs.Count == 1,
    };

    /// <summary>The graph of a network without errors.</summary>
    public NetworkGraph Graph() => new(_nodes.ToEquatableArray(), _ends.Outputs, _ends.Losses, _settings)
    {
        HasExternalLoss = _ends.HasExternalLoss,
    };
}
