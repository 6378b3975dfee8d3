using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>What the arguments that name a tensor, a layer or a block may say. Editors offer it.</summary>
internal static class NamingArguments
{
    /// <summary>The names that an argument of a stack's attribute may have; none if it does not name anything.</summary>
    /// <param name="stack">The stack, with its blocks expanded.</param>
    /// <param name="attribute">The attribute's index.</param>
    /// <param name="argument">The name of its property or parameter, or the position of an argument without a name.</param>
    /// <returns>The names in source order, each with the kind of its layer or block.</returns>
    public static IEnumerable<(string Name, string Kind)> NamesFor(StackBlock stack, int attribute, (string? Name, int Position) argument)
    {
        StackItem? item = stack.Items.Find(candidate => candidate.Site.Attribute == attribute);
        string? name = argument.Name ?? PositionalOf(item, argument.Position);
        if (item is null || name is null)
        {
            return [];
        }

        if (item is StackBlock layers && item.Attribute.Block is not null && name == LayersOf.Until.Name)
        {
            return Names(layers).Select(known => (known.Name.Substring(layers.Prefix.Length), known.Kind)).Distinct();
        }

        return IsNaming((item as StackLayer)?.Operator, name)
            ? Names(stack, attribute).Distinct() : [];
    }

    /// <summary>All names of layers and blocks, such as those up to which a network is frozen.</summary>
    public static IEnumerable<(string Name, string Kind)> NamesIn(StackBlock stack) =>
        Names(stack).Where(known => known.Kind != ChannelOrder.Kind).Distinct();

    /// <summary>Whether an argument names a tensor, or a layer whose parameters are used. A block has no operator.</summary>
    private static bool IsNaming(Operator? known, string argument) =>
        argument == CommonArguments.From.Name || argument == CommonArguments.Weights.Name
        || (known is LayerOperator layer && ((layer.JoinsBranches && argument == layer.NamesArgument)
            || argument == layer.PartnerArgument || layer.TensorArguments.Contains(argument)
            || (layer.IsTiedByName && argument == CommonArguments.Tied.Name)));

    /// <summary>The parameter of an argument without a name. The last one may be a list.</summary>
    private static string? PositionalOf(StackItem? item, int position)
    {
        string[] own = [.. (item as StackLayer)?.Operator?.Arguments.Where(known => known.IsPositional).Select(known => known.Name) ?? []];
        return own.Length == 0 ? null : own[System.Math.Min(position, own.Length - 1)];
    }

    private static IEnumerable<(string Name, string Kind)> Names(StackBlock block, int end = int.MaxValue)
    {
        StackItem[] items = [.. block.Items.Where(item => item.Site.Attribute < end)];

        // The only input, and that of a block, need no name of their own.
        if (block.Scope is null && !items.Any(item => item.Name == ItemInputs.InputName)
            && block.Items.Count(item => item.Attribute.Kind == ChannelOrder.Kind) <= 1)
        {
            yield return (ItemInputs.InputName, ChannelOrder.Kind);
        }

        foreach (StackItem item in items)
        {
            if (item.Name.Length > 0)
            {
                yield return (item.Name, item.Attribute.Kind);
            }

            if (item is StackBlock inner)
            {
                if (inner.Alias.Length > 0)
                {
                    yield return (inner.Alias, item.Attribute.Kind);
                }

                foreach ((string Name, string Kind) known in Names(inner))
                {
                    yield return known;
                }
            }
        }
    }
}
