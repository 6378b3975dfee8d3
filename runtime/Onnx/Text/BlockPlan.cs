using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Layers;

namespace Strata.Onnx.Text;

/// <summary>Decides which regions become blocks: those that are used often enough to be worth a class.</summary>
internal sealed class BlockPlan
{
    /// <summary>How many attributes a class must save.</summary>
    private const int LeastSaving = 4;

    /// <summary>How many modules of a sequence must be blocks before all are.</summary>
    private const int LeastSiblings = 4;

    private readonly List<BlockClass> _classes = [];
    private readonly UnitGraph _graph;
    private readonly BlockNames _names;
    private readonly Dictionary<string, int> _kinds = [];
    private readonly Dictionary<Region, int> _kindOf = [];
    private readonly HashSet<int> _chosen = [];

    private BlockPlan(UnitGraph graph, BlockNames names) => (_graph, _names) = (graph, names);

    /// <summary>The units of the network and the classes of its blocks, those first that use others.</summary>
    public static (IReadOnlyList<Unit> Units, IReadOnlyList<BlockClass> Classes) Of(
        UnitGraph graph, IReadOnlyList<Region> regions, BlockNames names)
    {
        var plan = new BlockPlan(graph, names);
        List<Region> all = [];
        regions.ToList().ForEach(region => AddWithChildren(region, all));
        all.ForEach(plan.Sort);
        plan.Choose(all);
        plan.ChooseSiblings(all);
        all.ForEach(region => region.Height = region.Children
            .Select(child => child.Height + (plan.IsChosen(child) ? 1 : 0)).DefaultIfEmpty().Max());
        foreach (IGrouping<int, Region> height in all.Where(plan.IsChosen).GroupBy(region => region.Height).OrderBy(group => group.Key))
        {
            plan.MakeClasses([.. height]);
        }

        IReadOnlyList<Unit> units = [.. UnitsOf(graph.Units, regions)];
        List<BlockClass> ordered = [];
        AddInOrder(units, ordered);
        names.Number(ordered);
        return (units, [.. ordered.OrderByDescending(block => block.Model.Height)]);
    }

    /// <summary>Adds the classes in the order in which a reader meets them.</summary>
    private static void AddInOrder(IReadOnlyList<Unit> units, List<BlockClass> ordered)
    {
        foreach (BlockUnit block in units.OfType<BlockUnit>())
        {
            if (!ordered.Contains(block.Block))
            {
                ordered.Add(block.Block);
                AddInOrder(block.Block.Model.Units, ordered);
            }
        }
    }

    private static void AddWithChildren(Region region, List<Region> all)
    {
        region.Children.ForEach(child => AddWithChildren(child, all));
        all.Add(region);
    }

    private bool IsChosen(Region region) => region.IsForced || _chosen.Contains(_kindOf[region]);

    /// <summary>Gives a region the number of its kind, as if all regions inside were blocks.</summary>
    private void Sort(Region region)
    {
        IReadOnlyList<Unit> units = Ordered(
            UnitsOf(region.Layers, region.Children, child => new Placeholder(child, _kindOf[child])), region.Output);
        if (Shortcuts.In(units, region.Output, out bool isIdentity) is { } withShortcut)
        {
            units = Ordered(withShortcut, region.Output);
            region.Shortcut = isIdentity ? ShortcutKind.Identity : ShortcutKind.Projection;
        }

        region.Units = units;
        string signature = Signature.Write(units, region.Prefix);
        if (!_kinds.TryGetValue(signature, out int kind))
        {
            kind = _kinds.Count;
            _kinds.Add(signature, kind);
        }

        _kindOf.Add(region, kind);
    }

    private void Choose(List<Region> all)
    {
        foreach (IGrouping<int, Region> kind in all.GroupBy(region => _kindOf[region]))
        {
            // Equal blocks one behind the other are one attribute.
            int length = 1;
            IReadOnlyList<Unit> units = kind.First().Units;
            for (int i = 1; i < units.Count; i++)
            {
                length += units[i] is Placeholder one && units[i - 1] is Placeholder other && one.IsSame(other) ? 0 : 1;
            }

            bool isBranch = units.Count < 3 && kind.All(IsBranch);
            if (!isBranch && kind.Count() > 1 && (kind.Count() - 1) * (length - 1) >= LeastSaving)
            {
                _chosen.Add(kind.Key);
            }

            if (kind.Select(region => region.Shortcut).Distinct().Count() < 2)
            {
                kind.ToList().ForEach(region => region.Shortcut = ShortcutKind.None);
            }
        }
    }

