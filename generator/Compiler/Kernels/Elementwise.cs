using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// The vectors of a tensor: channels × rows × vectors of a row. A tensor without gaps is one long row.
/// </summary>
/// <param name="ValidLanes">Lanes of a row's last vector that hold elements; the others become zero. 0: all.</param>
internal readonly record struct VectorGrid(int Channels, int Rows, int Columns, int ValidLanes)
{
    public static VectorGrid Of(TensorBuffer buffer, params TensorBuffer[] others)
    {
        bool compact = buffer.IsCompact;
        foreach (TensorBuffer other in others)
        {
            compact &= other.IsCompact;
        }

        int lanes = buffer.Lanes;
        return buffer.Layout switch
        {
            Layout.Flat => new(1, 1, Arithmetic.CeilingDivide(buffer.Shape.Length, lanes), buffer.Shape.Length % lanes),
            Layout.Planar => new(
                buffer.Shape.Channels, buffer.Shape.Rows, Arithmetic.CeilingDivide(buffer.Shape.Width, lanes), buffer.Shape.Width % lanes),
            _ when compact => new(1, 1, buffer.ChannelUnits * buffer.Shape.Rows * buffer.Shape.Width, 0),
            _ => new(buffer.ChannelUnits, buffer.Shape.Rows, buffer.Shape.Width, 0),
        };
    }

    /// <summary>Strides of a buffer over this grid.</summary>
    public static Strides StridesOf(TensorBuffer buffer) => new(buffer.ChannelPitch, buffer.RowPitch, buffer.Lanes);

    /// <summary>How the work of a kernel over the grid may be divided.</summary>
    public Work Work =>
        Channels > 1 ? new(WorkAxis.Channels, Channels) : Rows > 1 ? new(WorkAxis.Rows, Rows) : Work.Of(WorkAxis.Elements, Columns);

    /// <summary>Records the loops around <paramref name="body"/>.</summary>
    public void Record(KernelBuilder k, Action<GridPosition> body)
    {
        Expression? tail = ValidLanes > 0 ? k.Let("tail", Intrinsics.LanesBefore(Constant.Single(ValidLanes))) : null;
        (string, int, int)[] loops = [("channel", Channels, 1), ("row", Rows, 1), ("column", Columns, 1)];
        int items = Channels > 1 ? 1 : Rows > 1 ? 2 : 3;
        using (k.Items(out Index[] outer, [.. loops.Take(items)]))
        using (k.Loops(out Index[] inner, [.. loops.Skip(items)]))
        {
            Index[] at = [.. outer, .. inner];
            body(new GridPosition(at[0], at[1], at[2], tail, Columns - 1));
        }
    }
}

/// <summary>One of the vectors of a tensor.</summary>
/// <param name="Tail">A mask of the lanes that hold elements, for the last vector of a row; null if all lanes do.</param>
internal sealed record GridPosition(Index Channel, Index Row, Index Column, Expression? Tail, int LastColumn)
{
    /// <summary>The vector's address in a tensor.</summary>
    public Reference In(Pointer tensor, Strides strides) =>
        tensor[Index.Sum((Channel, strides.Channel), (Row, strides.Row), (Column, strides.Column))];

    /// <summary>The value, with zero in the lanes beyond the row.</summary>
    public Expression Mask(Expression value) => Tail is null ? value
        : LastColumn == 0 ? Tail & value
        : Expression.Select(Index.AreEqual(Column, Number.Named(LastColumn, "lastColumn")), Tail & value, value);
}

/// <summary>A batch norm in inference that could not be fused with the step after it.</summary>
/// <param name="Function">The scale, the shift and the activation after the norm.</param>
internal sealed record ChannelScaleKernel(Tier Tier, Prologue Function, VectorGrid Grid, Strides Input, Strides Output,
    bool IsBlocked) : Kernel(Tier)
{
    public override string Summary => "Scale and shift of each channel";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), scale = k.Parameter("inputScale"), shift = k.Parameter("inputShift"),
            output = k.Parameter("output");
        Expression OfChannel(Pointer values, Index channel) => IsBlocked ? values[channel * Tier.Lanes].Vector : values[channel].Broadcast;
        Grid.Record(k, at => k.Store(
            at.In(output, Output),
            at.Mask(Function.Of(at.In(input, Input).Vector, OfChannel(scale, at.Channel), OfChannel(shift, at.Channel)))));
    }
}

