using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>The window of a pooling layer over an input of a given shape.</summary>
internal sealed record PoolingWindow(Pooling Pooling, PoolingKind Kind, Shape Input, Shape Output)
{
    public WindowAxis Depth => Pooling.Depth;

    public WindowAxis Vertical => Pooling.Vertical;

    public WindowAxis Horizontal => Pooling.Horizontal;

    /// <summary>Whether some window reaches beyond the input: into the padding, or over the end in ceil mode.</summary>
    public bool Clips => Axes.Any(a => a.Axis.PadBefore > 0 || Reach(a) - a.Axis.PadBefore > a.Extent);

    /// <summary>Whether each element lies in one window at most.</summary>
    public bool IsDisjoint => Axes.All(a => a.Axis.Stride >= a.Axis.Kernel);

    /// <summary>The most windows that an element lies in.</summary>
    public long MostWindows => Depth.MostWindows * Vertical.MostWindows * Horizontal.MostWindows;

    /// <summary>Whether each element lies in a window.</summary>
    public bool Covers => !Clips && Axes.All(a => a.Axis.Stride <= a.Axis.Kernel && Reach(a) >= a.Extent);

    /// <summary>Whether the windows divide the input among themselves, without overlaps and gaps.</summary>
    public bool Tiles => !Clips && Axes.All(a => a.Axis.Stride == a.Axis.Kernel);

    /// <summary>Elements of a window.</summary>
    public int Area => checked(Depth.Kernel * AsTile.Area);

    /// <summary>Bits that tell which element of the window was the largest.</summary>
    public int IndexBits => FusedPool.BitsFor(Area);

    /// <summary>A window's part in one plane.</summary>
    public FusedPool AsTile => new(Kind, Vertical.Kernel, Horizontal.Kernel);

    /// <summary>Whether the windows slide along a depth, too.</summary>
    public bool HasPlanes => Pooling.Depth != WindowAxis.One || Input.Depth > 1;

    private (WindowAxis Axis, int Extent, int Outputs)[] Axes =>
    [
        (Depth, Input.Depth, Output.Depth), (Vertical, Input.Height, Output.Height), (Horizontal, Input.Width, Output.Width),
    ];

    /// <summary>Where the last window ends.</summary>
    private static int Reach((WindowAxis Axis, int Extent, int Outputs) a) => ((a.Outputs - 1) * a.Axis.Stride) + a.Axis.Kernel;

    /// <summary>The headers of the loops over all windows of a channel: <c>plane</c> (where there are several), <c>row</c> and <c>column</c>.</summary>
    public SourceWriter.Scope WriteLoops(SourceWriter writer)
    {
        if (Output.Depth > 1)
        {
            writer.Line($"for (int plane = 0; plane < {Number(Output.Depth)}; plane++)");
        }

        writer.Line($"for (int row = 0; row < {Number(Output.Height)}; row++)");
        return writer.Block($"for (int column = 0; column < {Number(Output.Width)}; column++)");
    }

    /// <summary>The bounds of a window and, before them, its unclipped start: <c>front</c>, <c>top</c>, <c>left</c>.</summary>
    public void WriteBounds(SourceWriter writer)
    {
        string Start(string index, WindowAxis axis) =>
            Sum((index, axis.Stride)) + (axis.PadBefore > 0 ? $" - {Number(axis.PadBefore)}" : "");
        void Bounds(string variable, string start, WindowAxis axis, int extent) => writer.Line(Clips
            ? $"int {variable}0 = Math.Max({start}, 0), {variable}1 = Math.Min({start} + {Number(axis.Kernel)}, {Number(extent)});"
            : $"int {variable}0 = {start}, {variable}1 = {start} + {Number(axis.Kernel)};");

        if (HasPlanes)
        {
            writer.Line($"int front = {Start(Output.Depth > 1 ? "plane" : "", Depth)};");
        }

        writer.Line($"int top = {Start("row", Vertical)}, left = {Start("column", Horizontal)};");
        if (HasPlanes)
        {
            Bounds("d", "front", Depth, Input.Depth);
        }

        Bounds("y", "top", Vertical, Input.Height);
        Bounds("x", "left", Horizontal, Input.Width);
    }

