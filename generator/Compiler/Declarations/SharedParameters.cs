using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Finds the layer whose parameters an item uses, by its <c>Weights</c> or by those of a block around it. The layers of such a block use
/// the parameters of the other block's layers, one by one in the same order.
/// </summary>
internal sealed class SharedParameters(StackBlock network, TensorNames tensors, ProblemLog problems)
{
    private static readonly string Weights = CommonArguments.Weights.Name, Tied = CommonArguments.Tied.Name;

    private readonly Dictionary<StackItem, AddedLayer> _layers = [];
    private readonly Dictionary<string, StackItem> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<StackItem, StackItem> _partners = [];

    /// <summary>Adds a layer that others can name.</summary>
    public void Add(StackLayer item, AddedLayer layer)
    {
        _layers[item] = layer;
        _named[item.Name] = item;
    }

    /// <summary>Adds a block that others can name.</summary>
    public void Add(StackBlock block)
    {
        if (block.Name.Length > 0)
        {
            _named[block.Name] = block;
        }
    }

    /// <summary>Pairs the layers of a block with those of the block that its <c>Weights</c> names.</summary>
    public void Enter(StackBlock block)
    {
        if (block.Attribute.Find(Weights) is not string name || block.IsBroken)
        {
            return;
        }

        if (block.Attribute.Find("Repeat") is not null)
        {
            problems.Add(ArgumentProblems.Conflicting(block.At(Weights), Weights, "Repeat"));
            return;
        }

        if (Find(name, block, Weights) is not { } other)
        {
            return;
        }

        if (other is not StackBlock named || !Pair(block, named))
        {
            problems.Add(ArgumentProblems.Unsupported(
                block.At(Weights), $"{other.Label} does not have the same layers in the same order", "Name a block with the same layers"));
        }
    }

    /// <summary>The layer whose parameters an item uses; null if it has its own, or if nothing is known about the other.</summary>
    /// <param name="isKnown">False if it uses those of a layer of which nothing is known.</param>
    public AddedLayer? OwnerOf(StackLayer item, out bool isKnown)
    {
        isKnown = true;
        StackItem? owner = item.Attribute.Find(Weights) is string name ? Find(name, item, Weights)
            : _partners.TryGetValue(item, out StackItem partner) ? partner : null;
        if (owner is null)
        {
            isKnown = item.Attribute.Find(Weights) is null;
            return null;
        }

        if (owner is StackLayer other && _layers.TryGetValue(other, out AddedLayer layer))
        {
            isKnown = layer.Output is not null;
            return isKnown ? layer : null;
        }

        problems.Add(item.Attribute.Find(Weights) is null
            ? ArgumentProblems.Unsupported(item.Here, $"{owner.Label} is left out", "Give this block its own parameters")
            : ArgumentProblems.Unsupported(item.At(Weights), $"{owner.Label} is not a layer", "Name a layer of the same kind"));
        isKnown = false;
        return null;
    }

    /// <summary>The layer whose weight an item uses in the opposite direction; null if its weight is its own.</summary>
    /// <param name="isKnown">False if it is that of a layer of which nothing is known.</param>
    public AddedLayer? TiedTo(StackLayer item, out bool isKnown)
    {
        isKnown = true;
        if (item.Attribute.Find(Tied) is not string { Length: > 0 } name || item.Operator is not LayerOperator { IsTiedByName: true })
        {
            return null;
        }

        isKnown = false;
        StackItem? other = Find(name, item, Tied);
        if (other is StackLayer layer && _layers.TryGetValue(layer, out AddedLayer found))
        {
            isKnown = found.Output is not null;
            return isKnown ? found : null;
        }

        if (other is not null)
        {
            problems.Add(ArgumentProblems.Unsupported(item.At(Tied), $"{other.Label} is not a layer", "Name a layer with a weight"));
        }

        return null;
    }

