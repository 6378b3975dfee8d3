using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Strata.Onnx.Model;

namespace Strata.Onnx.Operators;

/// <summary>
/// Writes nodes of one tensor and constants as the C# of an operator of one's own: statements, the last of which returns.
/// </summary>
internal sealed class FormulaText
{
    /// <summary>A longer expression gets a local.</summary>
    private const int LongestExpression = 48;

    private static readonly Dictionary<string, Func<OnnxNode, string[], string>> Operators = new(StringComparer.Ordinal)
    {
        ["Relu"] = Call("Functions.ReLU"),
        ["Sigmoid"] = Call("Functions.Sigmoid"),
        ["Tanh"] = Call("float.Tanh"),
        ["Exp"] = Call("float.Exp"),
        ["Log"] = Call("float.Log"),
        ["Sqrt"] = Call("float.Sqrt"),
        ["Reciprocal"] = (_, x) => $"(1 / {x[0]})",
        ["Erf"] = Call("Functions.Erf"),
        ["Softplus"] = Call("Functions.Softplus"),
        ["Abs"] = Call("float.Abs"),
        ["Sign"] = (_, x) => $"({x[0]} > 0 ? 1f : {x[0]} < 0 ? -1f : 0f)",
        ["Neg"] = (_, x) => $"(-{x[0]})",
        ["Cast"] = (node, x) => node.Input.Type == ElementType.Boolean ? $"({x[0]} ? 1f : 0f)" : x[0],
        ["Softsign"] = (_, x) => $"({x[0]} / (1 + float.Abs({x[0]})))",
        ["HardSwish"] = Call("Functions.HardSwish"),
        ["Mish"] = Call("Functions.Mish"),
        ["Swish"] = (node, x) => $"({x[0]} * Functions.Sigmoid({Number(node.Float("alpha", 1))} * {x[0]}))",
        ["Gelu"] = (node, x) => $"Functions.GELU{(node.Text("approximate") == "tanh" ? "Tanh" : "")}({x[0]})",
        ["HardSigmoid"] = (node, x) =>
            $"float.Min(float.Max(({Number(node.Float("alpha"))} * {x[0]}) + {Number(node.Float("beta"))}, 0), 1)",
        ["Clip"] = Clip,
        ["LeakyRelu"] = (node, x) => $"Functions.LeakyReLU({x[0]}, {Number(node.Float("alpha"))})",
        ["Elu"] = (node, x) => $"Functions.ELU({x[0]}, {Number(node.Float("alpha"))})",
        ["Celu"] = (node, x) => $"({x[0]} > 0 ? {x[0]} : {Number(node.Float("alpha"))}"
            + $" * Functions.Expm1({x[0]} / {Number(node.Float("alpha"))}))",
        ["Selu"] = (node, x) => $"({Number(node.Float("gamma"))} * Functions.ELU({x[0]}, {Number(node.Float("alpha"))}))",
        ["ThresholdedRelu"] = (node, x) => $"({x[0]} > {Number(node.Float("alpha"))} ? {x[0]} : 0)",
        ["Shrink"] = (node, x) => $"({x[0]} < {Number(-node.Float("lambd"))} ? {x[0]} + {Number(node.Float("bias"))}"
            + $" : {x[0]} > {Number(node.Float("lambd"))} ? {x[0]} - {Number(node.Float("bias"))} : 0)",
        ["Floor"] = Call("float.Floor"),
        ["Ceil"] = Call("float.Ceiling"),
        ["Round"] = Call("float.Round"),
        ["Sin"] = Call("float.Sin"),
        ["Cos"] = Call("float.Cos"),
        ["Add"] = Infix("+"),
        ["Sub"] = Infix("-"),
        ["Mul"] = Infix("*"),
        ["Div"] = Infix("/"),
        ["Pow"] = Call("float.Pow"),
        ["Min"] = Call("float.Min"),
        ["Max"] = Call("float.Max"),
        ["Equal"] = Infix("=="),
        ["Greater"] = Infix(">"),
        ["GreaterOrEqual"] = Infix(">="),
        ["Less"] = Infix("<"),
        ["LessOrEqual"] = Infix("<="),
        ["And"] = Infix("&&"),
        ["Or"] = Infix("||"),
        ["Xor"] = (_, x) => $"(({x[0]} && !{x[1]}) || (!{x[0]} && {x[1]}))",
        ["Not"] = (_, x) => $"(!{x[0]})",
        ["Where"] = (_, x) => $"({x[0]} ? {x[1]} : {x[2]})",
    };

