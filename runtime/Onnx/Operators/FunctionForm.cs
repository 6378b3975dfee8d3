using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;
using Strata.Onnx.Model;
using Strata.Onnx.Nodes;

namespace Strata.Onnx.Operators;

/// <summary>
/// An elementwise layer without a form of its own: its formula, such as <c>(* x (Tanh (Softplus x)))</c>, becomes nodes. A project's own
/// operator has its formula in the network's description, one of the language in the catalogue.
/// </summary>
internal sealed class FunctionForm
{
    /// <summary>ONNX's operators by the symbols of formulas, with the number of operands.</summary>
    private static readonly Dictionary<(string Symbol, int Operands), (string Operator, bool IsMask)> Operators = new(
        ElementFormulas.Symbols.Concat(
        [
            KeyValuePair.Create(("MaxNative", 2), ("Max", false)), KeyValuePair.Create(("MinNative", 2), ("Min", false)),
        ]));

    private readonly LayerNodes _nodes;
    private readonly Dictionary<string, string> _leaves = new(StringComparer.Ordinal);
    private readonly HashSet<string> _masks = new(StringComparer.Ordinal);

    private FunctionForm(LayerNodes nodes) => _nodes = nodes;

    public static string Write(LayerNodes nodes)
    {
        var form = new FunctionForm(nodes);
        return form.Result(form.Write(nodes.Layer.Info.Function));
    }

    /// <summary>How a layer is written by the formula of its operator; null if that has none.</summary>
    public static LayerForm? OfCatalogue(SavedLayer layer) => FormulaOf(layer) is { } formula ? nodes => Write(nodes, formula) : null;

    private static string Write(LayerNodes nodes, Expression formula)
    {
        var form = new FunctionForm(nodes);
        return form.Result(form.Write(formula, []));
    }

    private static Expression? FormulaOf(SavedLayer layer)
    {
        if (OperatorSet.FindBuiltIn(layer.Info.Kind) is not LayerOperator known)
        {
            return null;
        }

        IEnumerable<AttributeArgument> values =
            layer.Info.Values.Select(argument => AttributeArgument.Create(argument.Name, argument.Value));
        LayerInput[] inputs = [.. layer.InputShapes.Select(shape => new LayerInput(Shape.Create(shape[0], [.. shape.Skip(1)])))];
        return known.Make(values, inputs, new ProblemLog())?.Operation.FormulaOf([new("x"), new("y")], suffix => new("trained." + suffix));
    }

    /// <summary>Writes a node for each part that has operands; equal parts have one.</summary>
    private string Write(Expression part, Dictionary<Expression, string> written)
    {
        if (!written.TryGetValue(part, out string? word))
        {
            word = part switch
            {
                Constant { Value: double.NaN } => "nan",
                Constant { Value: double.PositiveInfinity } => "inf",
                Constant { Value: double.NegativeInfinity } => "-inf",
                Constant constant => constant.Value.ToString("R", CultureInfo.InvariantCulture),
                Variable variable => variable.Name,
                _ => Apply(FormulaSymbols.Of(part), [.. part.Operands.Select(operand => Write(operand, written))]),
            };
            written.Add(part, word);
        }

        return word;
    }

    /// <summary>Writes a node for each pair of parentheses, from the inside out.</summary>
    private string Write(string formula)
    {
        var open = new Stack<List<string>>();
        open.Push([]);
        foreach (string token in formula.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (token == "(")
            {
                open.Push([]);
            }
            else if (token == ")")
            {
                List<string> items = open.Pop();
                open.Peek().Add(Apply(items[0], [.. items.Skip(1)]));
            }
            else
            {
                open.Peek().Add(token);
            }
        }

        return open.Pop().Single();
    }

    /// <summary>The tensor of a whole formula. A number becomes one, of the input's shape.</summary>
    private string Result(string word) => IsNumber(word, out _)
        ? _nodes.Node("Add", [_nodes.Node("Mul", [_nodes.Input, Tensor("0")]), Tensor(word)])
        : Tensor(word);

    private string Apply(string head, string[] x)
    {
        switch (head, x.Length)
        {
            case ("and", 2):
                return _masks.Contains(x[1]) ? Mask(Node("And", x)) : Node("Where", x[0], x[1], "0");
            case ("Expm1", 1):
                return Node("Sub", Node("Exp", x[0]), "1");
            case ("Log1p", 1):
                return Node("Log", Node("Add", x[0], "1"));
            case ("Truncate", 1):
                return Node("Where", Node("Less", x[0], "0"), Node("Ceil", x[0]), Node("Floor", x[0]));
            case ("CopySign", 2):
                string magnitude = Node("Abs", x[0]);
                return Node("Where", Node("Less", x[1], "0"), Node("Neg", magnitude), magnitude);
            case ("Softplus", 3):
                return Activations.Softplus(_nodes, Tensor(x[0]), Number(x[1]), Number(x[2]));
            case ("LeakyReLU", 2):
                return _nodes.Node("LeakyRelu", Tensor(x[0]), NodeAttribute.Create("alpha", Number(x[1])));
            case ("ELU", 2):
                return _nodes.Node("Elu", Tensor(x[0]), NodeAttribute.Create("alpha", Number(x[1])));
            case ("SiLU", 1):
                return Node("Mul", x[0], Node("Sigmoid", x[0]));
            case ("Mish", 1):
                return Activations.Mish(_nodes, Tensor(x[0]));
            case ("GELU" or "GELUTanh", 1):
                return Activations.Gelu(_nodes, Tensor(x[0]), approximate: head == "GELUTanh");
            case ("HardSigmoid", 1):
                return Activations.HardSigmoid(_nodes, Tensor(x[0]));
            case ("HardSwish", 1):
                return Activations.HardSwish(_nodes, Tensor(x[0]));
        }

        (string type, bool isMask) = Operators.TryGetValue((head, x.Length), out (string, bool) known)
            ? known : throw _nodes.NoForm($"It uses the function {head}.");
        string result = Node(type, x);
        return isMask ? Mask(result) : result;
    }

    private string Node(string type, params string[] read) => _nodes.Node(type, read.Select(Tensor));

    private string Mask(string tensor)
    {
        _masks.Add(tensor);
        return tensor;
    }

    private double Number(string text) => IsNumber(text, out double number) ? number : throw _nodes.NoForm($"'{text}' is no number.");

    private static bool IsNumber(string text, out double number)
    {
        switch (text)
        {
            case "nan":
                number = double.NaN;
                return true;
            case "inf" or "-inf":
                number = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
                return true;
            default:
                number = 0;
                return (char.IsDigit(text[0]) || text[0] is '-' or '.')
                    && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        }
    }

    /// <summary>The tensor of a variable or a number; other words are tensors already.</summary>
    private string Tensor(string word)
    {
        const string Trained = "trained.";
        if (_leaves.TryGetValue(word, out string? tensor))
        {
            return tensor;
        }

        if (word is "x" or "y")
        {
            tensor = _nodes.Inputs[word == "x" ? 0 : 1];
        }
        else if (word.StartsWith(Trained, StringComparison.Ordinal))
        {
            string suffix = word[Trained.Length..];
            tensor = _nodes.ForChannels(suffix);
        }
        else if (IsNumber(word, out double number))
        {
            tensor = _nodes.Scalar("number", number);
        }
        else
        {
            return word;
        }

        _leaves.Add(word, tensor);
        return tensor;
    }
}
