using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>The window of a pooling layer over an input of a given shape.</summary>
internal sealed record PoolingWindow(Pooling Pooling, PoolingKind Kind, Shape Input, Shape Output)
{
    public WindowAxis Depth => Pooling.Depth;

    public WindowAxis Vertical => Pooling.Vertical;

    public WindowAxis Horizontal => Pooling.Horizontal;

    /// <summary>Whether some window reaches beyond the input: into the padding or, in ceil mode, beyond the end.</summary>
    public bool Clips => Axes.Any(a => a.Axis.PadBefore > 0 || Reach(a) - a.Axis.PadBefore > a.Extent);

    /// <summary>Whether each element is in one window at most.</summary>
    public bool IsDisjoint => Axes.All(a => a.Axis.Stride >= a.Axis.Span);

    /// <summary>The most windows that an element is in.</summary>
    public long MostWindows => Depth.MostWindows * Vertical.MostWindows * Horizontal.MostWindows;

    /// <summary>Whether each element is in some window.</summary>
    public bool Covers => !Clips && Axes.All(a => a.Axis.Stride <= a.Axis.Kernel && a.Axis.IsSolid && Reach(a) >= a.Extent);

    /// <summary>Whether the windows cover the input without overlaps and gaps.</summary>
    public bool Tiles => !Clips && Axes.All(a => a.Axis.Stride == a.Axis.Kernel && a.Axis.IsSolid);

    /// <summary>Whether the windows leave out no element between two of theirs.</summary>
    public bool IsSolid => Axes.All(a => a.Axis.IsSolid);

    /// <summary>Elements of a window.</summary>
    public int Area => checked(Depth.Kernel * AsTile.Area);

    /// <summary>The bits of a maximum's index in its window.</summary>
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
    private static int Reach((WindowAxis Axis, int Extent, int Outputs) a) => ((a.Outputs - 1) * a.Axis.Stride) + a.Axis.Span;

    /// <summary>Records the loops over all windows of a channel. The body gets one of them.</summary>
    public void ForEach(KernelBuilder k, Action<WindowPosition> body)
    {
        using (Output.Depth > 1 ? k.For("plane", Output.Depth, out _) : default)
        using (k.For("row", Output.Height, out IndexVariable row))
        using (k.For("column", Output.Width, out IndexVariable column))
        {
            body(new WindowPosition(this, Output.Depth > 1 ? new IndexVariable("plane") : 0, row, column));
        }
    }
}

/// <summary>One of the windows of a channel.</summary>
internal sealed class WindowPosition(PoolingWindow window, Index plane, Index row, Index column)
{
    private static readonly IndexVariable Channel = new("channel");

    private readonly Index _plane = plane, _row = row, _column = column;
    private Index _front = 0, _top = 0, _left = 0;
    private readonly Index[] _first = [0, 0, 0], _end = [1, 1, 1];

    /// <summary>The loops over the elements of the window.</summary>
    public IReadOnlyList<SumLoop> Elements
    {
        get
        {
            var loops = new List<SumLoop>
            {
                new(new IndexVariable("y"), _first[1], _end[1], window.Vertical.Kernel),
                new(new IndexVariable("x"), _first[2], _end[2], window.Horizontal.Kernel),
            };
            if (window.HasPlanes)
            {
                loops.Insert(0, new SumLoop(new IndexVariable("d"), _first[0], _end[0], window.Depth.Kernel));
            }

            return loops;
        }
    }

    /// <summary>The index of an element in the window.</summary>
    public Index NumberOfElement => NumberOf(new IndexVariable("d"), new IndexVariable("y"), new IndexVariable("x"));

    /// <summary>The index of the window's first element that is not padding.</summary>
    public Index NumberOfFirst => window.Clips ? NumberOf(_first[0], _first[1], _first[2]) : 0;

