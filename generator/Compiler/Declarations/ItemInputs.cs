using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>
/// Finds what an item reads: the tensor before it in its block, the tensor with which the block begins, or tensors that it names.
/// </summary>
internal sealed class ItemInputs(
    StackBlock network, GraphAssembler graph, TensorNames tensors, ProblemLog problems)
{
    /// <summary>The name of the tensor with which a scope begins.</summary>
    public const string InputName = "input";

    /// <summary>The tensor that an item reads: the previous one, or the one that it names.</summary>
    public Node? OfItem(StackItem item, Node? before, Node? input) =>
        item.From is { } name ? Find(name, item, item.Site.At("From"), input) : before;

    /// <summary>
    /// What a layer reads. If an argument names a partner, its tensors are included. Null if one of them is not known.
    /// </summary>
    /// <param name="isKnown">Whether the layer's arguments are known. If not, only the name that it reads is looked up.</param>
    public List<(Node, LayerInput)>? OfLayer(LayerOperator layer, StackItem item, Node? before, Node? input, bool isKnown) =>
        OfItem(item, before, input) is { } read && isKnown ? WithNamed(layer, item, [(read, new LayerInput(read.Shape))], input) : null;

    /// <summary>What a join reads: the tensors that it names, or the ends of the open group's branches. It closes the group.</summary>
    /// <returns>Null if there are too few, or if one of them is not known.</returns>
    public List<(Node, LayerInput)>? OfJoin(StackLayer join, Node? before, Node? input, ref BranchGroup? group)
    {
        string argument = ((LayerOperator)join.Operator!).NamesArgument;
        if (join.Attribute.Find(argument) is EquatableArray<string> { Count: > 0 } names)
        {
            group?.Add(join.Label);
            if (join.From is not null)
            {
                string tensors = char.IsLower(argument[0]) ? "the names" : argument;
                problems.Add(ArgumentProblems.Conflicting(join.At("From"), tensors, "From"));
            }

            if (names.Count == 1)
            {
                problems.Add(BranchProblems.TooFew(join.At(argument), "one tensor only", "Name another one"));
                return null;
            }

            List<Node?> read = names.Select((name, i) => Find(name, join, join.Site.At(argument, i), input)).ToList();
            return read.Any(tensor => tensor is null) ? null : names
                .Zip(read,
                    (name, tensor) =>
                        (tensor!, new LayerInput(tensor!.Shape) { Name = name, Since = graph.LastChange(tensor!, null) }))
                .ToList();
        }

        if (join.From is not null)
        {
            problems.Add(ArgumentProblems.Unsupported(
                join.At("From"), "a join reads several tensors",
                char.IsLower(argument[0]) ? $"Name all of them: [{join.Attribute.Kind}(\"{join.From}\", …)]"
                    : $"Name all of them: [{join.Attribute.Kind}({argument} = [\"{join.From}\", …])]"));
            return null;
        }

        BranchGroup? closed = group;
        group = null;
        if (closed is not { Count: > 1 })
        {
            problems.Add(BranchProblems.TooFew(
                join.Here,
                closed is null ? "no branches" : "one branch only",
                closed is null
                    ? "Put [Branch] before each branch; a branch without layers is the identity"
                    : "Put another [Branch] before or behind it; a branch without layers is the identity"));
            return null;
        }

        return closed.Close(before)?
            .Select(end =>
                (end.Tensor, new LayerInput(end.Tensor.Shape, end.FirstLayer) { Since = graph.LastChange(end.Tensor, closed.Start) }))
            .ToList();
    }

    private Node? Find(string name, StackItem item, Site site, Node? input) =>
        name == InputName && HasPlainInput(item) ? input ?? Only() : tensors.Find(name, item, site, HasPlainInput(item) ? InputName : null);

    /// <summary>
    /// Whether "input" has its usual meaning: the tensor with which a block begins, or the network's only input. It does not if a layer of
    /// the scope has this name, before the reader or after it.
    /// </summary>
    private bool HasPlainInput(StackItem item) => (item.Scope != network || graph.Inputs.Count == 1)
        && !item.Scope!.Items.Exists(other => other.Name == item.Scope.Prefix + InputName);

    /// <summary>
    /// Adds the tensors that arguments name, and the output and the input of a partner. Null if one of them is not known.
    /// </summary>
    private List<(Node, LayerInput)>? WithNamed(LayerOperator layer, StackItem item, List<(Node, LayerInput)> inputs, Node? input)
    {
        (Node, LayerInput) own = inputs[0];
        foreach ((string named, int place) in layer.TensorArguments.Select((named, i) => (named, i + 1)))
        {
            if (item.Attribute.Find(named) is not string { Length: > 0 } other)
            {
                continue;
            }

            if (Find(other, item, item.Site.At(named), input) is not { } tensor)
            {
                return null;
            }

            inputs.AddRange(Enumerable.Repeat(own, place - inputs.Count));
            inputs.Add((tensor, new LayerInput(tensor.Shape) { Name = other }));
        }

        if (layer.PartnerArgument is not { } argument)
        {
            return inputs;
        }

        string name = item.Attribute.Find(argument) as string ?? "";
        if (Find(name, item, item.Site.At(argument), input) is not { } partner)
        {
            return null;
        }

        inputs.Add((partner, new LayerInput(partner.Shape) { Name = name, Operation = partner.Operation }));
        if (partner.Inputs.Count > 0)
        {
            Node before = graph.Nodes[partner.Inputs[0]];
            inputs.Add((before, new LayerInput(before.Shape) { Name = name }));
        }

        return inputs;
    }

    /// <summary>The network's only input. It is an item of the network, so it does not come from outside as a block's input does.</summary>
    private Node? Only() => graph.Inputs.Count == 1 && graph.Nodes.Count > 0 ? graph.Nodes[0] : null;
}
