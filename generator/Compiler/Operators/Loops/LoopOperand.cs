using System;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>One element of a tensor, or a vector of them: its channel, plane, row and column.</summary>
internal readonly record struct ElementIndex(Index C, Index Z, Index Y, Index X)
{
    /// <summary>The element of a channel at the loop variables <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public ElementIndex(Index c)
        : this(c, new IndexVariable("z"), new IndexVariable("y"), new IndexVariable("x"))
    {
    }

    /// <summary>
    /// The element of a smaller tensor that is broadcast to this one. Along an axis where the tensor has one element, the index is 0.
    /// </summary>
    public ElementIndex Within(Shape tensor, Shape larger) => new(
        tensor.Channels < larger.Channels ? 0 : C, tensor.Depth < larger.Depth ? 0 : Z, tensor.Height < larger.Height ? 0 : Y,
        tensor.Width < larger.Width ? 0 : X);
}

/// <summary>The distances of neighbouring elements in memory, in floats.</summary>
internal readonly record struct ElementStrides(int Channel, int Plane, int Row, int Column);

/// <summary>What a loop reads or writes. It becomes an operand of the kernel.</summary>
internal abstract class LoopOperand(string name)
{
    private Pointer Pointer { get; } = new(name);

    public string Name => Pointer.Name;

    /// <summary>The pass that uses it.</summary>
    public LoopPass? Pass { get; set; }

    /// <summary>How the current step uses it.</summary>
    public Access Access { get; set; }

    protected Loops Loops => Pass?.Loops ?? throw new InvalidOperationException($"{Name} is used outside of a step.");

    /// <summary>Its address, as an argument of a function.</summary>
    public Expression Address(Access access) => new AddressOf(Use(access));

    /// <summary>One float of it.</summary>
    public Expression GetFloat(Index index) => Use(Access.Read, index).Value;

    /// <summary>A channel's float in all lanes. If lanes hold channels, each lane gets the float of its channel.</summary>
    /// <param name="first">The index of the first channel's float.</param>
    public Expression OfChannel(Index c, int first = 0) =>
        Loops.LanesAreChannels ? Use(Access.Read, Index.Sum((c, Loops.Lanes)) + first).Vector : new Broadcast(GetFloat(c + first));

    /// <summary>Sets a channel's float. If lanes hold channels, it sets the floats of all these channels.</summary>
    /// <param name="first">The index of the first channel's float.</param>
    public void SetChannel(Index c, Expression value, int first = 0) =>
        Loops.Store(Use(Access.Write, Loops.LanesAreChannels ? Index.Sum((c, Loops.Lanes)) + first : c + first), value);

    /// <summary>Sets one float of it.</summary>
    public void SetFloat(Index index, Expression value) => Loops.Store(Use(Access.Write, index), value);

    protected Reference Use(Access access, Index? offset = null)
    {
        Cancellation.ThrowIfRequested();
        Loops.Use(this, access);
        return Pointer[offset ?? 0];
    }
}

/// <summary>A tensor in the loops of an operator.</summary>
internal class LoopTensor(string name, Shape shape, ElementStrides strides) : LoopOperand(name)
{
    public Shape Shape => shape;

    /// <summary>An activation that is applied to each value before it is stored.</summary>
    public Activation? Activation { get; init; }

    /// <summary>The rounding errors of its elements. It is only used if many numbers are added to them.</summary>
    public LoopTensor? Lost { get; set; }

    /// <summary>An element.</summary>
    public Expression this[ElementIndex at]
    {
        get => Use(Access.Read, Offset(at)).Vector;
        set
        {
            Reference target = Use(Access.Write, Offset(at));
            Loops.Store(target, Activation is null ? value
                : Formula.Apply(Activation.Identifier, Activation.Value, (Activation.X, Loops.Let("result", value))));
        }
    }

    /// <inheritdoc cref="this[ElementIndex]"/>
    public Expression this[Index c, Index z, Index y, Index x]
    {
        get => this[new ElementIndex(c, z, y, x)];
        set => this[new ElementIndex(c, z, y, x)] = value;
    }