    /// <summary>Whether a layer's weight is that of another one in the opposite direction. If it is not, this is reported.</summary>
    /// <param name="source">The layer, which knows the other one.</param>
    /// <param name="operation">Its operation.</param>
    /// <param name="input">The shape that it reads.</param>
    /// <param name="nodes">The nodes so far.</param>
    public static bool FitTied(
        LayerContext layer, LayerSource source, Operation operation, Shape input, IReadOnlyList<Node> nodes)
    {
        Node owner = source.TiedTo!.Value.Output!;
        TiedWeight weight = operation.TiedWeight(input)!;
        Shape read = nodes[owner.Inputs[0]].Shape;
        WeightKind? kind = owner.Operation.WeightKindOf(read);
        ParameterSpec? own = kind is null or FilterWeight { IsTransposed: true } ? null
            : owner.Operation.Parameters(read).FirstOrDefault(one => one.Suffix == weight.Spec.Suffix && one.OwnKey is null);
        int groups = GroupsOf(operation, input), ofOwner = GroupsOf(owner.Operation, read);
        if (own is null || !own.Extents.SequenceEqual(weight.OwnerExtents) || groups != ofOwner)
        {
            string Grouped(EquatableArray<int> extents, int count) =>
                Text(extents) + (groups == ofOwner ? "" : $" of {Arithmetic.Count(count, "group")}");
            string found = own is null ? $"no weight of a {(weight.Axes[0] == 0 ? "convolution" : "dense layer")}"
                : $"the weight {Grouped(own.Extents, ofOwner)}";
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Tied),
                $"{source.Kind} needs the weight {Grouped(weight.OwnerExtents, groups)} of the layer it is tied to, but {owner.Kind} "
                + $"'{owner.Name}' has {found}", "Tie it to the layer whose input has the shape of its output"));
            return false;
        }

        foreach (string argument in source.InitialArguments)
        {
            layer.Report(ArgumentProblems.Unread(layer.At(argument), argument, $"the weight is that of '{owner.Name}'"));
        }

        return true;
    }

    /// <summary>Whether the parameters of a layer are those that another one has. If they are not, this is reported.</summary>
    /// <param name="source">The layer, which knows the other one.</param>
    /// <param name="parts">Its operations, each with the shape that it reads.</param>
    /// <param name="nodes">The nodes so far.</param>
    public static bool Fit(
        LayerContext layer, LayerSource source, IEnumerable<(Operation Operation, Shape Input)> parts, IReadOnlyList<Node> nodes)
    {
        AddedLayer owner = source.Owner!.Value;
        Node output = owner.Output!;
        Subject at = source.NamesWeights ? layer.At(Weights) : layer.Here;
        (Operation Operation, Shape Input)[] own = [.. parts.Where(part => part.Operation.Parameters(part.Input).Count > 0)];
        (Operation Operation, Shape Input)[] others =
            [.. owner.Owners.Select(node => (node.Operation, nodes[node.Inputs[0]].Shape))];
        ParameterSpec[] parameters = SpecsOf(own), ofOwner = SpecsOf(others);
        int? tied = source.TiedTo?.Output is { } other ? nodes[other.Index].Owner ?? other.Index : null;
        if (tied != output.TiedTo)
        {
            string Described(int? node) => node is { } index ? $"tied to '{nodes[index].Layer}'" : "not tied";
            layer.Report(ArgumentProblems.Unsupported(
                at, $"it is {Described(tied)}, but {output.Kind} '{output.Name}' is {Described(output.TiedTo)}",
                $"Write the same {Tied} at both"));
            return false;
        }

        if (parameters.Length == 0 && source.NamesWeights)
        {
            layer.Report(ArgumentProblems.Unread(at, Weights, "the layer has no parameters"));
            return true;
        }

        if (source.Kind != output.Kind || Text(parameters) != Text(ofOwner) || !own.Select(FormOf).SequenceEqual(others.Select(FormOf)))
        {
            bool differsInForm = source.Kind == output.Kind && Text(parameters) == Text(ofOwner);
            string Described((Operation Operation, Shape Input)[] parts, ParameterSpec[] specs) =>
                Text(specs) + (differsInForm ? $" for {string.Join(", ", parts.Select(FormOf).Distinct())}" : "");
            layer.Report(ArgumentProblems.Unsupported(
                at, $"{source.Kind} has {Described(own, parameters)}, but {output.Kind} '{output.Name}' has {Described(others, ofOwner)}",
                "Layers share their parameters if they are of one kind, with parameters of the same shapes"));
            return false;
        }

        // Nothing updates a source.
        if (parameters.Any(parameter => parameter.Role == ParameterRole.Buffer)
            && owner.Owners[0] is { Frozen: false, Operation.IsSource: false })
        {
            layer.Report(ArgumentProblems.Unsupported(
                at, $"training updates the statistics of '{output.Name}', which are those of one tensor",
                "Freeze that layer, or give this one its own parameters"));
            return false;
        }

        if (parameters.Zip(ofOwner, (one, other) => (one.Initializer, one.Gain) == (other.Initializer, other.Gain)).Contains(false))
        {
            foreach (string argument in source.InitialArguments)
            {
                layer.Report(ArgumentProblems.Unread(
                    layer.At(argument), argument, $"the parameters are those of '{output.Name}'"));
            }
        }

        return true;
    }

    private static int GroupsOf(Operation operation, Shape input) => (operation.WeightKindOf(input) as FilterWeight)?.Groups ?? 1;

    /// <summary>The nodes of a layer, each with the node whose parameters it uses. They replace those in the list.</summary>
    /// <returns>The nodes that have the parameters.</returns>
    public static EquatableArray<Node> Join(EquatableArray<Node> nodes, AddedLayer layer, List<Node> all)
    {
        foreach ((Node node, Node owner) in nodes.Zip(layer.Owners, (node, owner) => (node, owner)))
        {
            all[node.Index] = node with { Owner = owner.Owner ?? owner.Index, Frozen = owner.Frozen };
        }

        return layer.Owners;
    }

    private static ParameterSpec[] SpecsOf(IEnumerable<(Operation Operation, Shape Input)> parts) =>
        [.. parts.SelectMany(part => part.Operation.Parameters(part.Input))];

    /// <summary>
    /// What weights of the same shape are: they are packed differently if their groups are others, or if one is of features, the other of
    /// the channels of pixels.
    /// </summary>
    private static string FormOf((Operation Operation, Shape Input) part) => part.Operation.WeightKindOf(part.Input) switch
    {
        FilterWeight filters => $"{Arithmetic.Count(filters.Groups, "group")} of channels",
        MatrixWeight => "a flat tensor",
        _ => "any tensor",
    };

    private static string Text(ParameterSpec[] parameters) => parameters.Length == 0 ? "no parameters"
        : string.Join(", ", parameters.Select(parameter => $"{parameter.OwnKey ?? parameter.Suffix} {Text(parameter.Extents)}"));

    private static string Text(EquatableArray<int> extents) => string.Join("×", extents.Select(extent => Arithmetic.Number(extent)));

    private StackItem? Find(string name, StackItem reader, string argument)
    {
        for (StackBlock? scope = reader.Scope; scope is not null; scope = scope.Scope)
        {
            if (_named.TryGetValue(scope.Prefix + name, out StackItem found))
            {
                return found;
            }

            if (scope.Items.OfType<StackBlock>().FirstOrDefault(block => block.Alias == scope.Prefix + name) is { } copy)
            {
                problems.Add(ArgumentProblems.Unsupported(
                    reader.At(argument), $"'{name}' is repeated", $"Name one of its copies, such as '{copy.Name}'"));
                return null;
            }
        }

        tensors.ReportUnknown(reader.At(argument), name, reader.Scope ?? network, reader);
        return null;
    }

    private bool Pair(StackBlock block, StackBlock other)
    {
        if (block.Items.Count != other.Items.Count)
        {
            return false;
        }

        foreach ((StackItem one, StackItem partner) in block.Items.Zip(other.Items, (one, partner) => (one, partner)))
        {
            if (one is StackBlock inner)
            {
                if (partner is not StackBlock paired || !Pair(inner, paired))
                {
                    return false;
                }
            }
            else if (one.Attribute.Kind != partner.Attribute.Kind)
            {
                return false;
            }
            else if (one is StackLayer { Operator: LayerOperator })
            {
                _partners[one] = partner;
            }
        }

        return true;
    }
}