    /// <summary>Records the start of the window, which may be in the padding, and its bounds within the input.</summary>
    public void RecordBounds(KernelBuilder k)
    {
        static Index Start(Index index, WindowAxis axis) =>
            Index.Sum((index, axis.Stride)) - (axis.PadBefore == 0 ? (Index)0 : Number.Named(axis.PadBefore, "padding"));
        (Index First, Index End) Bounds(string variable, Index start, WindowAxis axis, int extent)
        {
            if (!axis.IsSolid)
            {
                return DilatedBounds(k, variable, start, axis, extent);
            }

            Index kernel = Number.Named(axis.Kernel, "kernel");
            IndexVariable[] bounds = k.LetInts(
                (variable + "0", window.Clips ? Index.Max(start, 0) : start),
                (variable + "1", window.Clips ? Index.Min(start + kernel, Number.Named(extent, variable + "Count")) : start + kernel));
            return (bounds[0], bounds[1]);
        }

        if (window.HasPlanes)
        {
            _front = k.LetInt("front", Start(_plane, window.Depth));
        }

        IndexVariable[] corner = k.LetInts(("top", Start(_row, window.Vertical)), ("left", Start(_column, window.Horizontal)));
        (_top, _left) = (corner[0], corner[1]);
        if (window.HasPlanes)
        {
            (_first[0], _end[0]) = Bounds("d", _front, window.Depth, window.Input.Depth);
        }

        (_first[1], _end[1]) = Bounds("y", _top, window.Vertical, window.Input.Height);
        (_first[2], _end[2]) = Bounds("x", _left, window.Horizontal, window.Input.Width);
    }

    /// <summary>
    /// The bounds along an axis with gaps: the loop there counts the elements of the window, not those of the input. Element i is at
    /// start + D·i, so the first one inside is ⌈−start/D⌉, and those from ⌈(extent − start)/D⌉ on are beyond the end.
    /// </summary>
    private (Index First, Index End) DilatedBounds(KernelBuilder k, string variable, Index start, WindowAxis axis, int extent)
    {
        Index kernel = Number.Named(axis.Kernel, "kernel");
        if (!window.Clips)
        {
            return (0, kernel);
        }

        IndexVariable[] bounds = k.LetInts(
            (variable + "0", Index.Max((axis.Dilation - 1 - start) / axis.Dilation, 0)),
            (variable + "1", Index.Min((Number.Named(extent, variable + "Count") - start + (axis.Dilation - 1)) / axis.Dilation, kernel)));
        return (bounds[0], bounds[1]);
    }

    /// <summary>Loops over the elements of the window.</summary>
    public void ForEachElement(KernelBuilder k, Action body)
    {
        List<KernelBuilder.Scope> scopes = [.. Elements.Select(loop => loop.Open(k))];
        body();
        scopes.Reverse();
        scopes.ForEach(scope => scope.Dispose());
    }

    /// <summary>The address of the window's output in a tensor.</summary>
    public Index OutputAt(Strides strides) =>
        Index.Sum((Channel, strides.Channel), (_plane, strides.Plane), (_row, strides.Row), (_column, strides.Column));

    /// <summary>The address of the window's element in a tensor.</summary>
    public Index ElementAt(Strides strides)
    {
        Index plane = window.HasPlanes ? new IndexVariable("d") : 0;
        if (window.IsSolid)
        {
            return ElementAt(strides, plane);
        }

        static (Index, int)[] Along(WindowAxis axis, Index start, Index variable, int stride) =>
            axis.IsSolid ? [(variable, stride)] : [(start, stride), (variable, axis.Dilation * stride)];
        return Index.Sum([
            (Channel, strides.Channel),
            .. Along(window.Depth, _front, plane, strides.Plane),
            .. Along(window.Vertical, _top, new IndexVariable("y"), strides.Row),
            .. Along(window.Horizontal, _left, new IndexVariable("x"), strides.Column),
        ]);
    }

    /// <summary>The address of an element of the input, at the variables <c>y</c> and <c>x</c>.</summary>
    public static Index ElementAt(Strides strides, Index plane) =>
        Index.Sum((Channel, strides.Channel), (plane, strides.Plane), (new IndexVariable("y"), strides.Row),
            (new IndexVariable("x"), strides.Column));

