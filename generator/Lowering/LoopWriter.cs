using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.Kernels;
using Strata.Generator.Printing;
using static Strata.Generator.Kernels.Expression;

namespace Strata.Generator.Lowering;

/// <summary>What the lanes of an element hold.</summary>
internal enum LaneAxis
{
    Samples,
    Channels,
    Pixels,

    /// <summary>An element is one float.</summary>
    None,
}

/// <summary>
/// Writes the loops of one step of an operator. An element is a <c>Vector</c>, functions of it are those of <c>Simd</c> and
/// <c>VectorMath</c>; where single floats are computed, the same text is turned to <c>float</c> and <c>Scalar</c>.
/// </summary>
internal sealed class LoopWriter(Tier tier, LaneAxis lanes)
{
    private readonly SourceWriter _writer = new();
    private readonly List<LoopOperand> _operands = [];
    private readonly List<string> _passed = [];

    public Tier Tier => tier;

    public void Line(string text = "") => _writer.Line(text);

    public SourceWriter.Scope Block(string header) => _writer.Block(header);

    /// <summary>Loops from 0, one inside the other. They are written even where they run once, since the body names their variables.</summary>
    public SourceWriter.Scope For(params (string Variable, int Count)[] loops)
    {
        foreach ((string variable, int count) in loops)
        {
            _writer.Line($"for (int {variable} = 0; {variable} < {Number(count)}; {variable}++)");
        }

        return _writer.Braces();
    }

    /// <summary>The loops of a sum, where none is taken.</summary>
    public SourceWriter.Scope For(IReadOnlyList<SumLoop> loops)
    {
        foreach (SumLoop loop in loops)
        {
            _writer.Line(loop.Header);
        }

        return _writer.Braces();
    }

    /// <summary>Elements along the channels: fewer than channels where a vector holds several of them.</summary>
    public int Channels(LoopTensor tensor) => lanes == LaneAxis.Channels ? Ceiling(tensor.Shape.Channels) : tensor.Shape.Channels;

    /// <summary>Elements along a row.</summary>
    public int Columns(LoopTensor tensor) => lanes == LaneAxis.Pixels ? Ceiling(tensor.Shape.Width) : tensor.Shape.Width;

