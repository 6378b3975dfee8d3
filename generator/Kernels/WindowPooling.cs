using Strata.Generator.Emission;
using Strata.Generator.Graph;
using Strata.Generator.Lowering;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Kernels;

/// <summary>The window of a pooling layer over an input of given extents.</summary>
internal sealed record PoolingWindow(
    PoolingKind Kind, WindowAxis Vertical, WindowAxis Horizontal, bool CountIncludePad, int Height, int Width, int Rows, int Columns)
{
    /// <summary>Whether some window reaches beyond the input: into the padding, or over the end in ceil mode.</summary>
    public bool Clips => Clipped(Vertical, Height, Rows) || Clipped(Horizontal, Width, Columns);

    /// <summary>Whether each element lies in one window at most.</summary>
    public bool IsDisjoint => Vertical.Stride >= Vertical.Kernel && Horizontal.Stride >= Horizontal.Kernel;

    /// <summary>Whether each element lies in a window.</summary>
    public bool Covers => !Clips && Vertical.Stride <= Vertical.Kernel && Horizontal.Stride <= Horizontal.Kernel
        && ((Rows - 1) * Vertical.Stride) + Vertical.Kernel >= Height && ((Columns - 1) * Horizontal.Stride) + Horizontal.Kernel >= Width;

    public FusedPool AsTile => new(Kind, Vertical.Kernel, Horizontal.Kernel);

    private static bool Clipped(WindowAxis axis, int extent, int outputs) =>
        axis.PadBefore > 0 || ((outputs - 1) * axis.Stride) + axis.Kernel - axis.PadBefore > extent;

    /// <summary>The loops over one window of output (<c>row</c>, <c>column</c>), with variables <c>y</c>, <c>x</c> and <c>top</c>, <c>left</c>.</summary>
    public void WriteBounds(SourceWriter writer)
    {
        string Start(string index, WindowAxis axis) =>
            Sum((index, axis.Stride)) + (axis.PadBefore > 0 ? $" - {Number(axis.PadBefore)}" : "");
        writer.Line($"int top = {Start("row", Vertical)}, left = {Start("column", Horizontal)};");
        if (Clips)
        {
            writer.Line($"int y0 = Math.Max(top, 0), y1 = Math.Min(top + {Number(Vertical.Kernel)}, {Number(Height)});");
            writer.Line($"int x0 = Math.Max(left, 0), x1 = Math.Min(left + {Number(Horizontal.Kernel)}, {Number(Width)});");
        }
        else
        {
            writer.Line($"int y0 = top, y1 = top + {Number(Vertical.Kernel)};");
            writer.Line($"int x0 = left, x1 = left + {Number(Horizontal.Kernel)};");
        }
    }

    /// <summary>The factor of an average: 1/area, where padding counts up to the padded end (PyTorch's rule).</summary>
    public string WriteScale(SourceWriter writer)
    {
        if (!Clips)
        {
            return Single(1.0 / (Vertical.Kernel * Horizontal.Kernel));
        }

        if (CountIncludePad)
        {
            writer.Line(
                $"int area = (Math.Min(top + {Number(Vertical.Kernel)}, {Number(Height + Vertical.PadAfter)}) - top)"
                + $" * (Math.Min(left + {Number(Horizontal.Kernel)}, {Number(Width + Horizontal.PadAfter)}) - left);");
        }
        else
        {
            writer.Line("int area = (y1 - y0) * (x1 - x0);");
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
        string unit = "channel", type = Vectors ? "Vector" : "float";
        writer.Line($"for (int channel = 0; channel < {Number(Units)}; channel++)");
        writer.Line($"for (int row = 0; row < {Number(Window.Rows)}; row++)");
        using (writer.Block($"for (int column = 0; column < {Number(Window.Columns)}; column++)"))
        {
            Window.WriteBounds(writer);
            bool max = Window.Kind == PoolingKind.Max;
            string initial = !max ? (Vectors ? "Vector.Zero" : "0f")
                : Vectors ? "Simd.Create(float.NegativeInfinity)" : "float.NegativeInfinity";
            writer.Line($"{type} value = {initial};");
            if (RecordIndices)
            {
                writer.Line("var index = Simd.Create(0);");
            }

            writer.Line("for (int y = y0; y < y1; y++)");
            using (writer.Block("for (int x = x0; x < x1; x++)"))
            {
                string address = Sum((unit, Input.Channel), ("y", Input.Row), ("x", Input.Column));
                writer.Line(Vectors
                    ? $"Vector element = Simd.LoadUnsafe({Ref("input", address)});"
                    : $"float element = Unsafe.Add(ref input, {address});");
                if (!max)
                {
                    writer.Line("value += element;");
                }
                else if (RecordIndices)
                {
                    // Not "element > value": NaN wins and stays, as in PyTorch.
                    writer.Line("Vector greater = ~Simd.LessThanOrEqual(element, value) & Simd.Equals(value, value);");
                    writer.Line(
                        $"index = Simd.ConditionalSelect(greater.AsInt32(), Simd.Create(((y - top) * {Number(Window.Horizontal.Kernel)}) + x - left), index);");
                    writer.Line("value = Simd.ConditionalSelect(greater, element, value);");
                }
                else
                {
                    writer.Line(Vectors ? "value = Simd.Max(element, value);" : "value = MathF.Max(element, value);");
                }
            }

            if (!max)
            {
                string scale = Window.WriteScale(writer);
                writer.Line(Vectors ? $"value *= Simd.Create({scale});" : $"value *= {scale};");
            }

            string result = Activation is null ? "value"
                : Vectors ? Activate(Activation, "value")
                : $"({Activate(Activation, "Simd.Create(value)")}).ToScalar()";
            string target = Sum((unit, Output.Channel), ("row", Output.Row), ("column", Output.Column));
            writer.Line(Vectors
                ? $"{result}.StoreUnsafe({Ref("output", target)});"
                : $"Unsafe.Add(ref output, {target}) = {result};");
            if (RecordIndices)
            {
                int bits = Window.AsTile.IndexBits;
                string plane = Sum(
                    (unit, Window.Rows * Window.Columns * bits), ("row", Window.Columns * bits), ("column", bits));
                writer.Line($"ref Bits planes = {Ref("indices", plane)};");
                for (int k = 0; k < bits; k++)
                {
                    string bit = k == 0 ? "planes" : $"Unsafe.Add(ref planes, {Number(k)})";
                    writer.Line($"{bit} = (Bits)(index << {Number(31 - k)}).ExtractMostSignificantBits();");
                }
            }
        }
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

    public override string Summary => IsMax ? "Hands each gradient to its window's maximum" : "Spreads each gradient over its window";

    public override string Parameters =>
        "ref float gradient" + (Activation is not null ? ", ref float activation" : "") + (IsMax ? ", ref Bits indices" : "")
        + ", ref float inputGradient";

    public override void WriteBody(SourceWriter writer)
    {
        const string Unit = "channel";
        bool plain = Window.IsDisjoint && Window.Covers;
        using (writer.Block($"for (int channel = 0; channel < {Number(Units)}; channel++)"))
        {
            if (!plain)
            {
                writer.Line("// Windows overlap or leave elements out: their gradients are sums that begin at zero.");
                writer.Line($"for (int y = 0; y < {Number(Window.Height)}; y++)");
                using (writer.Block($"for (int x = 0; x < {Number(Window.Width)}; x++)"))
                {
                    string address = Sum((Unit, InputGradient.Channel), ("y", InputGradient.Row), ("x", InputGradient.Column));
                    writer.Line($"Vector.Zero.StoreUnsafe({Ref("inputGradient", address)});");
                }
            }

            writer.Line($"for (int row = 0; row < {Number(Window.Rows)}; row++)");
            using (writer.Block($"for (int column = 0; column < {Number(Window.Columns)}; column++)"))
            {
                writer.Line(
                    $"Vector g = Simd.LoadUnsafe({Ref("gradient", Sum((Unit, Gradient.Channel), ("row", Gradient.Row), ("column", Gradient.Column)))});");
                if (Activation is { } activation)
                {
                    writer.Line(
                        $"Vector z = Simd.LoadUnsafe({Ref("activation", Sum((Unit, Output.Channel), ("row", Output.Row), ("column", Output.Column)))});");
                    writer.Line($"g = {ActivationGradient(activation, "z", "g")};");
                }

                bool unrolls = plain && IsMax && Window.AsTile.Area <= UnrollLimit;
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
                    WriteIndex(writer, Unit);
                }

                if (unrolls)
                {
                    WriteWindow(writer, Unit);
                }
                else
                {
                    WriteLoops(writer, Unit, plain);
                }
            }
        }
    }

    /// <summary>Puts the planes of bits together: lane by lane, the number of the window's element that was the largest.</summary>
    private void WriteIndex(SourceWriter writer, string unit)
    {
        int bits = Window.AsTile.IndexBits;
        string plane = Sum((unit, Window.Rows * Window.Columns * bits), ("row", Window.Columns * bits), ("column", bits));
        writer.Line($"ref Bits planes = {Ref("indices", plane)};");
        writer.Line($"var lane = {LaneBits()};");
        for (int k = 0; k < bits; k++)
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

    private void WriteWindow(SourceWriter writer, string unit)
    {
        string target = Sum(
            (unit, InputGradient.Channel), ("row", InputGradient.Row * Window.Vertical.Stride), ("column", InputGradient.Column * Window.Horizontal.Stride));
        writer.Line($"ref float target = {Ref("inputGradient", target)};");
        for (int y = 0; y < Window.Vertical.Kernel; y++)
        {
            for (int x = 0; x < Window.Horizontal.Kernel; x++)
            {
                int number = (y * Window.Horizontal.Kernel) + x;
                writer.Line(Store(
                    $"(Simd.Equals(index, Simd.Create({Number(number)})).AsSingle() & g)", "target", (y * InputGradient.Row) + (x * InputGradient.Column)));
            }
        }
    }

    private void WriteLoops(SourceWriter writer, string unit, bool plain)
    {
        writer.Line("for (int y = y0; y < y1; y++)");
        using (writer.Block("for (int x = x0; x < x1; x++)"))
        {
            string address = Sum((unit, InputGradient.Channel), ("y", InputGradient.Row), ("x", InputGradient.Column));
            writer.Line($"ref float target = {Ref("inputGradient", address)};");
            string share = IsMax
                ? $"(Simd.Equals(index, Simd.Create(((y - top) * {Number(Window.Horizontal.Kernel)}) + x - left)).AsSingle() & g)"
                : "g";
            writer.Line(plain ? Store(share, "target", 0) : $"(Simd.LoadUnsafe(ref target) + {share}).StoreUnsafe(ref target);");
        }
    }
}
