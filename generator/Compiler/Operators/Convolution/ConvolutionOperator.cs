using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>The base of the convolutions.</summary>
internal abstract class ConvolutionOperator(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Convolution;

    public sealed override string Stem => "conv";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
    [
        PyTorchPlace.Known("the number of input channels is known"), "filters", "kernel", "Stride", "Padding", "Dilation", "Groups", "Bias",
        "PaddingMode",
    ];

    public sealed override LayerOperator OfRank(int rank) =>
        OperatorSet.FindBuiltIn($"Conv{Arithmetic.Number(rank - 1)}D") as LayerOperator ?? this;

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("filters"), WindowArguments.OfConvolution(dimensions), Property("Groups", 1), Property("Bias", true),
        Initializers, Property<PaddingMode>("PaddingMode"),
        (filters, window, groups, bias, initializer, mode) => new ConvolutionDefinition(filters, window, groups, bias, initializer, mode));
}

/// <summary>A convolution over one, two or three axes.</summary>
internal sealed record ConvolutionDefinition(
    Argument<int> Filters, WindowArguments Window, Argument<int> Groups, Argument<bool> Bias, Argument<Initializer> Initializer,
    Argument<PaddingMode> PaddingMode) : LayerDefinition
{
    /// <summary>The most residues modulo the strides: 64×64. Backward does a convolution of its own for each of them.</summary>
    private const int MostResidues = 4096;

    public override IEnumerable<string> ParameterSuffixes => WeightAnd(Bias);

    public override LayerResult? Build(LayerContext layer)
    {
        int dimensions = Window.Axes.Count;
        int filters = layer.AtLeast(1, Filters);
        layer.AtLeast(1, Groups);
        Initializer initializer = layer.OneOf(Initializer);
        PaddingMode mode = layer.OneOf(PaddingMode);
        CheckGroups(layer, dimensions, filters, Groups);
        if (mode != Operators.PaddingMode.Zeros && Window.Padding is null
            && Window.AutoPad.Value is Operators.AutoPad.None or Operators.AutoPad.Valid)
        {
            Padding.ReportUnread(layer, PaddingMode);
        }

        if (Operators.Window.Resolve(Window, layer, pooling: false) is not { } window || layer.HasErrors)
        {
            return null;
        }

        WindowAxis[] axes = [window.Depth, window.Vertical, window.Horizontal];
        if (!CheckResidues(layer, axes))
        {
            return null;
        }

        ImplicitLayer? pad = null;
        if (mode != Operators.PaddingMode.Zeros && axes.Any(axis => axis.PadBefore + axis.PadAfter > 0))
        {
            List<Margin> margins = axes.Skip(axes.Length - dimensions).Select(axis => new Margin(axis.PadBefore, axis.PadAfter)).ToList();
            if (Padding.Build(layer, layer.Input!.Value, mode, margins, MarginNames()) is not { } padded)
            {
                return null;
            }

            pad = new ImplicitLayer("pad", padded.Operation, padded.Shape);
            axes = Array.ConvertAll(axes, axis => axis with { PadBefore = 0, PadAfter = 0 });
        }

        return new LayerResult(
            new Convolution(filters, axes[1], axes[2], Groups.Value, Bias.Value, initializer) { Depth = axes[0] },
            window.Output with { Channels = filters },
            window.Formula,
            window.PaddedInput)
        {
            Before = pad is null ? [] : [pad],
            Windows = window.Axes,
        };
    }

    /// <summary>What messages call the margins. Padding that AutoPad computes has no argument of its own.</summary>
    private MarginNames[] MarginNames() => [.. Window.Axes.Select(axis => Window.AutoPad.IsSet
        ? new MarginNames(Window.AutoPad.Name, Window.AutoPad.Name) : new MarginNames(axis.Before.Name, axis.After.Name))];

    private bool CheckResidues(LayerContext layer, WindowAxis[] axes)
    {
        Shape input = layer.Input!.Value;
        int[] residues =
            axes.Zip([input.Depth, input.Height, input.Width], (axis, extent) => Math.Min(axis.Stride, Math.Min(axis.Kernel, extent)))
            .Where(residue => residue > 1).ToArray();
        decimal all = residues.Aggregate(1m, (product, residue) => product * residue);
        if (all <= MostResidues)
        {
            return true;
        }

        layer.Report(WindowProblems.StrideTooLarge(
            layer.At(Window.Axes[Window.Axes.Count - 1].Stride.Name), residues, all, MostResidues));
        return false;
    }

    public static void CheckGroups(LayerContext layer, int dimensions, int filters, Argument<int> groups)
    {
        if (filters >= 1 && groups.Value >= 1)
        {
            if (filters % groups.Value != 0)
            {
                ReportGroups(layer, groups, filters, "filter");
            }
            else if (layer.Input is { } input && input.Rank == dimensions + 1 && input.Channels % groups.Value != 0)
            {
                ReportGroups(layer, groups, input.Channels, "channel");
            }
        }
    }

    private static void ReportGroups(LayerContext layer, Argument<int> groups, int count, string noun) =>
        layer.Report(ShapeProblems.GroupsDoNotDivide(layer.At(groups.Name), groups.Value, count, noun, layer.Input));
}