    /// <summary>The headers of the loops over the elements of a window: <c>d</c> (where there are planes), <c>y</c> and <c>x</c>.</summary>
    public SourceWriter.Scope WriteElementLoops(SourceWriter writer)
    {
        if (HasPlanes)
        {
            writer.Line("for (int d = d0; d < d1; d++)");
        }

        writer.Line("for (int y = y0; y < y1; y++)");
        return writer.Block("for (int x = x0; x < x1; x++)");
    }

    /// <summary>The loops over the elements of a window, for a sum.</summary>
    public IReadOnlyList<SumLoop> SumLoops()
    {
        var loops = new List<SumLoop> { new("y", "y0", "y1", Vertical.Kernel), new("x", "x0", "x1", Horizontal.Kernel) };
        if (HasPlanes)
        {
            loops.Insert(0, new SumLoop("d", "d0", "d1", Depth.Kernel));
        }

        return loops;
    }

    /// <summary>A window's place among those of a tensor.</summary>
    public string OutputAt(Walk walk) => Sum(
        ("channel", walk.Channel), (Output.Depth > 1 ? "plane" : "", walk.Plane), ("row", walk.Row), ("column", walk.Column));

    /// <summary>The place of a window's element.</summary>
    public string ElementAt(Walk walk) => Sum(
        ("channel", walk.Channel), (HasPlanes ? "d" : "", walk.Plane), ("y", walk.Row), ("x", walk.Column));

    /// <summary>Where the bits of a window's index stand.</summary>
    public string PlanesOfBits => OutputAt(new Walk(Output.Rows * Output.Width * IndexBits, Output.Width * IndexBits, IndexBits)
    {
        Plane = Output.Height * Output.Width * IndexBits,
    });

    /// <summary>The number of a window's element.</summary>
    public string IndexOfElement => HasPlanes
        ? $"((((d - front) * {Number(Vertical.Kernel)}) + y - top) * {Number(Horizontal.Kernel)}) + x - left"
        : $"((y - top) * {Number(Horizontal.Kernel)}) + x - left";

    /// <summary>The number of its first element that is not padding.</summary>
    public string IndexOfFirst => IndexOfElement.Replace("(d - front)", "(d0 - front)").Replace("y - top", "y0 - top").Replace("x - left", "x0 - left");

    /// <summary>The factor of an average: 1/area, where padding counts up to the padded end (PyTorch's rule).</summary>
    public string WriteScale(SourceWriter writer)
    {
        if (!Clips)
        {
            return Single(1.0 / Area);
        }

        string Counted(string start, WindowAxis axis, int extent) => $"(Math.Min({start} + {Number(axis.Kernel)}, {Number(extent + axis.PadAfter)}) - {start})";
        if (Pooling.CountIncludePad)
        {
            writer.Line(
                $"int area = {(HasPlanes ? Counted("front", Depth, Input.Depth) + " * " : "")}{Counted("top", Vertical, Input.Height)}"
                + $" * {Counted("left", Horizontal, Input.Width)};");
        }
        else
        {
            writer.Line($"int area = {(HasPlanes ? "(d1 - d0) * " : "")}(y1 - y0) * (x1 - x0);");
        }

        return "1f / area";
    }
}

