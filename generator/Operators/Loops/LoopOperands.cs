using System;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

/// <summary>One element of a tensor, or a vector of them: its channel, plane, row and column.</summary>
internal readonly record struct ElementIndex(Index C, Index Z, Index Y, Index X)
{
    /// <summary>The element of a channel at the variables <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public ElementIndex(Index c)
        : this(c, new IndexVariable("z"), new IndexVariable("y"), new IndexVariable("x"))
    {
    }

    /// <summary>
    /// The element of a tensor that stands for this one of a larger shape: the only one along each axis where it has no other.
    /// </summary>
    public ElementIndex Within(Shape tensor, Shape larger) => new(
        tensor.Channels < larger.Channels ? 0 : C, tensor.Depth < larger.Depth ? 0 : Z, tensor.Height < larger.Height ? 0 : Y,
        tensor.Width < larger.Width ? 0 : X);
}

/// <summary>How far elements lie apart in memory, in floats.</summary>
internal readonly record struct ElementStrides(int Channel, int Plane, int Row, int Column);

/// <summary>What a loop reads or writes: an operand of its kernel.</summary>
internal abstract class LoopOperand(string name)
{
    private Pointer Pointer { get; } = new(name);

    public string Name => Pointer.Name;

    /// <summary>The pass that it is used in.</summary>
    public LoopPass? Pass { get; set; }

    /// <summary>How the step that is being recorded uses it.</summary>
    public Access Access { get; set; }

    protected Loops Loops => Pass?.Loops ?? throw new InvalidOperationException($"{Name} is used outside of a step.");

    /// <summary>Its place, as the argument of a function.</summary>
    public Expression Address(Access access) => new AddressOf(Use(access));

    /// <summary>One float of it.</summary>
    public Expression GetFloat(Index index) => Use(Access.Read, index).Value;

    /// <summary>The float of a channel, in all lanes, or those of the channels in the lanes.</summary>
    /// <param name="first">Where the first channel's stands.</param>
    public Expression OfChannel(Index c, int first = 0) =>
        Loops.LanesAreChannels ? Use(Access.Read, Index.Sum((c, Loops.Lanes)) + first).Vector : new Broadcast(GetFloat(c + first));

    /// <summary>Sets the float of a channel, or those of the channels in the lanes.</summary>
    /// <param name="first">Where the first channel's stands.</param>
    public void SetChannel(Index c, Expression value, int first = 0) =>
        Loops.Store(Use(Access.Write, Loops.LanesAreChannels ? Index.Sum((c, Loops.Lanes)) + first : c + first), value);

    /// <summary>Sets one float of it.</summary>
    public void SetFloat(Index index, Expression value) => Loops.Store(Use(Access.Write, index), value);

    protected Reference Use(Access access, Index? offset = null)
    {
        Cancellation.Look();
        Loops.Use(this, access);
        return Pointer[offset ?? 0];
    }
}

/// <summary>A tensor as an operator's loops see it.</summary>
internal class LoopTensor(string name, Shape shape, ElementStrides strides) : LoopOperand(name)
{
    public Shape Shape => shape;

    /// <summary>An activation of what is stored.</summary>
    public Activation? Activation { get; init; }

    /// <summary>The rounding errors of its elements, where many numbers are added to them.</summary>
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

    /// <summary>An element in all lanes, also where they hold channels.</summary>
    public Expression InAllLanes(ElementIndex at) => Use(Access.Read, Offset(at)).Broadcast;

    /// <summary>Adds to an element.</summary>
    public void Add(ElementIndex at, Expression value)
    {
        Reference target = Use(Access.ReadWrite, Offset(at));
        if (Lost is { } lost)
        {
            Loops.Run(RuntimeApi.AddInMemory.Call(new AddressOf(target),
                new AddressOf(lost.Use(Access.ReadWrite, lost.Offset(at))), value));
            return;
        }

        Loops.Store(target, target.Vector + value);
    }

    private Index Offset(ElementIndex at) =>
        Index.Sum((at.C, strides.Channel), (at.Z, strides.Plane), (at.Y, strides.Row), (at.X, strides.Column));
}

/// <summary>A parameter, or the sum of its gradients.</summary>
internal class LoopParameter(string name) : LoopOperand(name)
{
    /// <summary>The value of a channel, or of each of the channels in the lanes.</summary>
    public Expression this[Index c]
    {
        get => Loops.LanesAreChannels ? Use(Access.Read, Index.Sum((c, Loops.Lanes))).Vector : Use(Access.Read, c).Broadcast;
        set => Loops.Store(Use(Access.Write, Index.Sum((c, Loops.Lanes))), value);
    }

    /// <summary>A value by its place in PyTorch's order, in all lanes; where lanes hold channels, only the first.</summary>
    public Expression At(Index index) => Loops.LanesAreChannels && !index.Is(0)
        ? throw new InvalidOperationException($"{Name} has no order by channels.") : Use(Access.Read, index).Broadcast;

    /// <summary>Adds the sum over the samples to a gradient.</summary>
    public void AddGradient(Index index, Expression value)
    {
        Reference target = Use(Access.ReadWrite, index);
        Loops.Store(target, target.Value + Intrinsics.Sum(value));
    }
}