    /// <summary>The offset of the bits of the window's index.</summary>
    public Index PlanesOfBits
    {
        get
        {
            (Shape output, int bits) = (window.Output, window.IndexBits);
            return OutputAt(
                new Strides(output.Rows * output.Width * bits, output.Width * bits, bits) { Plane = output.Height * output.Width * bits });
        }
    }

    /// <summary>
    /// The factor of an average, 1/area. If padding counts, the area ends where the padding ends, as in PyTorch.
    /// </summary>
    public Expression RecordScale(KernelBuilder k)
    {
        if (!window.Clips)
        {
            return Constant.Single(1.0 / window.Area);
        }

        static Index Counted(Index start, WindowAxis axis, int extent) => Index.Min(start + axis.Kernel, extent + axis.PadAfter) - start;
        Index area = window.Pooling.CountIncludePad
            ? (window.HasPlanes ? Counted(_front, window.Depth, window.Input.Depth) : 1)
                * Counted(_top, window.Vertical, window.Input.Height)
                * Counted(_left, window.Horizontal, window.Input.Width)
            : (window.HasPlanes ? _end[0] - _first[0] : 1) * (_end[1] - _first[1]) * (_end[2] - _first[2]);
        return Constant.Single(1) / k.LetInt("area", area);
    }

    private Index NumberOf(Index d, Index y, Index x)
    {
        Index kernelHeight = Number.Named(window.Vertical.Kernel, "kernelHeight"),
            kernelWidth = Number.Named(window.Horizontal.Kernel, "kernelWidth");
        if (window.IsSolid)
        {
            return window.HasPlanes
                ? ((((d - _front) * kernelHeight) + y - _top) * kernelWidth) + x - _left
                : ((y - _top) * kernelWidth) + x - _left;
        }

        Index row = window.Vertical.IsSolid ? y - _top : y, column = window.Horizontal.IsSolid ? x - _left : x;
        Index plane = window.Depth.IsSolid ? d - _front : d;
        return ((window.HasPlanes ? (plane * kernelHeight) + row : row) * kernelWidth) + column;
    }
}

/// <summary>
/// Pooling by a plain loop over each window. An element is a vector if lanes hold channels or samples, and a single float if lanes hold
/// neighbours in a row.
/// </summary>
/// <param name="Units">Channels, or blocks of them.</param>
/// <param name="Vectors">Whether an element is a vector.</param>
/// <param name="RecordIndices">Whether the indices of the maxima are saved for backward, in planes of bits.</param>
internal sealed record WindowPooling(
    Tier Tier, PoolingWindow Window, int Units, bool Vectors, Strides Input, Strides Output, bool RecordIndices, Activation? Activation)
    : Kernel(Tier)
{
    public override string Summary => $"{Window.Kind} pooling, window by window";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Channels, Units);

    protected override void Record(KernelBuilder k)
    {
        Pointer input = k.Parameter("input"), output = k.Parameter("output");
        Pointer? indices = RecordIndices ? k.Parameter(new Pointer("indices", Tier.LaneBits)) : null;
        using (k.Items("channel", 1, out _))
        {
            Window.ForEach(k, window =>
            {
                window.RecordBounds(k);
                Reference place = input[window.ElementAt(Input)];
                Expression element = Vectors ? place.Vector : place.Value;
                (Variable value, Variable? index) = Window.Kind == PoolingKind.Max ? RecordMaximum(k, window, element)
                    : (RecordMean(k, window, element), null);
                Expression result = Activation is null ? value
                    : Vectors ? Activation.Apply(value)
                    : Intrinsics.ToScalar(Activation.Apply(new Broadcast(value)));
                k.Store(output[window.OutputAt(Output)], result);
                if (index is not null)
                {
                    Pointer planes = k.PointTo("planes", indices![window.PlanesOfBits]);
                    for (int bit = 0; bit < Window.IndexBits; bit++)
                    {
                        var shifted = new Binary(BinaryOperator.ShiftLeft, index, (Index)(31 - bit));
                        k.Store(planes[bit], new Conversion(Tier.LaneBits, Intrinsics.LaneBits(shifted)));
                    }
                }
            });
        }
    }

    private (Variable Value, Variable? Index) RecordMaximum(KernelBuilder k, WindowPosition window, Expression place)
    {
        var least = new Constant(float.NegativeInfinity);
        Variable value = k.Let("value", Vectors ? least : least.As(ElementType.Float));

        // If all elements are −∞, none is greater than the initial value. The gradient then goes to the first element that is not padding.
        Variable? index = RecordIndices ? k.Let("index", new Broadcast(window.NumberOfFirst)) : null;
        window.ForEachElement(k, () =>
        {
            Variable element = k.Let("element", place);
            if (index is null)
            {
                k.Set(value, Vectors ? Functions.Max(element, value) : Intrinsics.ScalarMax(element, value));
                return;
            }

            Variable greater = k.Let("greater", Intrinsics.ReplacesMaximum(element, value));
            k.Set(index, Expression.Select(greater, new Broadcast(window.NumberOfElement), index));
            k.Set(value, Expression.Select(greater, element, value));
        });
        return (value, index);
    }

    private Variable RecordMean(KernelBuilder k, WindowPosition window, Expression element)
    {
        // The sum begins with −0, since −0 + x is x for every x. So the result is the same as that of pooling in a convolution's registers,
        // which begins with the first element.
        var zero = new Constant(-0f);
        Variable value = new BlockedSum(window.Elements, "value") { Zero = Vectors ? zero : zero.As(ElementType.Float) }
            .Record(k, sums => k.Increase(sums[0], element))[0];
        Expression scale = window.RecordScale(k);
        k.Set(value, value * (Vectors ? new Broadcast(scale) : scale));
        return value;
    }
}

