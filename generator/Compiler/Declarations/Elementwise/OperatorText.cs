using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Declarations;

/// <summary>
/// An operator as text, for the metadata of its assembly:
/// <code>
/// (elementwise x)
/// (const double Beta 1.0)
/// (constructor System.Double beta=Beta)
/// (const double Slope 0.25)
/// (trained Slope slope per-channel)
/// (number (cast:float Beta))
/// (value (* trained.Slope (* x (Tanh (Softplus (* number.0 x))))))
/// </code>
/// </summary>
/// <remarks>
/// For a loss, it begins with <c>loss</c> instead of <c>elementwise</c>. The names of the inputs follow. Constants and defaults are
/// written as in <see cref="ClassText"/>, numbers as in <see cref="ExpressionText"/>, and the value as in <see cref="FormulaText"/>.
/// <c>number.0</c> is the first number. A kernel's function must keep its name and its meaning in all versions that read this format.
/// </remarks>
internal static class OperatorText
{
    /// <summary>The format's version. If you change the format, increase it.</summary>
    public const int Version = 1;

    private const string Elementwise = "elementwise", Loss = "loss", Trained = "trained",
        Number = "number", Value = "value", PerChannel = "per-channel";

    /// <summary>Writes an operator that has a formula.</summary>
    public static string Write(DeclaredOperator declared) => string.Concat(Nodes(declared).Select(node => node + "\n"));

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    /// <param name="key">The full name of the operator's class.</param>
    /// <param name="isLoss">Whether the class is a loss.</param>
    /// <param name="problem">What is wrong with the text; empty if it was read.</param>
    public static DeclaredOperator? TryRead(string key, bool isLoss, string text, out string problem) =>
        ClassText.TryRead(text, nodes => new Reader(nodes, isLoss).Read(key), out problem);

    private static IEnumerable<TextNode> Nodes(DeclaredOperator declared)
    {
        yield return ClassText.List(declared.IsLoss ? Loss : Elementwise, declared.Inputs.Select(input => TextNode.OfName(input)));
        foreach (TextNode node in ClassText.Write(declared.Constants, declared.Defaults))
        {
            yield return node;
        }

        foreach (TrainedConstant number in declared.Trained)
        {
            TextNode[] items = [TextNode.OfName(number.Name), TextNode.OfName(number.Key)];
            yield return ClassText.List(Trained, number.IsPerChannel ? items.Append(TextNode.OfWord(PerChannel)) : items);
        }

        foreach (ConstantExpression number in declared.Numbers)
        {
            yield return ClassText.List(Number, ExpressionText.Write(number));
        }

        yield return ClassText.List(Value, FormulaText.Write(declared.Value!));
    }

    private sealed class Reader(IReadOnlyList<TextNode> nodes, bool isLoss)
    {
        private readonly List<BlockConstant> _constants = [];
        private readonly List<ParameterDefault> _defaults = [];
        private readonly List<TrainedConstant> _trained = [];
        private readonly List<ConstantExpression> _numbers = [];
        private EquatableArray<string>? _inputs;
        private TextNode? _value;

        public DeclaredOperator Read(string key)
        {
            foreach (TextNode node in nodes.WithCancellation())
            {
                Add(node);
            }

            if (_inputs is not { Count: 1 or 2 } inputs || (isLoss && inputs.Count == 1))
            {
                throw new TextFormException("it names no inputs, or too many");
            }

            CheckNames(inputs);
            CheckTrained();

            Variable[] variables =
            [
                .. inputs.Select(DeclaredOperator.InputOf),
                .. _numbers.Select((_, i) => DeclaredOperator.NumberOf(i)),
                .. _trained.Select(number => DeclaredOperator.TrainedOf(number.Name)),
            ];
            Expression value = FormulaText.Read(_value ?? throw new TextFormException("it has no value"), variables);
            if (value.Size > DeclaredOperator.MostExpressions)
            {
                throw new TextFormException($"it has more than {Arithmetic.Number(DeclaredOperator.MostExpressions)} operations");
            }

            return new DeclaredOperator(
                key, AttributeDeclaration.KindOf(key), isLoss, inputs, _constants.ToEquatableArray(), _defaults.ToEquatableArray(),
                _numbers.ToEquatableArray(), _trained.ToEquatableArray(), value);
        }

        /// <summary>Names must be those of C#: a class from which the text could have been written has no others.</summary>
        private void CheckNames(EquatableArray<string> inputs)
        {
            foreach (IEnumerable<string> names in (IEnumerable<string>[])[inputs, _constants.Select(constant => constant.Name)])
            {
                var known = new HashSet<string>(StringComparer.Ordinal);
                if (names.FirstOrDefault(name => !Identifiers.IsValid(name) || !known.Add(name)) is { } wrong)
                {
                    string reason = known.Contains(wrong) ? "stands there twice" : "is no identifier";
                    throw new TextFormException($"the name '{wrong}' {reason}");
                }
            }
        }

        private void CheckTrained()
        {
            for (int i = 0; i < _trained.Count; i++)
            {
                TrainedConstant number = _trained[i];
                if (isLoss || _trained.Take(i).Any(other => other.Name == number.Name) || _constants.FirstOrDefault(
                        constant => constant.Name == number.Name)?.Type is not (ConstantType.Single or ConstantType.Double))
                {
                    throw new TextFormException($"the trained number '{number.Name}' is no constant that can be trained");
                }

                if (TrainedConstant.ProblemOf(number.Key, _trained.Take(i)) is { } problem)
                {
                    throw new TextFormException($"the trained number '{number.Name}' {problem.Wrong}");
                }
            }
        }

        private void Add(TextNode node)
        {
            if (ClassText.TryRead(node, _constants, _defaults))
            {
                return;
            }

            TextNode[] items = [.. node.Items.Skip(1)];
            string? name = items.Length > 0 ? items[0].Name : null;
            switch (node.Items.Count > 0 ? node.Items[0].Word : null)
            {
                case Elementwise or Loss when _inputs is null && items.All(item => item.Name is not null):
                    if (node.Items[0].Word == Loss != isLoss)
                    {
                        throw new TextFormException(
                            isLoss ? "it is a layer, but its class is a loss" : "it is a loss, but its class is a layer");
                    }

                    _inputs = items.Select(item => item.Name!).ToEquatableArray();
                    break;

                case Trained when name is not null && items.Length >= 2 && items[1].Name is { } key
                    && (items.Length == 2 || (items.Length == 3 && items[2].Word == PerChannel)):
                    _trained.Add(new TrainedConstant(name, key, items.Length == 3));
                    break;

                case Number when items.Length == 1:
                    _numbers.Add(ExpressionText.Read(items[0]));
                    break;

                case Value when items.Length == 1 && _value is null:
                    _value = items[0];
                    break;

                default:
                    throw ClassText.NoMeaning(node);
            }
        }
    }
}