    /// <summary>Whether a region is a branch of a group, which is written in one line as it is.</summary>
    private bool IsBranch(Region region) =>
        _graph.Readers.GetValueOrDefault(region.Input) > 1 && _graph.ReaderOf(region.Output) is { IsJoin: true };

    /// <summary>A single module among numbered modules that are blocks becomes a block, too: so a sequence can count them.</summary>
    private void ChooseSiblings(List<Region> all)
    {
        foreach (IGrouping<string, Region> siblings in all.Where(region => SequenceOf(region.Path).Length > 0)
            .GroupBy(region => SequenceOf(region.Path)))
        {
            if (siblings.Count(IsChosen) >= LeastSiblings)
            {
                siblings.Where(region => !IsChosen(region)).ToList().ForEach(region => region.IsForced = true);
            }
        }
    }

    /// <summary>The path of a sequence, with its dot, if a path is that of a numbered module.</summary>
    private static string SequenceOf(string path) => path.TrimEnd("0123456789".ToCharArray()) is { Length: > 0 } sequence
        && sequence.Length < path.Length && sequence[^1] == '.' ? sequence : "";

    private void MakeClasses(List<Region> regions)
    {
        foreach (Region region in regions)
        {
            region.Units = Ordered(UnitsOf(region.Layers, region.Children), region.Output);
            if (region.Shortcut != ShortcutKind.None && Shortcuts.In(region.Units, region.Output, out _) is { } withShortcut)
            {
                region.Units = Ordered(withShortcut, region.Output);
            }
        }

        foreach (IGrouping<string, Region> uses in regions.GroupBy(region => Signature.Write(region.Units, region.Prefix)))
        {
            Region[] regionsOfClass = [.. uses];
            if (BlockArguments.Find(regionsOfClass) is { } arguments && (regionsOfClass.Length > 1 || regionsOfClass[0].IsForced))
            {
                (string name, string summary) = _names.Of(regionsOfClass);
                _classes.Add(new BlockClass(name, summary, regionsOfClass, arguments));
            }
        }
    }

    /// <summary>The units of a region, in the order of the text.</summary>
    private static IReadOnlyList<Unit> Ordered(IEnumerable<Unit> units, LayerTensor output) =>
        [.. new UnitGraph(units, [], [output]).Units];

    /// <summary>The units of a scope, with blocks in the place of what they hold.</summary>
    private static IEnumerable<Unit> UnitsOf(IEnumerable<Unit> layers, IReadOnlyList<Region> children) =>
        UnitsOf(layers, [.. children.SelectMany(Blocks)], region => region.Block!);

    private static IEnumerable<Region> Blocks(Region region) => region.Block is null ? region.Children.SelectMany(Blocks) : [region];

    private static IEnumerable<Unit> UnitsOf(
        IEnumerable<Unit> layers, IReadOnlyList<Region> blocks, System.Func<Region, Unit> unitOf)
    {
        var inside = new HashSet<LayerTensor>(
            blocks.SelectMany(block => block.Layers).Select(unit => unit.Output), ReferenceEqualityComparer.Instance);
        return layers.Where(unit => !inside.Contains(unit.Output)).Concat(blocks.Select(unitOf));
    }

    /// <summary>Stands for a region inside, while kinds are counted.</summary>
    private sealed class Placeholder(Region region, int kind) : Unit([region.Input], region.Output)
    {
        private readonly Region _region = region;

        public override string Kind { get; } = "#" + Numerals.Format(kind);

        public override string Stem => "block";

        /// <summary>Whether another region of this kind has the same arguments.</summary>
        public bool IsSame(Placeholder other) => Kind == other.Kind
            && Values(_region.Layers).SequenceEqual(Values(other._region.Layers));

        public override string Wanted => _region.HasNames ? _region.Path : "";

        public override IReadOnlyList<Slot> Slots => [];

        public override IEnumerable<Layer> Layers => [];

        private static IEnumerable<object> Values(IReadOnlyList<Unit> layers) =>
            layers.SelectMany(layer => layer.Slots).Select(slot => slot.Value);
    }
}