    /// <summary>The address of an element, as an argument of a function.</summary>
    public Expression Address(ElementIndex at, Access access) => new AddressOf(Use(access, Offset(at)));

    /// <summary>The distance from an element to the next along an axis, in floats.</summary>
    public Index Distance(Axes axis) => Number.Named(
        axis switch
        {
            Axes.Channels => strides.Channel,
            Axes.Depth => strides.Plane,
            Axes.Height => strides.Row,
            _ => strides.Column,
        },
        Name + "Distance");

    /// <summary>An element, copied to all lanes even if lanes hold channels.</summary>
    public Expression InAllLanes(ElementIndex at) => Use(Access.Read, Offset(at)).Broadcast;

    /// <summary>Adds to an element.</summary>
    public void Add(ElementIndex at, Expression value)
    {
        Reference target = Use(Access.ReadWrite, Offset(at));
        if (Lost is not { } lost)
        {
            Loops.Store(target, target.Vector + value);
            return;
        }

        Reference rest = lost.Use(Access.ReadWrite, lost.Offset(at));
        if (Loops.Lane is null)
        {
            Loops.Run(RuntimeApi.AddInMemory.Call(new AddressOf(target), new AddressOf(rest), value));
            return;
        }

        // What that method does, for one lane: an infinite sum stays infinite.
        Variable before = Loops.Let("before", target.Vector), term = Loops.Let("term", value - rest.Vector);
        Variable after = Loops.Let("after", before + term), excess = Loops.Let("excess", after - before - term);
        Loops.Store(target, after);
        Loops.Store(rest, Expression.Select(Expression.AreEqual(excess - excess, 0), excess, 0));
    }

    private Index Offset(ElementIndex at) =>
        Index.Sum((at.C, strides.Channel), (at.Z, strides.Plane), (at.Y, strides.Row), (at.X, strides.Column)) + (Loops.Lane ?? 0);
}

/// <summary>A parameter, or its gradient.</summary>
internal class LoopParameter(string name) : LoopOperand(name)
{
    /// <summary>The value of a channel in all lanes. If lanes hold channels, each lane has the value of its channel.</summary>
    public Expression this[Index c]
    {
        get => Loops.LanesAreChannels ? Use(Access.Read, Index.Sum((c, Loops.Lanes))).Vector : Use(Access.Read, c).Broadcast;
        set => Loops.Store(Use(Access.Write, Index.Sum((c, Loops.Lanes))), value);
    }

    /// <summary>A value by its index in PyTorch's order, in all lanes. If lanes hold channels, only index 0 is possible.</summary>
    public Expression At(Index index) => Loops.LanesAreChannels && !index.Is(0)
        ? throw new InvalidOperationException($"{Name} has no order by channels.") : Use(Access.Read, index).Broadcast;

    /// <summary>
    /// The value of an element, if each element of a tensor has one. If lanes hold pixels, each lane has the value of its pixel.
    /// </summary>
    /// <param name="tensor">The tensor. The values are in its order, without gaps.</param>
    public Expression ValueAt(Shape tensor, ElementIndex at) => Loops.LanesArePixels ? Use(Access.Read, PlaceOf(tensor, at)).Vector
        : At(PlaceOf(tensor, at));

    /// <summary>Sums the value of an element over the samples in the lanes, and adds the sum to the element's gradient.</summary>
    public void AddGradient(Shape tensor, ElementIndex at, Expression value) => AddGradient(PlaceOf(tensor, at), value);

    /// <summary>A value that all channels share, by its index, in all lanes.</summary>
    public Expression OfPixel(Index index) => Use(Access.Read, index).Broadcast;

    /// <summary>Sums a value over the samples in the lanes, and adds the sum to a gradient.</summary>
    public void AddGradient(Index index, Expression value)
    {
        Reference target = Use(Access.ReadWrite, index);
        Loops.Store(target, target.Value + Intrinsics.Sum(value));
    }

    private Index PlaceOf(Shape tensor, ElementIndex at) => Index.Sum(
        (at.C, tensor.Rows * tensor.Width), (at.Z, tensor.Height * tensor.Width), (at.Y, tensor.Width),
        (at.X, Loops.LanesArePixels ? Loops.Lanes : 1));
}
