using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Finds arguments that are written, but that nothing reads. The user would take them for obeyed.</summary>
internal static class UnreadArguments
{
    private static readonly string Frozen = CommonArguments.Frozen.Name;

    /// <summary>
    /// The arguments of a layer or a loss that its binding did not read: others that are more exact replace them. What a constructor
    /// demands, such as a kernel, may be replaced.
    /// </summary>
    public static IEnumerable<Problem> Find(StackItem item, AttributeArguments arguments)
    {
        if (item is StackLayer { Operator: IDeclared declared })
        {
            return declared is LayerOperator { JoinsBranches: false, NamesArgument: var tensors } && arguments.IsSet(tensors)
                ? [ArgumentProblems.Unsupported(
                    item.At(tensors), "its method Value has one parameter, so that it reads one tensor", "Name that tensor by From",
                    new Fix(FixKind.RemoveArgument))]
                : [];
        }

        IEnumerable<string> properties = item is StackLayer { Operator: { } known }
            ? known.Arguments.Where(argument => !argument.IsPositional).Select(argument => argument.Name) : [];
        return arguments.Unread.Where(properties.Contains).Select(name => ArgumentProblems.Unread(
            item.At(name), name, "the arguments for single axes or sides replace it"));
    }

    /// <summary>A <c>Frozen</c> that freezes nothing, or that does not end what freezes the layer.</summary>
    /// <param name="freezer">What freezes the layer from outside; null if nothing does.</param>
    /// <param name="layer">The layer; null for a block.</param>
    /// <param name="tied">The layer to which it is tied; null if it is not.</param>
    public static IEnumerable<Problem> OfFrozen(StackItem item, string? freezer, AddedLayer? layer, Node? tied = null)
    {
        if (item.Attribute.Find(Frozen) is false && freezer is not null)
        {
            yield return ArgumentProblems.Unread(item.At(Frozen), $"{Frozen} = false", $"{freezer} freezes it");
        }
        else if (item.Attribute.Find(Frozen) is not null && item.Attribute.Find(CommonArguments.Weights.Name) is string name)
        {
            yield return ArgumentProblems.Unread(item.At(Frozen), Frozen, $"the parameters are those of '{name}'", "Set it there");
        }
        else if ((freezer ?? (item.Attribute.Find(Frozen) is true ? item.Label : null)) is { } freezes && tied is { Frozen: false })
        {
            yield return ArgumentProblems.Unsupported(
                item.Here, $"{freezes} freezes it, but its weight is that of '{tied.Layer}', which is trained", "Freeze that layer, too");
        }
        else if (freezer is not null && layer?.Owners.FirstOrDefault(node => !node.Frozen) is { } owner)
        {
            yield return ArgumentProblems.Unsupported(
                item.Here, $"{freezer} freezes it, but its parameters are those of '{owner.Layer}', which is trained",
                "Freeze that layer, too");
        }
        else if (item.Attribute.Find(Frozen) is true && layer is { Output: not null, Parameters.Count: 0 })
        {
            yield return ArgumentProblems.Unread(item.At(Frozen), Frozen, "the layer has no parameters");
        }
    }

    /// <summary>
    /// The options of <c>[Network]</c> that only training reads, for a network that cannot be trained, and those about layers that it does
    /// not have.
    /// </summary>
    public static IEnumerable<Problem> OfNetwork(string network, NetworkSettings settings, bool isTrained, IReadOnlyList<Node> nodes)
    {
        (string Option, bool IsSet)[] ofTraining =
        [
            (nameof(settings.InputGradient), settings.InputGradient), (nameof(settings.Profile), settings.Profile),
            (nameof(settings.Recompute), settings.Recompute), (nameof(settings.FreezeUntil), settings.FreezeUntil is not null),
            (nameof(settings.TrainingLayout), settings.TrainingLayout != TrainingLayout.Automatic),
        ];
        var subject = new Subject(Site.Class, $"Network '{network}'");
        foreach ((string option, _) in ofTraining.Where(option => option.IsSet && !isTrained))
        {
            yield return ArgumentProblems.Unread(
                subject.At(option), option, "a network without a loss is not trained", "Remove it, or add a loss or [ExternalLoss]");
        }

        if (settings.Int8 && !nodes.Any(node => node.Inputs.Count > 0 && nodes[node.Inputs[0]] is var input
            && input.Operation.AsRounding is { FitsByte: true } && node.Operation.WeightKindOf(input.Shape) is not null))
        {
            yield return ArgumentProblems.Unread(
                subject.At(nameof(settings.Int8)), nameof(settings.Int8), "no layer with weights reads one that rounds to 8 bits",
                "Remove it, or round directly before the layers that are to multiply integers");
        }

        if (settings.WeightStorage != WeightStorage.Float32 && !nodes.Any(node => node.Operation.WeightKindOf(node.Shape) is MatrixWeight
            && node.TiedTo is null && !nodes.Any(other => other.TiedTo == node.Index)))
        {
            yield return ArgumentProblems.Unread(
                subject.At(nameof(settings.WeightStorage)), nameof(settings.WeightStorage),
                "it is about the weights of dense layers that are not tied, of which there are none");
        }
    }

    /// <summary>The arguments of a use of a block or an operator whose constants nothing in its class reads.</summary>
    /// <param name="own">The arguments that every block, layer or loss has.</param>
    /// <param name="read">The constants that are read, directly or by other constants.</param>
    public static IEnumerable<Problem> OfUse(
        AttributeDeclaration use, Subject subject, string[] own, IEnumerable<ConstantExpression> read,
        EquatableArray<BlockConstant> constants)
    {
        // Arguments without a constant have been reported.
        AttributeArgument[] arguments = [.. use.Arguments.Where(argument => !argument.IsDefault && !own.Contains(argument.Name)
            && constants.Any(constant => string.Equals(constant.Name, argument.Name, StringComparison.OrdinalIgnoreCase)))];
        return arguments.Length == 0 || ConstantsOf(read, constants) is not { } known ? []
            : arguments.Where(argument => !known.Contains(argument.Name)).Select(argument => ArgumentProblems.Unread(
                subject.At(argument.Name), argument.Name, "nothing in its class reads the constant", "Remove it, or read the constant"));
    }

    /// <summary>The constants that expressions read, directly or by other constants; null if an expression is not readable.</summary>
    public static HashSet<string>? ConstantsOf(IEnumerable<ConstantExpression> read, EquatableArray<BlockConstant> constants)
    {
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<ConstantExpression>(read);
        while (open.Count > 0)
        {
            ConstantExpression next = open.Pop();
            if (next is UnreadableExpression)
            {
                return null;
            }

            if (next is ConstantReference reference && known.Add(reference.Name)
                && constants.FirstOrDefault(constant => constant.Name == reference.Name) is { } constant)
            {
                open.Push(constant.Value);
            }

            foreach (ConstantExpression part in next.Parts)
            {
                open.Push(part);
            }
        }

        return known;
    }
}
