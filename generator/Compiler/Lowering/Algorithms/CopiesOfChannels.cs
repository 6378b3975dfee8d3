using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// Takes or moves channels: slices, shuffles, and shuffles and slices of concatenated tensors. Neighbouring channels of one tensor are a
/// view of its memory where the layout allows that; others are copied to their places.
/// </summary>
/// <param name="sources">For each channel of the result, where it comes from.</param>
internal sealed class CopiesOfChannels(EquatableArray<ChannelSource> sources, Tier tier) : Algorithm
{
    /// <summary>
    /// The most vectors that are put together from blocks, in one kernel. Beyond that, and if a vector has its channels from many others,
    /// whole rows are moved instead.
    /// </summary>
    private const int MostShuffles = 160, MostSources = 6;

    private readonly Lazy<bool> _suitsBlocks = new(() =>
    {
        List<EquatableArray<UnitSource>> units = [.. UnitRuns.Find(sources, tier.Lanes).SelectMany(run => run.Units)];
        int shuffles = units.Sum(unit => unit.Count);
        return shuffles <= MostShuffles && shuffles <= MostSources * units.Count;
    });

    public override bool? GivesBlocks => _suitsBlocks.Value ? null : false;

    public override Algorithm For(LayerGroup group, Tier tier) => new CopiesOfChannels(group.ChannelSources!.Value, tier);

    public override GroupLayout Arrange(LayoutRequest at)
    {
        bool blocks = _suitsBlocks.Value
            && (at.Kind.Mixes ? at.Inputs.All(x => x.Layout == Layout.Blocked) : at.Inputs.Any(x => x.Layout == Layout.Blocked));
        if (at.Kind.SamplesInLanes || (at.Kind.Mixes && !blocks))
        {
            return WithView(at, at.With(Layout.SampleLanes, [.. at.InLanes().Inputs]));
        }

        Layout layout = blocks ? Layout.Blocked : Layout.Planar;
        return WithView(at, at.With(layout, [.. at.Inputs.Select(x => x.In(layout))]));
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        List<TensorBuffer> inputs = at.ReadAll();
        if (ViewedFrom(at.Trains, at.Layout) is { } first)
        {
            return inputs[0].Part(TensorName.Of(at.Group.Last), at.Group.Last.Shape, first);
        }

        TensorBuffer y = at.Result();
        Move(at.Builder, (MethodName(at.Group), $"{at.Group.Label}: {Text(at.Group.Inputs)} → {at.Group.Last.Shape}"), sources, inputs, y);
        return y;
    }

    public override IReadOnlyList<TensorBuffer?> Backward(BackwardContext at)
    {
        var targets = new List<TensorBuffer?>();
        for (int i = 0; i < at.Group.Inputs.Count; i++)
        {
            TensorBuffer? target = at.Wants(i) ? at.Target(i, at.Group.Inputs[i].Shape) : null;
            if (target is not null)
            {
                Move(
                    at.Builder, (MethodName(at.Group, "Gradient"), $"backward of {at.Group.Label}: {at.Group.Head.Shape} → {target.Shape}"),
                    ChannelSources.Back(sources, i, target.Shape.Channels), [at.Gradient], target);
            }

            targets.Add(target);
        }

        return targets;
    }

    private static string Text(IReadOnlyList<Node> inputs) => string.Join(", ", inputs.Select(input => input.Shape.ToString()));

    /// <summary>The layouts with the result in the memory of the input, if it can be there.</summary>
    private GroupLayout WithView(LayoutRequest at, GroupLayout layout) => ViewedFrom(at.Kind.Trains, layout) is null ? layout
        : layout with { Result = layout.Inputs[0] with { Shape = layout.Result.Shape } };

    /// <summary>
    /// The first channel of the result in its input, if it is a view: neighbouring channels that begin with a block, and have the zeros
    /// around them that readers expect. In training, each tensor has its own memory.
    /// </summary>
    private int? ViewedFrom(bool trains, GroupLayout layout)
    {
        TensorLayout x = layout.Inputs[0];
        return !trains && layout.Inputs.Count == 1 && ChannelSources.FirstOf(sources) is { } first
            && (x.Layout != Layout.Blocked || first % tier.Lanes == 0) && x.Halo.Union(layout.Result.Halo) == x.Halo ? first : null;
    }

    private static void Move(ProgramBuilder builder, (string Name, string Comment) step, EquatableArray<ChannelSource> sources,
        List<TensorBuffer> inputs, TensorBuffer y)
    {
        bool blocks = y.Layout == Layout.Blocked;
        int[] used = [.. sources.Where(source => source.Channel >= 0).Select(source => source.Input).Distinct().OrderBy(input => input)];
        var kernel = new MovedChannels(
            builder.Tier,
            sources.Select(source => source.Channel < 0 ? source : source with { Input = Array.IndexOf(used, source.Input) })
                .ToEquatableArray(),
            blocks, y.Shape.Rows, blocks ? y.Shape.Width : y.Shape.Width * y.ColumnPitch,
            used.Select(input => StridesOf(inputs[input])).ToEquatableArray(), StridesOf(y));
        builder.Add(
            step.Name, step.Comment, kernel, StepCosts.Elementwise(builder.Tier, VectorsOf(y), operands: Math.Min(used.Length, 2)),
            [.. used.Select(input => Read(inputs[input])), Write(y)]);
    }
}
