using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

internal sealed class ConvTranspose1D() : ConvTransposeOperator(1);

internal sealed class ConvTranspose2D() : ConvTransposeOperator(2);

internal sealed class ConvTranspose3D() : ConvTransposeOperator(3);

/// <summary>
/// Transposed convolution. It is a convolution of stride 1 with filters turned by 180°, after S − 1 zeros are put between the elements.
/// </summary>
internal abstract class ConvTransposeOperator(int dimensions) : LayerOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Convolution;

    public sealed override string Kind => $"ConvTranspose{Arithmetic.Number(dimensions)}D";

    public sealed override string Stem => "conv";

    public override IReadOnlyList<PyTorchPlace> PyTorchPlaces =>
    [
        PyTorchPlace.Known("the number of input channels is known"), "filters", "kernel", "Stride", "Padding", "OutputPadding", "Groups",
        "Bias", "Dilation",
    ];

    public sealed override OperatorDocumentation Documentation
    {
        get
        {
            (string shape, string formula) = dimensions switch
            {
                1 => ("C×L → filters×L′, L′", "y[o, S·i + d·m − P] += w[c, o, m]·x[c, i]"),
                2 => ("C×H×W → filters×H′×W′, H′", "y[o, S·i + d·m − P, S·j + d·n − P] += w[c, o, m, n]·x[c, i, j]"),
                _ => ("C×D×H×W → filters×D′×H′×W′, H′",
                    "y[o, S·k + d·l − P, S·i + d·m − P, S·j + d·n − P] += w[c, o, l, m, n]·x[c, k, i, j]"),
            };
            string n = Arithmetic.Number(dimensions), extent = dimensions == 1 ? "L" : "H";
            return new(
                $"[{Kind}(filters, kernel)]", $"{shape} = ({extent} − 1)·S − 2P + d·(F − 1) + OutputPadding + 1",
                $"{formula}, beginning with b[o]",
                $"nn.ConvTranspose{n}d", $"Conv{n}DTranspose");
        }
    }

    public sealed override IReadOnlyList<OperatorCase> Cases => dimensions switch
    {
        1 =>
        [
            .. In(Sequence, "ConvTranspose1D(3, 3, Stride = 2)", "ConvTranspose1D(5, 3, Stride = 2, OutputPadding = 1)",
                "ConvTranspose1D(3, 4, Stride = 3, AutoPad = AutoPad.Same, Bias = false)",
                "ConvTranspose1D(3, 3, Dilation = 2, Padding = 1, Groups = 3)", "ConvTranspose1D(4, 3, PaddingLeft = 2, PaddingRight = 1)",
                "ConvTranspose1D(4, 2, Initializer = Initializer.HeUniform)",
                "Conv1D(5, 3, Name = \"a\"), Tanh, ConvTranspose1D(3, 3, Tied = \"a\")"),
        ],
        2 =>
        [
            "Conv2D(5, 3, Stride = 2, Name = \"a\"), Tanh, ConvTranspose2D(4, 3, Stride = 2, Bias = false, Tied = \"a\")",
            "ConvTranspose2D(3, 3)", "ConvTranspose2D(3, 2, Stride = 2)", "ConvTranspose2D(3, 2, Stride = 3)",
            "ConvTranspose2D(3, 4, Stride = 2, Padding = 1)", "ConvTranspose2D(3, 5, Stride = 3, Dilation = 2)",
            "ConvTranspose2D(6, 3, Stride = 2, Padding = 1, OutputPadding = 1, Groups = 2, Bias = false)",
            "ConvTranspose2D(3, 4, Stride = 3, AutoPad = AutoPad.Same)", "ConvTranspose2D(3, 2, Stride = 3, AutoPad = AutoPad.Same)",
            "ConvTranspose2D(3, 3, DilationHeight = 2, PaddingTop = 1, StrideWidth = 2)",
            "ConvTranspose2D(3, 2, Dilation = 3, OutputPadding = 2)",
            "ConvTranspose2D(3, 2, Stride = 2, Dilation = 4, PaddingWidth = 1, OutputPadding = 3)",
            "ConvTranspose2D(3, 3, PaddingHeight = 1, PaddingRight = 2, StrideWidth = 3, OutputPaddingWidth = 2)",
            "ConvTranspose2D(3, 3, PaddingBottom = 2, PaddingLeft = 1, Initializer = Initializer.HeNormal)",
            .. In("4, 9, 11",
                "ConvTranspose2D(3, 2, KernelHeight = 3, KernelWidth = 4, StrideHeight = 2, DilationWidth = 2, OutputPaddingHeight = 1)"),
        ],
        _ =>
        [
            .. In(Volume, "Conv3D(3, 2, Name = \"a\"), ConvTranspose3D(2, 2, Tied = \"a\")",
                "ConvTranspose3D(3, 3, Stride = 2, Padding = 1)", "ConvTranspose3D(2, 3, Stride = 2)",
                "ConvTranspose3D(4, 2, Dilation = 2, OutputPadding = 1, Groups = 2, Bias = false)",
                "ConvTranspose3D(2, 3, Stride = 2, AutoPad = AutoPad.Same, Initializer = Initializer.LeCunUniform)",
                "ConvTranspose3D(3, 2, KernelDepth = 1, KernelHeight = 3, KernelWidth = 2, StrideDepth = 2, StrideWidth = 2)",
                "ConvTranspose3D(3, 1, StrideHeight = 2)",
                "ConvTranspose3D(3, 2, PaddingDepth = 1, PaddingHeight = 0, PaddingWidth = 1)",
                "ConvTranspose3D(3, 2, PaddingFront = 1, PaddingBack = 0, PaddingTop = 0, PaddingBottom = 1, PaddingLeft = 1)",
                "ConvTranspose3D(2, 2, Stride = 2, OutputPaddingDepth = 1, OutputPaddingHeight = 0, OutputPaddingWidth = 1)"),
            .. In("2, 6, 7, 7", "ConvTranspose3D(3, 2, PaddingRight = 1, DilationDepth = 2, DilationHeight = 1, DilationWidth = 3)"),
        ],
    };

    public sealed override Signature<LayerDefinition> Signature { get; } = Takes(
        Required<int>("filters"), WindowArguments.OfConvolution(dimensions),
        new AxisArguments(Property("OutputPadding", 0), DescribedPartKind.OutputPadding, "OutputPadding").Each(dimensions),
        Property("Groups", 1), Property("Bias", true), Initializers, CommonArguments.Tied,
        (filters, window, padding, groups, bias, initializer, tied) =>
            new ConvTransposeDefinition(filters, window, padding, groups, bias, initializer, tied));
}

