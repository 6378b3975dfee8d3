using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>The surface's <c>Filter</c>, by number.</summary>
internal enum Filter
{
    Edge,
    SobelX,
    SobelY,
    BoxBlur,
    GaussianBlur,
    Sharpen,
    Emboss,
}

internal sealed class Filter2D : LayerOperator
{
    public override OperatorFamily Family => OperatorFamily.Convolution;

    public override string Kind => "Filter2D";

    public override string Stem => "filter";

    public override OperatorDocumentation Documentation => new(
        "[Filter2D(Filter.SobelX)]",
        "C×H×W → C×(H + 2P − 2)×(W + 2P − 2)",
        "y[c, i, j] = Σ k[m, n]·x[c, i + m − P, j + n − P], with a fixed k of 3×3",
        "",
        "");

    public override IReadOnlyList<OperatorCase> Cases =>
    [
        "Filter2D(Filter.Edge)", "Filter2D(Filter.SobelX)", "Filter2D(Filter.SobelX, Padding = 1)", "Filter2D(Filter.SobelY)",
        "Filter2D(Filter.BoxBlur)", "Filter2D(Filter.BoxBlur, Padding = 1)",
        "Filter2D(Filter.GaussianBlur, Padding = 1, PaddingMode = PaddingMode.Reflect)", "Filter2D(Filter.Sharpen)",
        "Filter2D(Filter.Emboss)",
    ];

    public override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<Filter>("filter"), Property<int>("Padding") with { DescribedAs = new DescribedPart(DescribedPartKind.Padding) },
        Property<PaddingMode>("PaddingMode"),
        (filter, padding, paddingMode) => new Filter2DDefinition(filter, padding, paddingMode));
}

/// <summary>A filter of image processing with constant weights.</summary>
internal sealed record Filter2DDefinition(Argument<Filter> Filter, Argument<int> Padding, Argument<PaddingMode> PaddingMode)
    : LayerDefinition
{
    public override LayerResult? Build(LayerContext layer)
    {
        double[] kernel = KernelOf(layer.OneOf(Filter));
        PaddingMode mode = layer.OneOf(PaddingMode);
        int padding = layer.AtLeast(0, Padding);
        if (mode != Operators.PaddingMode.Zeros && !Padding.IsSet)
        {
            Operators.Padding.ReportUnread(layer, PaddingMode);
        }

        if (layer.HasErrors || !layer.HasDimensions(2) || layer.Input is not { } input)
        {
            return null;
        }

        var margin = new Margin(padding, padding);
        var names = new MarginNames(Padding.Name, Padding.Name);
        if (Operators.Padding.Build(layer, input, mode, [margin, margin], [names, names]) is not { } padded)
        {
            return null;
        }

        (int height, int width) = (padded.Shape.Height - 2, padded.Shape.Width - 2);
        string Axis(int extent, int output) =>
            $"{Arithmetic.Number(extent)} + 2·{Arithmetic.Number(padding)} − 2 = {Arithmetic.Number(output)}";
        string formula = height == width ? Axis(input.Height, height)
            : $"height {Axis(input.Height, height)}, width {Axis(input.Width, width)}";
        if (height < 1 || width < 1)
        {
            layer.ReportTooLarge(
                "", height < 1 ? "height" : "width", height < 1 ? Axis(input.Height, height) : Axis(input.Width, width), input,
                "Add padding");
            return null;
        }

        return new LayerResult(new FixedFilter(kernel.ToEquatableArray()), Shape.Image(input.Channels, height, width),
            formula, padded.Shape)
        {
            Before = padding > 0 ? [new ImplicitLayer("pad", padded.Operation, padded.Shape)] : [],
            Windows = [.. Enumerable.Repeat(new LayerWindow(new WindowAxis(3, 1, 1, padding, padding)), 2)],
        };
    }

    /// <summary>The weights, row by row.</summary>
    public static double[] KernelOf(Filter filter) => filter switch
    {
        Operators.Filter.Edge => [-1, -1, -1, -1, 8, -1, -1, -1, -1],
        Operators.Filter.SobelX => [-1, 0, 1, -2, 0, 2, -1, 0, 1],
        Operators.Filter.SobelY => [-1, -2, -1, 0, 0, 0, 1, 2, 1],
        Operators.Filter.BoxBlur => [.. Enumerable.Repeat(1 / 9.0, 9)],
        Operators.Filter.GaussianBlur => [1 / 16.0, 1 / 8.0, 1 / 16.0, 1 / 8.0, 1 / 4.0, 1 / 8.0, 1 / 16.0, 1 / 8.0, 1 / 16.0],
        Operators.Filter.Sharpen => [0, -1, 0, -1, 5, -1, 0, -1, 0],
        _ => [-2, -1, 0, -1, 1, 1, 0, 1, 2],
    };
}

/// <summary>A 3×3 filter with constant weights, applied to each channel. It is not trained.</summary>
internal sealed record FixedFilter(EquatableArray<double> Kernel) : LoopOperation
{
    private static readonly WindowAxis Axis = new(3, 1, 1, 0, 0);

    public override Dependence Dependence => Dependence.Channel;

    public override Reach ReachOf(Shape input, Shape output) => new(new WindowAxes(WindowAxis.One, Axis, Axis));

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForEachApart(pass.Output, at =>
        pass.Output[at with { Z = 0 }] = k.Let("sum",
            Taps(at).Select(tap => Times(pass.Input[tap.At], tap.Factor)).Aggregate((left, right) => left + right))));

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!, dy = pass.OutputGradient;
        pass.Clear(dx);
        pass.Step("", k => k.ForEach(dy, at =>
        {
            Variable g = k.Let("g", dy[at with { Z = 0 }]);
            foreach ((ElementIndex place, double factor) in Taps(at))
            {
                dx.Add(place, Times(g, factor));
            }
        }));
    }

    public override long MultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) =>
        (long)output.Length * Kernel.Count(factor => factor != 0);

    private static Expression Times(Expression value, double factor) => factor == 1 ? value : value * factor;

    private IEnumerable<(ElementIndex At, double Factor)> Taps(ElementIndex at) =>
        Enumerable.Range(0, 9).Where(i => Kernel[i] != 0)
            .Select(i => (new ElementIndex(at.C, 0, at.Y + (i / 3), at.X + (i % 3)), Kernel[i]));
}
