using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Writes equal blocks in a row as one with <c>Repeat</c>.</summary>
internal static class Repeats
{
    /// <summary>The texts of a unit's arguments.</summary>
    public static IReadOnlyList<string?> TextsOf(Unit unit, BlockClass? block)
    {
        if (block is not null)
        {
            for (int i = 0; i < block.Model.Units.Count; i++)
            {
                if (block.Model.Units[i] == unit)
                {
                    return block.Texts[i];
                }
            }
        }

        return [.. unit.Slots.Select(slot => slot.Literal)];
    }

    /// <summary>The attributes with repetitions.</summary>
    /// <param name="items">The attributes with their names.</param>
    /// <param name="named">Tensors that are read by name.</param>
    /// <param name="block">The block on which they stand; null for the network.</param>
    public static IReadOnlyList<Item> In(IReadOnlyList<Item> items, IReadOnlySet<LayerTensor> named, BlockClass? block)
    {
        var merged = new List<Item>();
        for (int i = 0; i < items.Count;)
        {
            // Each repetition would read what From names: the first stands alone.
            int count = 1;
            while (items[i] is not UnitItem { From: not null } && i + count < items.Count
                && Follows(items[i + count - 1], items[i + count], block) && IsFree(items[i + count - 1], named))
            {
                count++;
            }

            count = Best(items[i] as UnitItem, items, i, count, out string? name);
            if (count > 1)
            {
                var first = (UnitItem)items[i];
                merged.Add(new UnitItem(first.Unit)
                {
                    Name = name ?? "",
                    WritesName = name is not null,
                    Repeat = count,
                });
            }
            else
            {
                merged.Add(items[i]);
            }

            i += count;
        }

        return merged;
    }

    private static bool IsFree(Item item, IReadOnlySet<LayerTensor> named) => !named.Contains(((UnitItem)item).Unit.Output);

    private static bool Follows(Item one, Item other, BlockClass? block) =>
        one is UnitItem { Unit: BlockUnit first } && other is UnitItem { Unit: BlockUnit second, From: null }
        && first.Block == second.Block && TextsOf(first, block).SequenceEqual(TextsOf(second, block));

    /// <summary>How many of the copies a name can number.</summary>
    private static int Best(UnitItem? first, IReadOnlyList<Item> items, int start, int count, out string? name)
    {
        name = null;
        if (first is null || count == 1)
        {
            return 1;
        }

        UnitItem[] copies = [.. items.Skip(start).Take(count).Cast<UnitItem>()];
        int unnamed = copies.TakeWhile(copy => !copy.WritesName).Count();
        if (unnamed > 0)
        {
            return unnamed;
        }

        string stem = first.Name.TrimEnd("0123456789".ToCharArray());
        if (!int.TryParse(first.Name.AsSpan(stem.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return 1;
        }

        int same = copies.TakeWhile((copy, i) => copy.WritesName && copy.Name == stem + Numerals.Format(number + i)).Count();
        name = same < 2 ? null
            : stem.Length == 0 ? first.Name
            : !stem.EndsWith('.') ? $"{stem}{{{Numerals.Format(number)}}}"
            : number == 0 && !IsNumber(stem[(stem.LastIndexOf('.', stem.Length - 2) + 1)..^1]) ? stem[..^1] : first.Name;
        return same < 2 ? 1 : same;
    }

    private static bool IsNumber(string segment) => segment.All(char.IsAsciiDigit);
}
