using System.Collections.Generic;
using System.Linq;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>
/// An operator as text, for the metadata of its assembly:
/// <code>
/// (elementwise x)
/// (summary 'x·tanh(softplus(βx)), after Misra 2019.')
/// (const double Beta 1.0)
/// (const double Slope 0.25)
/// (trained Slope slope per-channel)
/// (number (cast:float Beta))
/// (value (* trained.Slope (* x (Tanh (Softplus (* number.0 x))))))
/// </code>
/// </summary>
/// <remarks>
/// For a loss, it begins with <c>loss</c> instead of <c>elementwise</c>. The names of the inputs follow. Constants and numbers are written
/// as in <see cref="ExpressionText"/>, and the value as in <see cref="FormulaText"/>. <c>number.0</c> is the first number. A kernel's
/// function must keep its name and its meaning in all versions that read this format.
/// </remarks>
internal static class OperatorText
{
    /// <summary>The format's version. If you change the format, increase it.</summary>
    public const int Version = 1;

    private const string Elementwise = "elementwise", Loss = "loss", Summary = "summary", Constant = "const", Trained = "trained",
        Number = "number", Value = "value", PerChannel = "per-channel";

    /// <summary>Writes an operator that has a formula.</summary>
    public static string Write(DeclaredOperator declared) => string.Concat(Nodes(declared).Select(node => node + "\n"));

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    /// <param name="key">The full name of the operator's class.</param>
    /// <param name="problem">What is wrong with the text; empty if it was read.</param>
    public static DeclaredOperator? TryRead(string key, string text, out string problem)
    {
        if (!TextNode.TryParse(text, out IReadOnlyList<TextNode> nodes, out problem))
        {
            return null;
        }

        try
        {
            return new Reader(nodes).Read(key);
        }
        catch (TextFormException exception)
        {
            problem = exception.Message;
            return null;
        }
    }

    private static IEnumerable<TextNode> Nodes(DeclaredOperator declared)
    {
        static TextNode List(string head, params IEnumerable<TextNode> items) => TextNode.OfList(items.Prepend(TextNode.OfWord(head)));
        yield return List(declared.IsLoss ? Loss : Elementwise, declared.Inputs.Select(input => TextNode.OfName(input)));
        if (declared.Summary.Length > 0)
        {
            yield return List(Summary, TextNode.OfText(declared.Summary));
        }

        foreach (BlockConstant constant in declared.Constants)
        {
            yield return List(
                Constant, TextNode.OfWord(ExpressionText.NameOf(constant.Type)), TextNode.OfName(constant.Name),
                ExpressionText.Write(constant.Value));
        }

        foreach (TrainedConstant number in declared.Trained)
        {
            TextNode[] items = [TextNode.OfName(number.Name), TextNode.OfName(number.Key)];
            yield return List(Trained, number.IsPerChannel ? items.Append(TextNode.OfWord(PerChannel)) : items);
        }

        foreach (ConstantExpression number in declared.Numbers)
        {
            yield return List(Number, ExpressionText.Write(number));
        }

        yield return List(Value, FormulaText.Write(declared.Value!));
    }

    private sealed class Reader(IReadOnlyList<TextNode> nodes)
    {
        private readonly List<BlockConstant> _constants = [];
        private readonly List<TrainedConstant> _trained = [];
        private readonly List<ConstantExpression> _numbers = [];
        private EquatableArray<string>? _inputs;
        private bool _isLoss;
        private string _summary = "";
        private TextNode? _value;

        public DeclaredOperator Read(string key)
        {
            foreach (TextNode node in nodes.Looking())
            {
                Add(node);
            }

            if (_inputs is not { Count: 1 or 2 } inputs || (_isLoss && inputs.Count == 1))
            {
                throw new TextFormException("it names no inputs, or too many");
            }

            Variable[] variables =
            [
                .. inputs.Select(DeclaredOperator.InputOf),
                .. _numbers.Select((_, i) => DeclaredOperator.NumberOf(i)),
                .. _trained.Select(number => DeclaredOperator.TrainedOf(number.Name)),
            ];
            Expression value = FormulaText.Read(_value ?? throw new TextFormException("it has no value"), variables);
            return new DeclaredOperator(
                key, AttributeDeclaration.KindOf(key), _isLoss, inputs, _constants.ToEquatableArray(), _numbers.ToEquatableArray(),
                _trained.ToEquatableArray(), value, _summary);
        }

        private void Add(TextNode node)
        {
            TextNode[] items = [.. node.Items.Skip(1)];
            string? name = items.Length > 0 ? items[0].Name : null;
            switch (node.Items.Count > 0 ? node.Items[0].Word : null)
            {
                case Elementwise or Loss when _inputs is null && items.All(item => item.Name is not null):
                    _isLoss = node.Items[0].Word == Loss;
                    _inputs = items.Select(item => item.Name!).ToEquatableArray();
                    break;

                case Summary when items.Length == 1 && items[0].Text is { } summary:
                    _summary = summary;
                    break;

                case Constant when items.Length == 3 && name is not null && items[1].Name is { } constant:
                    _constants.Add(new BlockConstant(constant, ExpressionText.TypeOf(name), ExpressionText.Read(items[2])));
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
                    throw new TextFormException($"{node} has no meaning");
            }
        }
    }
}