/// <summary>An activation that could not be fused with the step before it; without one, a copy.</summary>
internal sealed record ActivationKernel(Tier Tier, Activation? Activation, VectorGrid Grid, Strides Input, Strides Output) : Kernel(Tier)
{
    public override string Summary => Activation is null ? "Copies rows" : Activation.Title;

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Grid.Record(k, at =>
        {
            Variable x = k.Let("x", at.In(input, Input).Vector);
            if (Activation is not null)
            {
                k.Set(x, Activation.Of(x));
            }

            k.Store(at.In(output, Output), at.Mask(x));
        });
    }
}

/// <summary>The sum of several tensors, or another function that joins them from left to right, and an activation of it.</summary>
/// <param name="Inputs">Strides of each.</param>
internal sealed record JoinKernel(Tier Tier, JoinFunction Function, VectorGrid Grid, EquatableArray<Strides> Inputs, Strides Output,
    Activation? Activation) : Kernel(Tier)
{
    public override string Summary => $"{Function.Title} of {Inputs.Count} tensors";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer[] inputs = [.. Inputs.Select((_, i) => k.Parameter($"input{i}"))];
        Pointer output = k.Parameter("output");
        Grid.Record(k, at =>
        {
            Variable joined = k.Let(Function == JoinFunction.Sum ? "sum" : "joined",
                Inputs.Select((strides, i) => at.In(inputs[i], strides).Vector).Aggregate(Function.Of));
            if (Activation is not null)
            {
                k.Set(joined, Activation.Of(joined));
            }

            k.Store(at.In(output, Output), at.Mask(joined));
        });
    }
}

/// <summary>The backward pass of an activation: turns the gradient of its output into that of its input, in place.</summary>
internal sealed record ActivationGradientKernel(Tier Tier, Activation Activation, VectorGrid Grid, Strides Saved,
    Strides Gradient) : Kernel(Tier)
{
    public override string Summary => $"Gradient of {Activation.Title}, in place";

    public override Work WorkOf(IReadOnlyList<int> extents) => Grid.Work;

    protected override void Record(KernelBuilder k)
    {
        Pointer activation = k.Parameter("activation"), gradient = k.Parameter("gradient");
        Grid.Record(k, at =>
        {
            Variable saved = k.Let("saved", at.In(activation, Saved).Vector);
            Pointer target = k.PointTo("target", at.In(gradient, Gradient));
            Variable g = k.Let("g", target[0].Vector);
            k.Store(target, Activation.GradientOf(saved, g));
        });
    }
}

/// <summary>
/// Dropout: an element survives with probability 1 − rate and is scaled by 1/(1 − rate) (Srivastava et al. 2014, in
/// the inverted form). The decision is a function of seed, step, layer, sample and element. So backward can draw it again instead of saving
/// it, and the same elements are dropped on every tier, in every layout and with any number of threads.
/// </summary>
/// <param name="Layer">Number of the layer, which selects the stream of random numbers.</param>
/// <param name="Elements">Elements of one sample.</param>
/// <param name="Together">Number of neighbouring elements that share a decision: 1, all of a channel, or all of the sample.</param>
internal abstract record DropoutKernel(Tier Tier, double Rate, int Layer, int Elements, int Together) : Kernel(Tier)
{
    public sealed override string Summary =>
        "Dropout; the random bits depend on seed, step, "
        + $"layer{(IsOfSample ? " and sample" : $", sample and {(Together == 1 ? "element" : "channel")}")} only";

