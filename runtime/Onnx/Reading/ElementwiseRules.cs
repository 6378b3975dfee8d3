using System.Collections.Generic;
using System.Linq;
using Strata.Onnx.Model;

namespace Strata.Onnx.Reading;

/// <summary>Operators on single elements, with broadcasting where they read several tensors.</summary>
internal static class ElementwiseRules
{
    private static readonly string[] Unary =
    [
        "Relu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Abs", "Neg", "Reciprocal", "Erf", "Softplus", "Softsign", "HardSwish", "Mish",
        "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Floor", "Ceil", "Round", "Sign",
    ];

    private static readonly string[] Binary = ["Add", "Sub", "Mul", "Div", "Pow"];

    private static readonly string[] Comparisons = ["Less", "LessOrEqual", "Greater", "GreaterOrEqual"], Connectives = ["And", "Or", "Xor"];

    /// <summary>Of constants. An integer has the width of its type, which only matters where bits are inverted or moved.</summary>
    private static readonly string[] Bits = ["BitwiseAnd", "BitwiseOr", "BitwiseXor"];

    /// <summary>Operators that give one of the numbers that they read, so that those of few bits cannot overflow.</summary>
    private static readonly string[] Chooses = ["Relu", "Min", "Max", "Clip", .. Comparisons];

    /// <summary>Operators with attributes, and the attributes' defaults.</summary>
    private static readonly (string Operator, (string Name, float Value)[] Defaults)[] WithParameters =
    [
        ("LeakyRelu", [("alpha", 0.01f)]),
        ("Elu", [("alpha", 1)]),
        ("Celu", [("alpha", 1)]),
        ("Selu", [("alpha", 1.67326319217681884765625f), ("gamma", 1.05070102214813232421875f)]),
        ("ThresholdedRelu", [("alpha", 1)]),
        ("HardSigmoid", [("alpha", 0.2f), ("beta", 0.5f)]),
        ("Shrink", [("lambd", 0.5f), ("bias", 0)]),
        ("Swish", [("alpha", 1)]),
    ];

    public static IEnumerable<KeyValuePair<string, Rule>> All { get; } =
    [
        .. OfNumbers.Select(rule => Without(ElementType.Boolean, rule)), .. OfTruths.Select(rule => Without(ElementType.Float, rule)),
        .. OfBoth,
    ];

    /// <summary>What the page about normal form says of the nodes that come of these rules.</summary>
    public static IEnumerable<NormalRow> Rows =>
    [
        new(
            NormalRow.Listed([.. Binary, "Min", "Max"]), "x, y", "",
            "`Sum`, `Min`, `Max` and `Mean` of several tensors become chains of two"),
        new(NormalRow.Listed(Unary), "x"),
        .. WithParameters.GroupBy(one => NormalRow.Listed(one.Defaults.Select(attribute => attribute.Name)), one => one.Operator)
            .Select(alike => new NormalRow(NormalRow.Listed(alike), "x", alike.Key)),
        new("`Mod`", "x, y", "`fmod`", "of integers; with the divisor's sign, or with the dividend's"),
        new("`Gelu`", "x", "`approximate` (`none`, `tanh`)"),
        new("`Clip`", "x", "[`min`], [`max`]"),
        new("`PRelu`", "x, slope"),
        new(NormalRow.Listed([.. Comparisons, "Equal", .. Connectives]), "x, y"),
        new("`Not`, `IsNaN`", "x"),
        new("`Where`", "condition, x, y"),
    ];

    /// <summary>What these rules leave out.</summary>
    public static IEnumerable<string> Gone => ["`Expand` before an operator that repeats by itself"];