    /// <summary>All pixels of a tensor, channel by channel: the variables are <c>c</c>, <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public SourceWriter.Scope ForEach(LoopTensor tensor) => For(
        new[] { ("c", Channels(tensor)), ("z", tensor.Shape.Depth), ("y", tensor.Shape.Height), ("x", Columns(tensor)) });

    /// <summary>Channels: the variable is <c>c</c>.</summary>
    public SourceWriter.Scope ForChannels(LoopTensor tensor) => For(("c", Channels(tensor)));

    /// <summary>Pixels of a channel: the variables are <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public SourceWriter.Scope ForPixels(LoopTensor tensor) =>
        For(("z", tensor.Shape.Depth), ("y", tensor.Shape.Height), ("x", Columns(tensor)));

    /// <summary>The pixels of a channel, for a sum: the variables are <c>z</c>, <c>y</c> and <c>x</c>.</summary>
    public IReadOnlyList<SumLoop> PixelLoops(LoopTensor tensor) =>
        [new("z", tensor.Shape.Depth), new("y", tensor.Shape.Height), new("x", Columns(tensor))];

    /// <summary>Sums over loops, however long: <paramref name="term"/> gives what is added to each, and may write lines before.</summary>
    public void SumOver(IReadOnlyList<SumLoop> loops, string name, Func<string> term) => SumOver(loops, [name], () => [term()]);

    /// <inheritdoc cref="SumOver(IReadOnlyList{SumLoop}, string, Func{string})"/>
    public void SumOver(IReadOnlyList<SumLoop> loops, string[] names, Func<string[]> terms)
    {
        var sum = new BlockedSum(loops, names);
        sum.Write(_writer, () =>
        {
            string[] values = terms();
            for (int i = 0; i < names.Length; i++)
            {
                _writer.Line($"{sum[names[i]]} += {values[i]};");
            }
        });
    }

    /// <summary>
    /// Looks for the maximum of a window once more, as a pooling did: leaves <c>place</c>, in each lane the number of the pixel where it stands. Loops
    /// over the window have the variables <c>l</c>, <c>m</c> and <c>n</c>.
    /// </summary>
    public void FindMaximum(LoopTensor tensor, IReadOnlyList<SumLoop> window)
    {
        _writer.Line("Vector largest = Simd.Create(float.NegativeInfinity);");
        _writer.Line($"var place = Simd.Create({PixelNumber(tensor, window[0].First, window[1].First, window[2].First)});");
        using (For(window))
        {
            _writer.Line($"Vector candidate = {Load(tensor, "c", "l", "m", "n")};");
            _writer.Line($"Vector greater = {ReplacesMaximum("candidate", "largest")};");
            _writer.Line($"place = Simd.ConditionalSelect(greater.AsInt32(), Simd.Create({PixelNumber(tensor, "l", "m", "n")}), place);");
            _writer.Line("largest = Simd.ConditionalSelect(greater, candidate, largest);");
        }
    }

    /// <summary>In which lanes the maximum that was found stands at (l, m, n).</summary>
    public static string IsMaximum(LoopTensor tensor) => $"Simd.Equals(place, Simd.Create({PixelNumber(tensor, "l", "m", "n")})).AsSingle()";

    private static string PixelNumber(LoopTensor tensor, string z, string y, string x) =>
        $"((({z} * {Number(tensor.Shape.Height)}) + {y}) * {Number(tensor.Shape.Width)}) + {x}";

    /// <summary>A place in a tensor: <c>ref Unsafe.Add(ref input, …)</c>. Indices count elements and are expressions of C#.</summary>
    public string At(LoopTensor tensor, string c, string y, string x, Access access) => At(tensor, c, "0", y, x, access);

    public string At(LoopTensor tensor, string c, string z, string y, string x, Access access)
    {
        Use(tensor, access);
        TensorBuffer buffer = tensor.Buffer;
        bool flat = buffer.Layout == Layout.Flat;
        int channel = lanes == LaneAxis.Channels && flat ? tier.Lanes : buffer.ChannelPitch;
        int column = lanes == LaneAxis.Pixels ? tier.Lanes : buffer.ColumnPitch;
        return Ref(tensor.Name, flat
            ? Sum((Index(c), channel))
            : Sum((Index(c), channel), (Index(z), buffer.PlanePitch), (Index(y), buffer.RowPitch), (Index(x), column)));
    }

    /// <summary>The element at a place.</summary>
    public string Load(LoopTensor tensor, string c, string y, string x) => Load(tensor, c, "0", y, x);

    public string Load(LoopTensor tensor, string c, string z, string y, string x) =>
        Value(At(tensor, c, z, y, x, Access.Read));

    public void Store(LoopTensor tensor, string c, string y, string x, string value) => Store(tensor, c, "0", y, x, value);

    public void Store(LoopTensor tensor, string c, string z, string y, string x, string value)
    {
        string place = At(tensor, c, z, y, x, Access.Write);
        if (tensor.Activation is not null)
        {
            _writer.Line($"Vector result = {value};");
            value = Activate(_writer, tensor.Activation, "result");
        }

        Assign(place, value);
    }

    /// <summary>Adds to the element at a place.</summary>
    public void Add(LoopTensor tensor, string c, string y, string x, string value) => Add(tensor, c, "0", y, x, value);

    public void Add(LoopTensor tensor, string c, string z, string y, string x, string value)
    {
        string place = At(tensor, c, z, y, x, Access.ReadWrite);
        if (tensor.Lost is { } lost)
        {
            _writer.Line($"LongSum.Add({place}, {At(lost, c, z, y, x, Access.ReadWrite)}, {value});");
            return;
        }

        Assign(place, $"{Value(place)} + {value}");
    }

    /// <summary>The parameter of a channel (of each of the channels in the lanes).</summary>
    public string OfChannel(LoopParameter parameter, string c)
    {
        Use(parameter, Access.Read);
        return lanes == LaneAxis.Channels
            ? $"Simd.LoadUnsafe({Ref(parameter.Name, Sum((Index(c), tier.Lanes)))})"
            : Broadcast(parameter.Name, Index(c));
    }

    /// <summary>Stores a value of each of the channels in the lanes.</summary>
    public void StoreOfChannel(LoopParameter parameter, string c, string value)
    {
        Use(parameter, Access.Write);
        _writer.Line($"({value}).StoreUnsafe({Ref(parameter.Name, Sum((Index(c), tier.Lanes)))});");
    }

    /// <summary>One float of a tensor without lanes, <see cref="LoopPass.BlockPart"/> or <see cref="LoopPass.Shared"/>.</summary>
    public string Single(LoopTensor tensor, string index, Access access)
    {
        Use(tensor, access);
        return Index(index).Length == 0 ? tensor.Name : $"Unsafe.Add(ref {tensor.Name}, {index})";
    }

    /// <summary>The place of a parameter, for a method that is handed it.</summary>
    public string Place(LoopOperand operand, Access access)
    {
        Use(operand, access);
        return "ref " + operand.Name;
    }

    /// <summary>A parameter by its place in PyTorch's order, in all lanes; where lanes hold channels, the first only.</summary>
    public string Of(LoopParameter parameter, string index)
    {
        if (lanes == LaneAxis.Channels && index != "0")
        {
            throw new InvalidOperationException($"{parameter.Name} has no order by channels.");
        }

        Use(parameter, Access.Read);
        return Broadcast(parameter.Name, Index(index));
    }

    /// <summary>One float of a parameter or its gradient.</summary>
    public string Float(LoopParameter parameter, string index)
    {
        Use(parameter, Access.ReadWrite);
        return $"Unsafe.Add(ref {parameter.Name}, {index})";
    }

    /// <summary>Adds the sum over the samples to a parameter's gradient.</summary>
    public void AddGradient(LoopParameter gradient, string index, string value)
    {
        Use(gradient, Access.ReadWrite);
        _writer.Line($"Unsafe.Add(ref {gradient.Name}, {index}) += Simd.Sum({value});");
    }

    /// <summary>A number in all lanes.</summary>
    public static string Constant(double value) => $"Simd.Create({Expression.Single(value)})";

    /// <summary>Hands an argument of the program's method to the kernel: <c>samples</c>, <c>step</c>.</summary>
    public void Pass(string declaration) => _passed.Add(declaration);

    public LoopKernel Kernel(string purpose)
    {
        string text = _writer.ToString();
        if (lanes == LaneAxis.None)
        {
            text = text.Replace("Vector.Zero", "0f").Replace("Vector.One", "1f").Replace("Simd.", "Scalar.").Replace("Vector ", "float ").Replace("LongSum ", "BlockSum ");
        }

        IEnumerable<string> parameters = _operands.Select(o => $"ref float {o.Name}").Concat(_passed);
        return new LoopKernel(tier, purpose, string.Join(", ", parameters), text, _writer.Helpers.ToEquatableArray());
    }

    public Argument[] Arguments() => _operands.Select(o => o.Argument())
        .Concat(_passed.Select(p => (Argument)new PassedArgument((p.StartsWith("in ") ? "in " : "") + p.Substring(p.LastIndexOf(' ') + 1))))
        .ToArray();

    /// <summary>A literal 0 falls out of a sum.</summary>
    private static string Index(string index) => index == "0" ? "" : index;

    private static string Broadcast(string array, string index)
    {
        string element = index.Length == 0 ? array : $"Unsafe.Add(ref {array}, {index})";
        return $"Simd.Create({element})";
    }

    private string Value(string place) => lanes == LaneAxis.None
        ? place.Substring("ref ".Length) : $"Simd.LoadUnsafe({place})";

    private void Assign(string place, string value) => _writer.Line(
        lanes == LaneAxis.None ? $"{place.Substring("ref ".Length)} = {value};" : $"({value}).StoreUnsafe({place});");

    private int Ceiling(int extent) => (extent + tier.Lanes - 1) / tier.Lanes;

    private void Use(LoopOperand operand, Access access)
    {
        if (!_operands.Contains(operand))
        {
            _operands.Add(operand);
            operand.Access = access;
        }
        else if (operand.Access != access)
        {
            operand.Access = Access.ReadWrite;
        }
    }
}

/// <summary>What a loop reads or writes: an argument of its kernel.</summary>
internal abstract class LoopOperand(string name)
{
    public string Name { get; } = name;

    /// <summary>How the step that is being written uses it.</summary>
    public Access Access { get; set; }

    public abstract Argument Argument();
}

/// <summary>A tensor in the hands of an operator's loops.</summary>
internal sealed class LoopTensor(string name, TensorBuffer buffer) : LoopOperand(name)
{
    public TensorBuffer Buffer { get; } = buffer;

    public Shape Shape => Buffer.Shape;

    /// <summary>Applied to what is stored.</summary>
    public Activation? Activation { get; init; }

    /// <summary>What was rounded off its elements, where many numbers are added to them.</summary>
    public LoopTensor? Lost { get; set; }

    public override Argument Argument() => new BufferArgument(Buffer, Buffer.Origin, Access);
}

/// <summary>A parameter, or the sum of its gradients.</summary>
internal sealed class LoopParameter(string name, Argument argument) : LoopOperand(name)
{
    public override Argument Argument() => argument;
}
