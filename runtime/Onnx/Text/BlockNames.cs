using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Strata.Onnx.Text;

/// <summary>Names blocks after their structure, or after the module that they were.</summary>
/// <param name="network">The network's class, after which a block is named whose name is taken.</param>
/// <param name="isTaken">Whether another class of the namespace has a name.</param>
internal sealed class BlockNames(string network, Func<string, bool> isTaken)
{
    /// <summary>Names of modules that say nothing.</summary>
    private static readonly FrozenSet<string> Vague =
        ("layer layers block blocks features feature stage stages conv convs module modules model net backbone body head branch seq "
        + "sequential").Split(' ').ToFrozenSet();

    private const string Any = "Block", Gate = "SqueezeExcitation";

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal), _unnamed = new(StringComparer.Ordinal);

    /// <summary>The name and a sentence about it.</summary>
    public (string Name, string Summary) Of(IReadOnlyList<Region> uses)
    {
        (string name, string summary) = ByStructure(uses[0]) ?? (ByModule(uses), "");
        if (summary.Length == 0)
        {
            summary = uses.Count == 1 ? "A module of its own." : $"What is repeated {Numerals.Format(uses.Count)} times.";
        }

        string free = name == Any ? name + "1" : name;
        for (int i = 2; _taken.Contains(free); i++)
        {
            free = name + i.ToString(CultureInfo.InvariantCulture);
        }

        _taken.Add(free);
        if (name == Any)
        {
            _unnamed.Add(free);
            return (free, summary);
        }

        free = isTaken(free) ? network + free : free;

        return (free, summary);
    }

    /// <summary>Numbers blocks without a name of their own in the order in which a reader meets them.</summary>
    public void Number(IReadOnlyList<BlockClass> classes)
    {
        int number = 1;
        foreach (BlockClass block in classes.Where(block => _unnamed.Contains(block.Name)).ToList())
        {
            string name = Any + (number++).ToString(CultureInfo.InvariantCulture);
            block.Name = isTaken(name) ? network + name : name;
        }
    }

    private static (string Name, string Summary)? ByStructure(Region region)
    {
        IReadOnlyList<Unit> units = region.Units;
        int[] kernels = [.. units.SelectMany(KernelsOf)];
        bool isDepthwise = units.SelectMany(unit => unit.Layers).Any(IsDepthwise);
        var joins = units.Where(unit => unit.IsJoin).ToList();
        string? join = joins.Count == 1 ? joins[0].Kind : null;
        BranchGroup? group = joins.Count == 1
            ? new UnitGraph(units, [], [region.Output]).Groups.GetValueOrDefault(joins[0].Output) : null;
        bool isProjected = group is { Branches.Count: 2 } && group.Branches.Count(branch => IsProjection(branch)) == 1;
        if (isProjected)
        {
            Unit[] main = [.. group!.Branches.Where(branch => !IsProjection(branch)).SelectMany(branch => branch)];
            kernels = [.. main.SelectMany(KernelsOf)];
        }

        bool hasIdentity = group is not null && group.Branches.Any(branch => branch.Count == 0 || branch is [ShortcutUnit]);
        return (kernels, join) switch
        {
            ([1, > 1, 1], "Add") when isProjected => ("ProjectedBottleneck", "A convolution between two of 1×1, added to a projection."),
            ([_, _], "Add") when isProjected => ("ProjectedBasicBlock", "Two convolutions, added to a projection of their input."),
            ([1, > 1, 1], "Add") => isDepthwise
                ? ("InvertedResidual", "The inverted bottleneck, added to its input.")
                : ("Bottleneck", "A convolution between two of 1×1, added to its input."),
            ([_, _], "Add") when hasIdentity => ("BasicBlock", "Two convolutions, added to their input."),
            (_, "Add") when hasIdentity => ("Residual", "Layers whose output is added to their input."),
            ([1, > 1, 1], null) when isDepthwise && joins.Count == 0 =>
                ("Inverted", "The inverted bottleneck: more channels, a depthwise convolution, few channels again."),
            ([> 1, 1], null) when isDepthwise && joins.Count == 0 => ("Separable", "A depthwise convolution and one of 1×1."),
            (_, "Multiply") when hasIdentity && units.Any(unit => unit.Stem == "pool" || unit.Kind == "Mean") =>
                (Gate, "Weighs the channels by what is in the whole picture."),
            (_, "Concat") when hasIdentity && group!.Branches.Count == 2 =>
                ("DenseLayer", "Its output is its input with new channels behind it."),
            (_, "Concat") when units[^1].Kind == "ChannelShuffle" => units.Any(unit => unit.Stem is "slice" or "split")
                ? ("ShuffleUnit", "Half of the channels stay as they are; then both halves are shuffled.")
                : ("ShuffleDown", "Two branches with half of the channels each, which are shuffled."),
            ([1, 1, 3], "Concat") when group is { Branches.Count: 2 } && !hasIdentity =>
                ("Fire", "A 1×1 convolution with few filters, then 1×1 and 3×3 with many, side by side."),
            (_, "Concat") when group is { Branches.Count: > 2 } => ("Inception", "Branches side by side."),
            ([_], null) when joins.Count == 0 && units[0].Stem == "conv" && LayerWords.IsActivation(units[^1].Kind) =>
                ("ConvUnit", Listed(units)),
            ([1], null) when joins.Count == 0 && LayerWords.IsNorm(units[0].Kind) => ("Transition", Listed(units)),
            ([_, _], null) when joins.Count == 0 => ("DoubleConv", units.Any(unit => LayerWords.IsNorm(unit.Kind))
                ? "Two convolutions, each with a norm and an activation." : "Two convolutions."),
            _ => null,
        };
    }

    private static string Listed(IReadOnlyList<Unit> units)
    {
        string[] words = [.. units.Select(unit => unit.Stem switch
        {
            "conv" => "convolution",
            "bn" => "batch norm",
            "relu" => "rectifier",
            "relu6_" => "rectifier clipped at 6",
            "hardswish" => "hard swish",
            "pool" => "pooling",
            _ => unit.Kind,
        })];
        string text = string.Join(", ", words);
        return char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }

    private static bool IsProjection(IReadOnlyList<Unit> branch) =>
        branch is [{ Stem: "conv" }] or [{ Stem: "conv" }, LayerUnit { Stem: "bn" }];

    private static IEnumerable<int> KernelsOf(Unit unit) => unit is ShortcutUnit || unit.Kind == Gate ? [] : unit.Layers
        .Where(layer => LayerWords.StemOf(layer.Kind) == "conv")
        .Select(layer => layer.Arguments.Count > 1 && layer.Arguments[1] is { Name: null, Value: int kernel } ? kernel : 0);

    private static bool IsDepthwise(Layers.Layer layer) => LayerWords.StemOf(layer.Kind) == "conv"
        && layer.Arguments.Any(argument => argument.Name == "Groups" && argument.Value.Equals(layer.Inputs[0].Shape[0]));

    /// <summary>What the last parts of all paths have in common: inception3a and inception4e give Inception.</summary>
    private static string ByModule(IReadOnlyList<Region> uses)
    {
        string[] names = [.. uses.Select(use => Stem(use.Path[(use.Path.LastIndexOf('.') + 1)..])).Distinct()];
        return names is [{ Length: > 2 } name] && !Vague.Contains(name) ? char.ToUpperInvariant(name[0]) + name[1..] : Any;
    }

    private static string Stem(string segment) => string.Concat(segment.TakeWhile(char.IsAsciiLetter)).ToLowerInvariant();
}