    private static IEnumerable<KeyValuePair<string, Rule>> OfNumbers =>
    [
        .. Unary.Select(name => KeyValuePair.Create<string, Rule>(name, node => node.Give(node.Emit(name, [node.X], node.X.Shape)))),
        .. Binary.Select(name => KeyValuePair.Create<string, Rule>(name, node => OfTwo(node, name))),
        KeyValuePair.Create<string, Rule>("Min", node => Chain(node, "Min")),
        KeyValuePair.Create<string, Rule>("Max", node => Chain(node, "Max")),
        .. Comparisons.Select(name => KeyValuePair.Create<string, Rule>(name, Compare)),
        .. WithParameters.Select(one => KeyValuePair.Create<string, Rule>(one.Operator, node => Parametric(node, one.Defaults))),
        KeyValuePair.Create<string, Rule>("Sum", node => Chain(node, "Add")),
        KeyValuePair.Create<string, Rule>("Mean", Mean),
        KeyValuePair.Create<string, Rule>("Mod", Mod),
        .. Bits.Select(name => KeyValuePair.Create<string, Rule>(name, node => IsConstant(node)
            && (node.X.Type == ElementType.Integer ? OfTwo(node, name) : throw new ReadingException($"'{node.X.Name}' has no integers")))),
        KeyValuePair.Create<string, Rule>(
            "IsNaN", node => node.Give(node.Emit("IsNaN", [node.X], node.X.Shape, type: ElementType.Boolean))),
        KeyValuePair.Create<string, Rule>("Clip", Clip),
        KeyValuePair.Create<string, Rule>("PRelu", PRelu),
        KeyValuePair.Create<string, Rule>("Gelu", node => node.Give(node.Emit(
            "Gelu", [node.X], node.X.Shape, new() { { "approximate", node.Attributes.Choice("approximate", "none", "tanh") } }))),
    ];

    private static IEnumerable<KeyValuePair<string, Rule>> OfTruths =>
    [
        .. Connectives.Select(name => KeyValuePair.Create<string, Rule>(name, Compare)),
        KeyValuePair.Create<string, Rule>("Not", node => node.Give(node.Emit("Not", [node.X], node.X.Shape))),
    ];

    private static IEnumerable<KeyValuePair<string, Rule>> OfBoth =>
    [
        KeyValuePair.Create<string, Rule>("Equal", Compare),
        KeyValuePair.Create<string, Rule>("Where", Where),
    ];

    /// <summary>A rule for numbers, or for truth values, which refuses the others.</summary>
    private static KeyValuePair<string, Rule> Without(ElementType other, KeyValuePair<string, Rule> rule) => new(rule.Key, node =>
        node.Inputs.FirstOrDefault(input => input?.Type == other) is { } wrong
            ? throw new ReadingException(
                $"'{wrong.Name}' has {(other == ElementType.Float ? "numbers, not truth values" : "truth values, not numbers")}")
        : !Chooses.Contains(rule.Key) && node.Inputs.Any(NodeReading.IsQuantized)
            ? node.Refuse("it computes with integers of few bits, of which it leaves the high ones away")
            : rule.Value(node));

    private static bool IsConstant(NodeReading node) => node.Inputs.All(input => input is { Constant: not null });

    /// <summary>The operator on two tensors. Powers may have integers beside floating-point numbers.</summary>
    public static OnnxValue Pair(NodeReading node, string @operator, OnnxValue x, OnnxValue y)
    {
        int[] shape = Shapes.Broadcast(x.Shape, y.Shape);
        x = Unexpanded(x, y, shape);
        y = Unexpanded(y, x, shape);
        return node.Emit(@operator, [x, y], shape, type: y.Type == ElementType.Float ? ElementType.Float : NodeReading.TypeOf(x, y));
    }

    /// <summary>What a tensor repeats, if the operator itself repeats it as often beside the other one.</summary>
    private static OnnxValue Unexpanded(OnnxValue value, OnnxValue other, int[] shape)
    {
        while (value.Producer is { Operator: "Expand", Domain: "", Input.Constant: null } expand
            && Shapes.Broadcast(expand.Input.Shape, other.Shape).SequenceEqual(shape))
        {
            value = expand.Input;
        }

        return value;
    }

    private static bool OfTwo(NodeReading node, string @operator)
    {
        if (node.Inputs.Length != 2)
        {
            throw new ReadingException($"it has {node.Inputs.Length} inputs, not 2");
        }

        if (@operator != "Pow" && node.X.Type != ElementType.Float)
        {
            NodeReading.CheckAlike(node.X, node.Required(1));
        }

        return Chain(node, @operator);
    }

    private static bool Chain(NodeReading node, string @operator) => node.Give(Chained(node, @operator));

    private static OnnxValue Chained(NodeReading node, string @operator)
    {
        OnnxValue value = node.X;
        for (int index = 1; index < node.Inputs.Length; index++)
        {
            value = Pair(node, @operator, value, Aligned(node, node.Required(index)));
        }

        return value;
    }