/// <summary>
/// Backward of pooling, one sample per lane: the gradient goes to the window's maximum, or evenly to its elements.
/// </summary>
/// <param name="Units">Channels.</param>
/// <param name="Gradient">Strides of the output's gradient.</param>
/// <param name="Output">Strides of the pooled outputs, for the activation's gradient.</param>
/// <param name="InputGradient">Strides of the input's gradient.</param>
/// <param name="Activation">An activation that forward has fused with the pooling. This kernel applies its gradient, too.</param>
internal sealed record WindowPoolingGradient(
    Tier Tier, PoolingWindow Window, int Units, Strides Gradient, Strides Output, Strides InputGradient,
    Activation? Activation) : Kernel(Tier)
{
    /// <summary>Windows with more elements are loops, since each element that is written out takes a line and three instructions.</summary>
    private const int UnrollLimit = 16;

    private bool IsMax => Window.Kind == PoolingKind.Max;

    /// <summary>Whether so many windows share an element that the rounding errors of its sum are kept.</summary>
    private bool IsLong => HasLongSums(Window);

    public static bool HasLongSums(PoolingWindow window) => window.MostWindows > SumCut.Terms;

    public override string Summary => IsMax ? "Hands each gradient to its window's maximum" : "Spreads each gradient over its window";

    public override Work WorkOf(IReadOnlyList<int> extents) => new(WorkAxis.Channels, Units);

    protected override void Record(KernelBuilder k)
    {
        Pointer gradient = k.Parameter("gradient");
        Pointer? activation = Activation is null ? null : k.Parameter("activation");
        Pointer? indices = IsMax ? k.Parameter(new Pointer("indices", Tier.LaneBits)) : null;
        Pointer inputGradient = k.Parameter("inputGradient");
        Pointer? lost = IsLong ? k.Parameter("lost") : null;

        bool plain = Window.IsDisjoint && Window.Covers;
        using (k.Items("channel", 1, out _))
        {
            if (!plain)
            {
                RecordZeros(k, inputGradient, lost);
            }

            Window.ForEach(k, window =>
            {
                Variable g = k.Let("g", gradient[window.OutputAt(Gradient)].Vector);
                if (activation is not null)
                {
                    Variable z = k.Let("z", activation[window.OutputAt(Output)].Vector);
                    k.Set(g, Activation!.GradientOf(z, g));
                }

                bool unrolls = plain && IsMax && Window.Area <= UnrollLimit;
                if (!unrolls)
                {
                    window.RecordBounds(k);
                }

                Variable? index = null;
                if (IsMax)
                {
                    index = RecordIndex(k, indices![window.PlanesOfBits]);
                }
                else
                {
                    k.Set(g, g * new Broadcast(window.RecordScale(k)));
                }

                if (unrolls)
                {
                    RecordWindow(k, window, inputGradient, index!, g);
                }
                else
                {
                    RecordElements(k, window, inputGradient, lost, index, g, plain);
                }
            });
        }
    }

    private void RecordZeros(KernelBuilder k, Pointer inputGradient, Pointer? lost)
    {
        k.Comment("Windows overlap or leave elements out: their gradients are sums that begin at zero.");
        using (Window.HasPlanes ? k.For("d", Window.Input.Depth, out _) : default)
        using (k.For("y", Window.Input.Height, out _))
        using (k.For("x", Window.Input.Width, out _))
        {
            Index at = WindowPosition.ElementAt(InputGradient, Window.HasPlanes ? new IndexVariable("d") : 0);
            k.Store(inputGradient[at], 0);
            if (lost is not null)
            {
                k.Store(lost[at], 0);
            }
        }
    }

    /// <summary>Combines the planes of bits: for each lane, the index in the window of the largest element.</summary>
    private Variable RecordIndex(KernelBuilder k, Reference bits)
    {
        Pointer planes = k.PointTo("planes", bits);
        Variable lane = k.Let("lane",
            new LaneConstants(Enumerable.Range(0, Tier.Lanes).Select(i => 1 << i).ToEquatableArray())), index = null!;
        for (int bit = 0; bit < Window.IndexBits; bit++)
        {
            Expression plane = new Broadcast(new Conversion(ElementType.Int, planes[bit].Value));
            Expression term = Expression.AreEqual(plane & lane, lane) & new Broadcast((Index)(1 << bit));
            if (bit == 0)
            {
                index = k.Let("index", term);
            }
            else
            {
                k.Set(index, index | term);
            }
        }

        return index;
    }

    /// <summary>The gradient in the lanes in which an element was the largest; 0 in the others.</summary>
    private static Expression Share(Variable index, Index element, Variable g) => Expression.AreEqual(index, new Broadcast(element)) & g;

    private void RecordWindow(KernelBuilder k, WindowPosition window, Pointer inputGradient, Variable index, Variable g)
    {
        Pointer target = k.PointTo("target", inputGradient[window.OutputAt(InputGradient with
        {
            Plane = InputGradient.Plane * Window.Depth.Stride,
            Row = InputGradient.Row * Window.Vertical.Stride,
            Column = InputGradient.Column * Window.Horizontal.Stride,
        })]);
        int number = 0;
        for (int z = 0; z < Window.Depth.Kernel; z++)
        {
            for (int y = 0; y < Window.Vertical.Kernel; y++)
            {
                for (int x = 0; x < Window.Horizontal.Kernel; x++)
                {
                    Index offset = (z * Number.Offset(InputGradient.Plane, "targetPlaneStride"))
                        + (y * Number.Offset(InputGradient.Row, "targetRowStride"))
                        + (x * InputGradient.Column);
                    k.Store(target[offset], Share(index, number++, g));
                }
            }
        }
    }

    private void RecordElements(KernelBuilder k, WindowPosition window, Pointer inputGradient, Pointer? lost, Variable? index,
        Variable g, bool plain) =>
        window.ForEachElement(k, () =>
        {
            Pointer target = k.PointTo("target", inputGradient[window.ElementAt(InputGradient)]);
            Expression share = index is null ? g : Share(index, window.NumberOfElement, g);
            if (lost is not null)
            {
                k.Run(RuntimeApi.AddInMemory.Call(new AddressOf(target),
                    new AddressOf(lost[window.ElementAt(InputGradient)]), share));
            }
            else
            {
                k.Store(target, plain ? share : target[0].Vector + share);
            }
        });
}