/// <summary>A transposed convolution over the axes of its window.</summary>
/// <param name="OutputPadding">How many elements are added at the end of each axis of the output.</param>
internal sealed record ConvTransposeDefinition(
    Argument<int> Filters, WindowArguments Window, EquatableArray<Argument<int>> OutputPadding, Argument<int> Groups, Argument<bool> Bias,
    Argument<Initializer> Initializer, Argument<string> Tied) : LayerDefinition
{
    private bool IsTied => Tied.Value.Length > 0;

    public override IEnumerable<string> ParameterSuffixes => WeightAnd(Bias, IsTied);

    public override LayerResult? Build(LayerContext layer)
    {
        int dimensions = Window.Axes.Count;
        int filters = layer.AtLeast(1, Filters), groups = layer.AtLeast(1, Groups);
        Initializer initializer = layer.OneOf(Initializer);
        ConvolutionDefinition.CheckGroups(layer, dimensions, filters, Groups);
        AutoPad autoPad = layer.OneOf(Window.AutoPad);
        if (autoPad == AutoPad.Full)
        {
            layer.Report(ArgumentProblems.Unsupported(
                layer.At(Window.AutoPad.Name), "AutoPad.Full would pad what has to be cut off", "Use AutoPad.Same or AutoPad.Valid"));
        }

        List<Axis> axes = Window.Axes.Select((axis, i) => Axis.Read(axis, OutputPadding[i], layer, autoPad)).ToList();
        if (layer.HasErrors || !layer.HasDimensions(dimensions) || layer.Input is not { } input)
        {
            return null;
        }

        axes = axes.Select((axis, i) => axis with { Extent = input.Extents[i + 1] }).ToList();
        foreach (Axis axis in axes.GroupBy(a => (a.Text, a.Argument)).Select(alike => alike.First()))
        {
            if (Math.Max(axis.Output, axis.Spread) + axis.Span > Operators.Window.MaxExtent)
            {
                layer.Report(ShapeProblems.ExtentTooLarge(layer.At(axis.Argument), $"its {axis.Name}, {axis.Text},"));
            }
            else if (axis.Output < 1)
            {
                layer.ReportTooLarge(axis.Argument, axis.Name, axis.Text, input, "Reduce the padding");
            }
        }

        if (layer.HasErrors)
        {
            return null;
        }

        // A positive margin becomes the convolution's padding. A negative margin crops the convolution's input.
        Axis Of(int fromLast) => dimensions > fromLast ? axes[dimensions - 1 - fromLast] : Axis.One;
        var spreading = new Spreading(Of(2).Spaced, Of(1).Spaced, Of(0).Spaced);
        var convolution = new Convolution(filters, Of(1).Window, Of(0).Window, groups, Bias.Value, initializer)
        {
            Depth = Of(2).Window,
            Spread = input,
            IsTied = IsTied,
        };
        var spread = Shape.Create(input.Channels, axes.Select(axis => axis.Spaced.Extent).ToArray());
        return new LayerResult(
            convolution,
            Shape.Create(filters, axes.Select(axis => (int)axis.Output).ToArray()),
            axes.All(axis => axis.Text == axes[0].Text) ? axes[0].Text : string.Join(", ", axes.Select(axis => $"{axis.Name} {axis.Text}")),
            Shape.Create(input.Channels, axes.Select(axis => axis.Spaced.Extent + axis.Window.PadBefore + axis.Window.PadAfter).ToArray()))
        {
            Before = spread == input && axes.All(axis => axis.Spaced is { Stride: 1, First: 0 })
                ? [] : [new ImplicitLayer("spread", spreading, spread)],
            Windows = [.. axes.Select(axis => axis.Declared)],
        };
    }

    /// <summary>The arguments for one axis. They have 64 bits, so that no computation overflows.</summary>
    private sealed record Axis(string Name, string Argument, long Kernel, long Stride, long Dilation, long Before,
        long After, long OutputPadding)
    {
        public static readonly Axis One = new("", "", 1, 1, 1, 0, 0, 0) { Extent = 1 };

        public long Extent { get; init; }

        public long Span => (Dilation * (Kernel - 1)) + 1;

        /// <summary>The extent of the input with zeros between its elements.</summary>
        public long Spread => ((Extent - 1) * Stride) + 1;

        public long Output => Spread - Before - After + Span - 1 + OutputPadding;

        /// <summary>The formula for messages, such as <c>(7 − 1)·2 − 2·1 + (3 − 1) + 1 + 1 = 14</c>.</summary>
        public string Text
        {
            get
            {
                string padding = Before == After ? $"2·{Arithmetic.Number(Before)}"
                    : $"{Arithmetic.Number(Before)} − {Arithmetic.Number(After)}";
                string span = $"({Arithmetic.Number(Kernel)} − 1)";
                span = Dilation == 1 ? span : $"{Arithmetic.Number(Dilation)}·{span}";
                return $"({Arithmetic.Number(Extent)} − 1)·{Arithmetic.Number(Stride)} − {padding} + {span} + "
                    + $"{Arithmetic.Number(OutputPadding)} + 1 = {Arithmetic.Number(Output)}";
            }
        }

        public LayerWindow Declared => new(
            new WindowAxis((int)Kernel, (int)Stride, (int)Dilation, (int)Before, (int)After), (int)OutputPadding);

        public WindowAxis Window => new(
            (int)Kernel, 1, (int)Dilation, (int)Math.Max(MarginBefore, 0), (int)(Math.Max(MarginAfter, 0) - (Spaced.Extent - Left)));

        /// <summary>The input's elements with zeros between them. If nothing of the input is left, it is a single zero.</summary>
        public SpreadAxis Spaced => new((int)Stride, (int)Math.Min(MarginBefore, 0), (int)Math.Max(Left, 1));

        /// <summary>The extent that is left after negative margins have cropped it.</summary>
        private long Left => Spread + Math.Min(MarginBefore, 0) + Math.Min(MarginAfter, 0);

        private long MarginBefore => Span - 1 - Before;

        private long MarginAfter => Span - 1 - After + OutputPadding;

        public static Axis Read(WindowAxisArguments arguments, Argument<int> output, LayerContext layer, AutoPad autoPad)
        {
            int kernel = layer.AtLeast(1, arguments.Kernel), stride = layer.AtLeast(1, arguments.Stride);
            int dilation = layer.AtLeast(1, arguments.Dilation);
            int paddingBefore = layer.AtLeast(0, arguments.Before), paddingAfter = layer.AtLeast(0, arguments.After);
            int outputPadding = layer.AtLeast(0, output);
            if (outputPadding >= Math.Max(stride, dilation) && outputPadding > 0)
            {
                layer.Report(ArgumentProblems.OutOfRange(
                    layer.At(output.Name), output.Name, outputPadding,
                    $"less than the stride {Arithmetic.Number(stride)} or the dilation {Arithmetic.Number(dilation)}"));
            }

            var result = new Axis(
                arguments.Axis.Name, arguments.Kernel.Name, kernel, stride, dilation, paddingBefore, paddingAfter, outputPadding);
            if (autoPad == AutoPad.None)
            {
                return result;
            }

            Argument<int>[] written = [.. new[] { arguments.Before, arguments.After, output }.Where(argument => argument.IsSet).Distinct()];
            foreach (Argument<int> argument in written)
            {
                layer.Report(ArgumentProblems.Conflicting(layer.At(argument.Name), "AutoPad", argument.Name));
            }

            // As in Keras, the output has S times as many elements. An odd surplus element is cropped from the end.
            long surplus = autoPad == AutoPad.Same ? result.Span - stride : 0;
            return result with
            {
                Before = Math.Max(surplus, 0) / 2,
                After = (Math.Max(surplus, 0) + 1) / 2,
                OutputPadding = Math.Max(-surplus, 0),
            };
        }
    }
}

