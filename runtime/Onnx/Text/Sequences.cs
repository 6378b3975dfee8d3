using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Onnx.Text;

/// <summary>Puts a <c>[Sequential]</c> where names are those of the modules of a sequence.</summary>
internal static class Sequences
{
    /// <summary>How many names a sequence must save.</summary>
    private const int LeastNames = 2;

    /// <summary>The same for blocks of one kind, which a name with a number can count, too.</summary>
    private const int LeastOfStage = 3;

    /// <param name="items">The attributes of a scope, to which sequences are added.</param>
    /// <param name="prefix">What the names of the scope begin with.</param>
    public static void Insert(List<Item> items, string prefix)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (NameIn(items[i], prefix) is not { } name || Split(name) is not var (sequence, number))
            {
                continue;
            }

            int start = Start(items, i, number);
            bool isBranch = start > 0 && items[start - 1] is BranchItem;
            if (start < 0)
            {
                continue;
            }

            int names = Named(items, start, prefix, sequence, out int end, out bool isStage);
            if (names < (isStage && !isBranch ? LeastOfStage : LeastNames))
            {
                continue;
            }

            items.Insert(start, new SequentialItem(sequence.Length == 0 ? "" : sequence[..^1]));
            i = end + 1;
        }
    }

    private static string? NameIn(Item item, string prefix) =>
        item is UnitItem { Unit.Wanted: { Length: > 0 } wanted, Unit.IsModule: true } && wanted.StartsWith(prefix, StringComparison.Ordinal)
            ? wanted[prefix.Length..] : null;

    private static (string Sequence, int Number)? Split(string name)
    {
        int dot = name.LastIndexOf('.');
        string last = name[(dot + 1)..];
        return int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && Numerals.Format(number) == last
            ? (name[..(dot + 1)], number) : null;
    }

    /// <summary>Where a sequence begins if an item has a number in it: as many modules before, none of which has another name.</summary>
    private static int Start(List<Item> items, int place, int number)
    {
        while (number > 0 && place > 0)
        {
            place--;
            if (items[place] is not UnitItem { From: null } item || item.Unit.Wanted.Length > 0)
            {
                return -1;
            }

            number -= item.Unit.IsModule ? 1 : 0;
        }

        return number > 0 ? -1 : place;
    }

    /// <summary>How many names the sequence gives, until one differs. Equal blocks in a row need one.</summary>
    private static int Named(List<Item> items, int start, string prefix, string sequence, out int end, out bool isStage)
    {
        int count = 0, next = 0;
        UnitItem? before = null;
        (end, isStage) = (start, true);
        for (int i = start; i < items.Count && items[i] is not SequentialItem; i++)
        {
            string? name = NameIn(items[i], prefix);
            if (name is not null && name != sequence + Numerals.Format(next))
            {
                break;
            }

            if (name is not null)
            {
                var item = (UnitItem)items[i];
                isStage &= item.Unit is BlockUnit && (before is null || before.Unit.Kind == item.Unit.Kind);
                count += before is not null && i == end + 1 && IsSame(before.Unit, item.Unit) ? 0 : 1;
                (before, end) = (item, i);
            }

            next += items[i] is UnitItem { Unit.IsModule: true } ? 1 : 0;
        }

        return count;
    }

    private static bool IsSame(Unit one, Unit other) => one is BlockUnit && one.Kind == other.Kind
        && one.Slots.Zip(other.Slots).All(pair => pair.First.Value.Equals(pair.Second.Value));
}