/// <summary>Cross-correlation along one, two or three axes.</summary>
internal sealed record Convolution(
    int Filters,
    WindowAxis Vertical,
    WindowAxis Horizontal,
    int Groups,
    bool Bias,
    Initializer WeightInitializer = Initializer.PyTorchUniform) : Operation
{
    public WindowAxis Depth { get; init; } = WindowAxis.One;

    /// <summary>
    /// For a transposed convolution, the input's shape before zeros were put between the elements; otherwise null. The weights are those of
    /// a convolution in the opposite direction: their shape is (I, O/groups, …), and they are turned by 180°.
    /// </summary>
    public Shape? Spread { get; init; }

    /// <summary>Whether the weights are a matrix, as those of PyTorch's <c>nn.Linear</c>. The window is then one element.</summary>
    public bool WeightIsMatrix { get; init; }

    /// <summary>What stands before <c>weight</c> and <c>bias</c> in the keys of its parameters, if it is a part of a layer.</summary>
    public string KeyPrefix { get; init; } = "";

    /// <summary>Which slice of the parameters it uses, if it is one of several parts of a layer that have theirs together.</summary>
    public ParameterSlice? Slice { get; init; }

    public Initializer BiasInitializer { get; init; } = Initializer.PyTorchUniform;

    /// <summary>Whether the weight is that of a layer in the opposite direction.</summary>
    public bool IsTied { get; init; }

    public WindowAxes Window => new(Depth, Vertical, Horizontal);

    public override WeightKind WeightKindOf(Shape input) => FiltersOf(input);

    public override bool ComputesTiles => true;

    public override bool TakesActivation => true;

    public override WindowAxes? WindowOverZeros(Shape input) => FiltersOf(input).Window;

    public override bool AddsBiasToChannels => Bias;

    public override Reach ReachOf(Shape input, Shape output) => new(Window);

    public override EquatableArray<ParameterSpec> Parameters(Shape input) =>
        IsTied ? All(input).Skip(1).ToEquatableArray() : All(input);

    private EquatableArray<ParameterSpec> All(Shape input)
    {
        (int first, int second) = Spread is null ? (Filters, input.Channels / Groups) : (input.Channels, Filters / Groups);
        int fanIn = second * Window.Area, fanOut = first * Window.Area * (Slice?.Count ?? 1);
        EquatableArray<int> extents = input.Rank switch
        {
            _ when WeightIsMatrix => EquatableArray.Of(first, second),
            2 => EquatableArray.Of(first, second, Horizontal.Kernel),
            3 => EquatableArray.Of(first, second, Vertical.Kernel, Horizontal.Kernel),
            _ => EquatableArray.Of(first, second, Depth.Kernel, Vertical.Kernel, Horizontal.Kernel),
        };
        ParameterSpec weight = Keyed(new ParameterSpec("weight", extents, WeightInitializer, fanIn, fanOut));
        return Bias
            ? EquatableArray.Of(weight, Keyed(new ParameterSpec("bias", EquatableArray.Of(Filters), BiasInitializer, fanIn, fanOut)))
            : EquatableArray.Of(weight);
    }

    // A matrix is transposed. The weight of a transposed convolution has the axes of a convolution in the opposite direction.
    public override TiedWeight? TiedWeight(Shape input)
    {
        if (!IsTied)
        {
            return null;
        }

        ParameterSpec weight = All(input)[0];
        return new TiedWeight(
            weight, WeightIsMatrix ? EquatableArray.Of(1, 0) : Enumerable.Range(0, weight.Extents.Count).ToEquatableArray());
    }

    private FilterWeight FiltersOf(Shape input)
    {
        var all = new FilterWeight(Filters, input.Channels / Groups, Groups, Window, Spread is not null);
        if (all.IsTransposed)
        {
            return all;
        }

        MetTaps met = Window.MetBy(input);
        return all with { Window = met.Window, TapsBefore = (met.Planes, met.Rows, met.Columns) };
    }

    private ParameterSpec Keyed(ParameterSpec parameter) =>
        KeyPrefix.Length == 0 ? parameter : parameter with { OwnKey = KeyPrefix + parameter.Suffix, Slice = Slice };

    public override long MultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        Spread is { } spread ? (long)spread.Length * (Filters / Groups) * Window.Area
            : (long)output.Length * (inputs[0].Channels / Groups) * Window.Area;
}