    /// <summary>Whether all elements of a sample are dropped together.</summary>
    protected bool IsOfSample => Together == Elements;

    protected sealed override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Variable step = k.ContextParameter();
        uint threshold = (uint)Math.Min(Math.Round(Rate * 4294967296.0), uint.MaxValue);
        Variable scale = k.Let("scale", (float)(1 / (1 - Rate)));
        Variable limit = k.Let("threshold", new Broadcast(new Constant(threshold, ElementType.UInt)));
        Record(
            k,
            (bits, arguments) => k.Let("keep", k.Let("bits", bits.Call([step, (Index)Layer, .. arguments])) >= limit),
            (from, to, keep) =>
            {
                Variable x = k.Let("x", input[from].Vector);
                k.Store(output[to], keep & (x * scale));
            });
    }

    /// <param name="draw">Records the decision. Takes the function of the random bits, and its arguments behind the layer.</param>
    /// <param name="apply">Records the masking of a vector. Takes its offsets in the input and the output.</param>
    protected abstract void Record(KernelBuilder k, Func<RuntimeMember, Expression[], Variable> draw, Action<Index, Index, Variable> apply);
}

/// <summary>Dropout of a block, with a sample in each lane.</summary>
internal sealed record LaneDropoutKernel(Tier Tier, double Rate, int Layer, int Elements, int Together)
    : DropoutKernel(Tier, Rate, Layer, Elements, Together)
{
    public override Work WorkOf(IReadOnlyList<int> extents) =>
        Together == 1 || IsOfSample ? Work.Of(WorkAxis.Elements, Elements) : Work.Of(WorkAxis.Channels, Elements / Together);

    protected override void Record(KernelBuilder k, Func<RuntimeMember, Expression[], Variable> draw, Action<Index, Index, Variable> apply)
    {
        Variable Keep(Index element) => draw(RuntimeApi.RandomBits(Tier.Bits), [element]);
        int together = IsOfSample ? 1 : Together;
        Variable? ofAll = IsOfSample ? Keep(0) : null;
        using (k.Items(out Index[] element, (together == 1 ? "element" : "channel", Elements / together, 1)))
        {
            Variable keep = ofAll ?? Keep(element[0]);
            using (k.Loops(out Index[] pixel, ("pixel", together, 1)))
            {
                Index position = ((element[0] * together) + pixel[0]) * Tier.Lanes;
                apply(position, position, keep);
            }
        }
    }
}

/// <summary>Dropout of one sample in blocks of channels.</summary>
internal sealed record BlockedDropoutKernel(
    Tier Tier, double Rate, int Layer, int Elements, int Together, int Channels, int Rows, int Columns, Strides Input, Strides Output)
    : DropoutKernel(Tier, Rate, Layer, Elements, Together)
{
    public override Work WorkOf(IReadOnlyList<int> extents) => Work.Of(WorkAxis.Channels, Channels);

    protected override void Record(KernelBuilder k, Func<RuntimeMember, Expression[], Variable> draw, Action<Index, Index, Variable> apply)
    {
        Variable Keep(Index element, int stride) => draw(RuntimeApi.RandomElementBits(Tier.Bits), [element, (Index)stride]);
        int pixels = Rows * Columns;
        Variable? ofAll = IsOfSample ? Keep(0, 0) : null;
        using (k.Items(out Index[] channel, ("channel", Channels, 1)))
        {
            Variable? ofChannels = ofAll ?? (Together == 1 ? null : Keep(channel[0] * Tier.Lanes, 1));
            using (k.Loops(out Index[] pixel, ("row", Rows, 1), ("column", Columns, 1)))
            {
                Index Position(Strides strides) =>
                    Index.Sum((channel[0], strides.Channel), (pixel[0], strides.Row), (pixel[1], strides.Column));
                apply(Position(Input), Position(Output),
                    ofChannels ?? Keep(Index.Sum((channel[0], Tier.Lanes * pixels), (pixel[0], Columns), (pixel[1], 1)), pixels));
            }
        }
    }
}