/// <summary>
/// Pooling by a plain loop over each window. Works for vectors that hold one pixel (of v channels or samples) and, where rows
/// lie along the lanes, for single floats.
/// </summary>
/// <param name="Units">Channels, or blocks of them.</param>
/// <param name="Vectors">Whether an element is a vector.</param>
/// <param name="RecordIndices">Whether the maxima's indices are kept for backward, in planes of bits.</param>
internal sealed record WindowPooling(
    Tier Tier, PoolingWindow Window, int Units, bool Vectors, Walk Input, Walk Output, bool RecordIndices, Activation? Activation)
    : Kernel(Tier)
{
    public override string Summary => $"{Window.Kind} pooling, window by window";

    public override string Parameters => "ref float input, ref float output" + (RecordIndices ? ", ref Bits indices" : "");

    public override void WriteBody(SourceWriter writer)
    {
        string type = Vectors ? "Vector" : "float";
        writer.Line($"for (int channel = 0; channel < {Number(Units)}; channel++)");
        using (Window.WriteLoops(writer))
        {
            Window.WriteBounds(writer);
            if (Window.Kind == PoolingKind.Max)
            {
                WriteMaximum(writer, type);
            }
            else
            {
                WriteMean(writer, type);
            }

            string result = Activation is null ? "value"
                : Vectors ? Activate(writer, Activation, "value")
                : $"({Activate(writer, Activation, "Simd.Create(value)")}).ToScalar()";
            string target = Window.OutputAt(Output);
            writer.Line(Vectors
                ? $"{ExpressionPrinter.AsOperand(result)}.StoreUnsafe({Ref("output", target)});"
                : $"Unsafe.Add(ref output, {target}) = {result};");
            if (RecordIndices)
            {
                writer.Line($"ref Bits planes = {Ref("indices", Window.PlanesOfBits)};");
                for (int k = 0; k < Window.IndexBits; k++)
                {
                    string bit = k == 0 ? "planes" : $"Unsafe.Add(ref planes, {Number(k)})";
                    writer.Line($"{bit} = (Bits)(index << {Number(31 - k)}).ExtractMostSignificantBits();");
                }
            }
        }
    }

    private string Element => Vectors
        ? $"Simd.LoadUnsafe({Ref("input", Window.ElementAt(Input))})" : $"Unsafe.Add(ref input, {Window.ElementAt(Input)})";

    private void WriteMaximum(SourceWriter writer, string type)
    {
        writer.Line($"{type} value = {(Vectors ? "Simd.Create(float.NegativeInfinity)" : "float.NegativeInfinity")};");
        if (RecordIndices)
        {
            // Where all is −∞, nothing is greater: the gradient goes to the first element, not into the padding.
            writer.Line($"var index = Simd.Create({(Window.Clips ? Window.IndexOfFirst : "0")});");
        }

        using (Window.WriteElementLoops(writer))
        {
            writer.Line($"{type} element = {Element};");
            if (RecordIndices)
            {
                writer.Line($"Vector greater = {ReplacesMaximum("element", "value")};");
                writer.Line($"index = Simd.ConditionalSelect(greater.AsInt32(), Simd.Create({Window.IndexOfElement}), index);");
                writer.Line("value = Simd.ConditionalSelect(greater, element, value);");
            }
            else
            {
                writer.Line(Vectors ? "value = Simd.Max(element, value);" : "value = MathF.Max(element, value);");
            }
        }
    }

    private void WriteMean(SourceWriter writer, string type)
    {
        // From −0, which is nothing to a sum: pooling in a convolution's registers begins with the first element.
        var sum = new BlockedSum(Window.SumLoops(), "value") { Element = (type, Vectors ? "Simd.Create(-0f)" : "-0f") };
        sum.Write(writer, () => writer.Line($"{sum["value"]} += {Element};"));
        string scale = Window.WriteScale(writer);
        writer.Line(Vectors ? $"value *= Simd.Create({scale});" : $"value *= {scale};");
    }
}