    /// <summary>Before operator set 7, an axis says where the second tensor's axes start.</summary>
    private static OnnxValue Aligned(NodeReading node, OnnxValue value)
    {
        if (node.Opset >= 7 || !node.Attributes.Has("axis"))
        {
            return value;
        }

        int axis = Shapes.Axis(node.Attributes.Integer("axis"), node.Rank), missing = node.Rank - axis - value.Shape.Count;
        return missing <= 0 ? value : node.Reshaped(value, [.. value.Shape, .. Enumerable.Repeat(1, missing)]);
    }

    private static bool Mean(NodeReading node) => node.Give(node.Inputs.Length == 1
        ? node.X
        : Pair(node, "Div", Chained(node, "Add"), NodeReading.Known([], (float)node.Inputs.Length)));

    private static bool Mod(NodeReading node)
    {
        if (!IsConstant(node) && node.X.Type == ElementType.Float)
        {
            // Near a multiple of the divisor, the remainder of rounded numbers is any up to it.
            return node.Refuse("it is the remainder of floats, which jumps where they are rounded");
        }

        bool isOfDividend = node.Attributes.Integer("fmod") != 0;
        if (IsConstant(node))
        {
            return OfTwo(node, isOfDividend ? "Fmod" : "Mod");
        }

        NodeReading.CheckAlike(node.X, node.Required(1));
        return node.Give(node.Emit(
            "Mod", [node.X, node.Required(1)], Shapes.Broadcast(node.X.Shape, node.Required(1).Shape), new() { { "fmod", isOfDividend } }));
    }

    private static bool Compare(NodeReading node) => node.Give(node.Emit(
        node.Operator, [node.X, node.Required(1)], Shapes.Broadcast(node.X.Shape, node.Required(1).Shape), type: ElementType.Boolean));

    private static bool Where(NodeReading node)
    {
        OnnxValue x = node.Required(1), y = node.Required(2);
        NodeReading.CheckAlike(x, y);
        int[] shape = Shapes.Broadcast(Shapes.Broadcast(x.Shape, y.Shape), node.X.Shape);
        if (node.X.Type == ElementType.Float)
        {
            throw new ReadingException("its condition is no truth value");
        }

        // One of both, if the condition is the same everywhere.
        bool isSame = !IsConstant(node) && node.X.Constant?.Integers is [var first, ..] values
            && values.All(value => value != 0 == (first != 0));
        return node.Give(isSame ? ShapeRules.Expanded(node, node.X.Constant!.Integers[0] != 0 ? x : y, shape)
            : node.Emit("Where", [node.X, x, y], shape, type: NodeReading.TypeOf(x, y)));
    }

    private static bool Clip(NodeReading node)
    {
        if (!node.IsConstantOrAbsent(1) || !node.IsConstantOrAbsent(2))
        {
            return false;
        }

        Attributes attributes = [];
        float? min = Bound(node, "min", 1), max = Bound(node, "max", 2);
        if (min is > float.MinValue)
        {
            attributes.Add("min", min.Value);
        }

        if (max is < float.MaxValue)
        {
            attributes.Add("max", max.Value);
        }

        return node.Give(attributes.Count == 0 ? node.X : node.Emit("Clip", [node.X], node.X.Shape, attributes));
    }

    private static float? Bound(NodeReading node, string attribute, int input) => node.Attributes.Has(attribute)
        ? node.Attributes.Float(attribute)
        : node.Floats(input) is [float bound, ..] ? bound : null;

    private static bool PRelu(NodeReading node)
    {
        OnnxValue slope = node.Required(1);
        if (node.Opset < 7 && slope.Shape is [var count] && node.Rank > 1 && count == node.X.Shape[1])
        {
            // Before operator set 7, they were those of the channels.
            slope = node.Reshaped(slope, [count, .. Enumerable.Repeat(1, node.Rank - 2)]);
        }

        if (!Shapes.Broadcast(node.X.Shape, slope.Shape).SequenceEqual(node.X.Shape))
        {
            throw new ReadingException($"its input has the shape {Shapes.Text(node.X.Shape)}, its slope {Shapes.Text(slope.Shape)}");
        }

        return node.Give(node.Emit("PRelu", [node.X, slope], node.X.Shape));
    }

    private static bool Parametric(NodeReading node, (string Name, float Value)[] defaults)
    {
        Attributes attributes = [];
        foreach ((string name, float value) in defaults)
        {
            attributes.Add(name, node.Attributes.Float(name, value));
        }

        return node.Give(node.Emit(node.Operator, [node.X], node.X.Shape, attributes));
    }
}