    /// <summary>Operators whose text has an operand more than once.</summary>
    private static readonly HashSet<string> Repeating =
        ["Sign", "Softsign", "Swish", "Celu", "ThresholdedRelu", "Shrink", "Xor"];

    private readonly StringBuilder _statements = new();
    private readonly Dictionary<OnnxValue, string> _texts = [];
    private int _locals;

    private FormulaText(OnnxValue argument) => _texts.Add(argument, "x");

    /// <summary>The statements; null if an operator has no words there.</summary>
    public static string? Write(OnnxValue result, OnnxValue argument)
    {
        var text = new FormulaText(argument);
        if (text.Write(result) is not { } value)
        {
            return null;
        }

        value = value.StartsWith('(') && Closing(value) == value.Length - 1 ? value[1..^1] : value;
        return text._statements.Append(CultureInfo.InvariantCulture, $"return {value};").ToString();
    }

    /// <summary>The formula of a single node.</summary>
    public static string Write(OnnxNode node) => Write(node.Output, node.Input)!;

    private static int Closing(string text)
    {
        int depth = 0;
        return text.TakeWhile(character => (depth += character == '(' ? 1 : character == ')' ? -1 : 0) > 0).Count();
    }

    private string? Write(OnnxValue value)
    {
        if (_texts.TryGetValue(value, out string? known))
        {
            return known;
        }

        if (value.Constant is { } constant)
        {
            return Number(constant.Floats[0]);
        }

        OnnxNode node = value.Producer!;
        bool isPowerOfTensor = node.Operator == "Pow" && node.Inputs[1]!.Constant is null;
        if (isPowerOfTensor || !Operators.TryGetValue(node.Operator, out Func<OnnxNode, string[], string>? write))
        {
            return null;
        }

        var operands = new List<string>();
        foreach (OnnxValue input in node.Inputs.OfType<OnnxValue>())
        {
            if (Write(input) is not { } operand)
            {
                return null;
            }

            operands.Add(Repeating.Contains(node.Operator) ? Named(operand, input.Type) : operand);
        }

        string text = write(node, [.. operands]);
        text = value.Readers.Count > 1 || text.Length > LongestExpression ? Named(text, value.Type) : text;
        return _texts[value] = text;
    }

    /// <summary>A local for an expression.</summary>
    private string Named(string text, ElementType type)
    {
        if (text == "x" || text.All(char.IsAsciiLetterOrDigit))
        {
            return text;
        }

        string name = $"{(type == ElementType.Boolean ? "c" : "v")}{++_locals}";
        text = text.StartsWith('(') && Closing(text) == text.Length - 1 ? text[1..^1] : text;
        _statements.Append(CultureInfo.InvariantCulture, $"{(type == ElementType.Boolean ? "bool" : "float")} {name} = {text};\n");
        return name;
    }

    private static string Clip(OnnxNode node, string[] x)
    {
        string above = node.Has("min") ? $"float.Max({x[0]}, {Number(node.Float("min"))})" : x[0];
        return node.Has("max") ? $"float.Min({above}, {Number(node.Float("max"))})" : above;
    }

    private static Func<OnnxNode, string[], string> Call(string function) => (_, x) => $"{function}({string.Join(", ", x)})";

    private static Func<OnnxNode, string[], string> Infix(string @operator) => (_, x) => $"({x[0]} {@operator} {x[1]})";

    /// <summary>A float as C# has it.</summary>
    private static string Number(float value) => value switch
    {
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        _ when float.IsNaN(value) => "float.NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal) + "f" is var text && value < 0
            ? $"({text})" : text,
    };
}