/// <param name="Stride">The distance of two elements of the input in the output.</param>
/// <param name="First">The place of the input's first element: 0, or negative if that element is cropped.</param>
/// <param name="Extent">The extent of the output. The last elements of the input may be beyond it.</param>
internal readonly record struct SpreadAxis(int Stride, int First, int Extent)
{
    /// <summary>Of neighbouring outputs, one in <see cref="Stride"/> is an element of the input.</summary>
    public AxisReach Reach => new(1.0 / Stride, 1.0 / Stride);

    /// <summary>The first element of the input that is not cropped.</summary>
    public int From => Arithmetic.CeilingDivide(-First, Stride);

    /// <summary>The place of that element in the output.</summary>
    public int Start => First + (From * Stride);

    /// <summary>How many elements of the input are not cropped.</summary>
    public int Count(int input) =>
        Start >= Extent ? 0 : Math.Max(0, Math.Min(Arithmetic.CeilingDivide(Extent - Start, Stride), input - From));
}

/// <summary>Puts zeros between the elements of the input.</summary>
internal sealed record Spreading(SpreadAxis Depth, SpreadAxis Vertical, SpreadAxis Horizontal) : LoopOperation
{
    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool OnlyMoves => true;

    public override Reach ReachOf(Shape input, Shape output) => new(Depth.Reach, Vertical.Reach, Horizontal.Reach);