/// <summary>
/// Backward of pooling, one sample per lane: the gradient goes to the window's maximum, or evenly to its elements.
/// </summary>
/// <param name="Units">Channels.</param>
/// <param name="Gradient">Strides of the output's gradient.</param>
/// <param name="Output">Strides of the pooled outputs, for the activation's gradient.</param>
/// <param name="InputGradient">Strides of the input's gradient.</param>
/// <param name="Activation">An activation that was fused with the pooling, so that its gradient is taken here.</param>
internal sealed record WindowPoolingGradient(
    Tier Tier, PoolingWindow Window, int Units, Walk Gradient, Walk Output, Walk InputGradient, Activation? Activation) : Kernel(Tier)
{
    /// <summary>Larger windows are loops: each element written out is three instructions and a line.</summary>
    private const int UnrollLimit = 16;

    private bool IsMax => Window.Kind == PoolingKind.Max;

    /// <summary>Whether so many windows share an element that its sum keeps what is rounded off.</summary>
    private bool IsLong => HasLongSums(Window);

    public static bool HasLongSums(PoolingWindow window) => window.MostWindows > SumCut.Terms;

    public override string Summary => IsMax ? "Hands each gradient to its window's maximum" : "Spreads each gradient over its window";

    public override string Parameters =>
        "ref float gradient" + (Activation is not null ? ", ref float activation" : "") + (IsMax ? ", ref Bits indices" : "")
        + ", ref float inputGradient" + (IsLong ? ", ref float lost" : "");

    public override void WriteBody(SourceWriter writer)
    {
        bool plain = Window.IsDisjoint && Window.Covers;
        using (writer.Block($"for (int channel = 0; channel < {Number(Units)}; channel++)"))
        {
            if (!plain)
            {
                writer.Line("// Windows overlap or leave elements out: their gradients are sums that begin at zero.");
                if (Window.HasPlanes)
                {
                    writer.Line($"for (int d = 0; d < {Number(Window.Input.Depth)}; d++)");
                }

                writer.Line($"for (int y = 0; y < {Number(Window.Input.Height)}; y++)");
                using (writer.Block($"for (int x = 0; x < {Number(Window.Input.Width)}; x++)"))
                {
                    writer.Line($"Vector.Zero.StoreUnsafe({Ref("inputGradient", Window.ElementAt(InputGradient))});");
                    if (IsLong)
                    {
                        writer.Line($"Vector.Zero.StoreUnsafe({Ref("lost", Window.ElementAt(InputGradient))});");
                    }
                }
            }

            using (Window.WriteLoops(writer))
            {
                writer.Line($"Vector g = Simd.LoadUnsafe({Ref("gradient", Window.OutputAt(Gradient))});");
                if (Activation is { } activation)
                {
                    writer.Line($"Vector z = Simd.LoadUnsafe({Ref("activation", Window.OutputAt(Output))});");
                    writer.Line($"g = {ActivationGradient(writer, activation, "z", "g")};");
                }

                bool unrolls = plain && IsMax && Window.Area <= UnrollLimit;
                if (!unrolls)
                {
                    Window.WriteBounds(writer);
                }

                if (!IsMax)
                {
                    writer.Line($"g *= Simd.Create({Window.WriteScale(writer)});");
                }
                else
                {
                    WriteIndex(writer);
                }

                if (unrolls)
                {
                    WriteWindow(writer);
                }
                else
                {
                    WriteLoops(writer, plain);
                }
            }
        }
    }

    /// <summary>Puts the planes of bits together: lane by lane, the number of the window's element that was the largest.</summary>
    private void WriteIndex(SourceWriter writer)
    {
        writer.Line($"ref Bits planes = {Ref("indices", Window.PlanesOfBits)};");
        writer.Line($"var lane = {LaneBits()};");
        for (int k = 0; k < Window.IndexBits; k++)
        {
            string bit = k == 0 ? "planes" : $"Unsafe.Add(ref planes, {Number(k)})";
            string term = $"Simd.Equals(Simd.Create((int){bit}) & lane, lane) & Simd.Create({Number(1 << k)})";
            writer.Line(k == 0 ? $"var index = {term};" : $"index |= {term};");
        }
    }

    private string LaneBits()
    {
        var values = new string[Tier.Lanes];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Number(1 << i);
        }

        return $"Simd.Create({string.Join(", ", values)})";
    }

    private void WriteWindow(SourceWriter writer)
    {
        Walk windows = InputGradient with
        {
            Plane = InputGradient.Plane * Window.Depth.Stride,
            Row = InputGradient.Row * Window.Vertical.Stride,
            Column = InputGradient.Column * Window.Horizontal.Stride,
        };
        writer.Line($"ref float target = {Ref("inputGradient", Window.OutputAt(windows))};");
        int number = 0;
        for (int z = 0; z < Window.Depth.Kernel; z++)
        {
            for (int y = 0; y < Window.Vertical.Kernel; y++)
            {
                for (int x = 0; x < Window.Horizontal.Kernel; x++)
                {
                    int offset = (z * InputGradient.Plane) + (y * InputGradient.Row) + (x * InputGradient.Column);
                    writer.Line(Store($"(Simd.Equals(index, Simd.Create({Number(number++)})).AsSingle() & g)", "target", offset));
                }
            }
        }
    }

    private void WriteLoops(SourceWriter writer, bool plain)
    {
        using (Window.WriteElementLoops(writer))
        {
            writer.Line($"ref float target = {Ref("inputGradient", Window.ElementAt(InputGradient))};");
            string share = IsMax ? $"(Simd.Equals(index, Simd.Create({Window.IndexOfElement})).AsSingle() & g)" : "g";
            writer.Line(IsLong ? $"LongSum.Add(ref target, {Ref("lost", Window.ElementAt(InputGradient))}, {share});"
                : plain ? Store(share, "target", 0) : $"(Simd.LoadUnsafe(ref target) + {share}).StoreUnsafe(ref target);");
        }
    }
}