    public override void Forward(LoopPass pass)
    {
        pass.Clear(pass.Output);
        pass.Step("", k => Copy(k, pass.Input, pass.Output, isForward: true));
    }

    public override void Backward(LoopPass pass)
    {
        LoopTensor dx = pass.InputGradient!;
        if (Depth.Count(dx.Shape.Depth) < dx.Shape.Depth || Vertical.Count(dx.Shape.Height) < dx.Shape.Height
            || Horizontal.Count(dx.Shape.Width) < dx.Shape.Width)
        {
            pass.Clear(dx);
        }

        pass.Step("", k => Copy(k, dx, pass.OutputGradient, isForward: false));
    }

    private void Copy(Loops k, LoopTensor dense, LoopTensor spread, bool isForward)
    {
        Shape shape = dense.Shape;
        k.For([("c", k.Channels(dense)), ("z", Depth.Count(shape.Depth)), ("y", Vertical.Count(shape.Height)),
            ("x", Horizontal.Count(shape.Width))], at =>
        {
            var own = new ElementIndex(at[0], at[1] + Depth.From, at[2] + Vertical.From, at[3] + Horizontal.From);
            var apart = new ElementIndex(
                at[0], (at[1] * Depth.Stride) + Depth.Start, (at[2] * Vertical.Stride) + Vertical.Start,
                (at[3] * Horizontal.Stride) + Horizontal.Start);
            if (isForward)
            {
                spread[apart] = dense[own];
            }
            else
            {
                dense[own] = spread[apart];
            }
        });
    }
}
