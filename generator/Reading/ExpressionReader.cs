using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// Reads C# constant expressions into values. The compiler computes expressions without constants of the block at once. The others
/// get a value at each use of the block. An expression that depends on the block but cannot be computed becomes an
/// <see cref="UnreadableExpression"/>.
/// </summary>
internal sealed class ExpressionReader(SemanticModel model, INamedTypeSymbol block, CancellationToken cancellationToken)
{
    /// <summary>Whether an overflow is an error. Constants are checked everywhere but inside <c>unchecked(…)</c>.</summary>
    private bool _isChecked = true;

    public bool IsArray(ExpressionSyntax expression) =>
        model.GetTypeInfo(expression, cancellationToken).ConvertedType is IArrayTypeSymbol;

    /// <summary>The expression, with the conversion that the compiler applies to it.</summary>
    public ConstantExpression Read(ExpressionSyntax expression) => !IsDeep(expression) ? ReadConverted(expression)
        : DependsOnBlock(expression) ? Unreadable(expression, $"has more than {ConstantExpression.MostLevels} levels")
        : ValueOf(expression);

    private ConstantExpression ReadConverted(ExpressionSyntax expression)
    {
        ConstantExpression read = ReadUnconverted(expression);
        TypeInfo info = model.GetTypeInfo(expression, cancellationToken);
        ConstantType from = StackReader.TypeOf(info.Type), to = StackReader.TypeOf(info.ConvertedType);
        return from == to || to is ConstantType.None or ConstantType.Object ? read : read switch
        {
            ConstantValue { Value: null } or UnreadableExpression => read,
            ConstantValue constant when ConstantEvaluator.IsKnown(to) => new ConstantValue(ConstantEvaluator.Convert(constant.Value, to)),
            _ => Known(to, expression, () => new ConversionExpression(read, to, IsExplicit: false, IsChecked: true)) ?? read,
        };
    }

    private ConstantExpression ReadUnconverted(ExpressionSyntax expression)
    {
        ConstantExpression? read = expression switch
        {
            ParenthesizedExpressionSyntax parenthesized => ReadUnconverted(parenthesized.Expression),
            CheckedExpressionSyntax inner => ReadChecked(inner),
            IdentifierNameSyntax or MemberAccessExpressionSyntax when IsOfBlock(expression, out IFieldSymbol? constant) =>
                Known(StackReader.TypeOf(constant!.Type), expression, () => new ConstantReference(constant.Name)),
            PrefixUnaryExpressionSyntax { OperatorToken.Text: var token } unary when UnaryExpression.Operators.Contains(token) =>
                Known(TypeOf(unary), unary, () => new UnaryExpression(token, ReadConverted(unary.Operand), TypeOf(unary), _isChecked)),
            PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } certain =>
                ReadUnconverted(certain.Operand),
            BinaryExpressionSyntax { OperatorToken.Text: var token } binary when BinaryExpression.Operators.Contains(token) =>
                Binary(binary, token),
            CastExpressionSyntax cast =>
                Known(TypeOf(cast), cast,
                    () => new ConversionExpression(ReadConverted(cast.Expression), TypeOf(cast), IsExplicit: true, _isChecked)),
            ConditionalExpressionSyntax conditional => new ConditionalExpression(
                ReadConverted(conditional.Condition), ReadConverted(conditional.WhenTrue), ReadConverted(conditional.WhenFalse)),
            InterpolatedStringExpressionSyntax text => Interpolated(text),
            ArrayCreationExpressionSyntax { Initializer: { } elements } => Array(elements.Expressions, expression),
            ImplicitArrayCreationExpressionSyntax array => Array(array.Initializer.Expressions, expression),
            CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax) => Array(
                collection.Elements.OfType<ExpressionElementSyntax>().Select(element => element.Expression), expression),

            // The only possible call in a constant expression is nameof, which needs no value.
            InvocationExpressionSyntax => null,
            _ => DependsOnBlock(expression) ? Unreadable(expression, "is of a kind that is not known here") : null,
        };

        // If it does not depend on the block's constants, the compiler has its value.
        return read is null || IsConstant(read) ? ValueOf(expression) : read;
    }

    /// <summary>Whether all operands of an expression have values already.</summary>
    private static bool IsConstant(ConstantExpression expression) => expression switch
    {
        ConstantValue => true,
        ConversionExpression { Operand: ConstantValue } => true,
        UnaryExpression { Operand: ConstantValue } => true,
        BinaryExpression { Left: ConstantValue, Right: ConstantValue } => true,
        ConditionalExpression { Condition: ConstantValue, WhenTrue: ConstantValue, WhenFalse: ConstantValue } => true,
        _ => false,
    };

    private ConstantValue ValueOf(ExpressionSyntax expression) =>
        new(model.GetConstantValue(expression, cancellationToken) is { HasValue: true } constant ? constant.Value : null);

    private bool DependsOnBlock(ExpressionSyntax expression) =>
        expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => IsOfBlock(name, out _));

    private bool IsOfBlock(ExpressionSyntax name, out IFieldSymbol? constant)
    {
        constant = model.GetSymbolInfo(name, cancellationToken).Symbol as IFieldSymbol;
        return constant is { IsConst: true } && SymbolEqualityComparer.Default.Equals(constant.ContainingType, block);
    }

    /// <summary>An expression of a type with which the evaluator can compute; null if its type is known to be another.</summary>
    private ConstantExpression? Known(ConstantType type, ExpressionSyntax expression, System.Func<ConstantExpression> read) =>
        ConstantEvaluator.IsKnown(type) ? read()
        : DependsOnBlock(expression) ? Unreadable(expression, "is of a type that is not known here")
        : null;

    private static UnreadableExpression Unreadable(ExpressionSyntax expression, string reason)
    {
        const int Longest = 60;
        string text = expression.ToString();
        return new UnreadableExpression(text.Length > Longest ? text.Substring(0, Longest) + "…" : text, reason);
    }

    private static bool IsDeep(ExpressionSyntax expression)
    {
        // This loop is not recursive, because it checks whether recursion is safe.
        var open = new Stack<(SyntaxNode Node, int Level)>();
        open.Push((expression, 1));
        while (open.Count > 0)
        {
            (SyntaxNode node, int level) = open.Pop();
            if (level > ConstantExpression.MostLevels)
            {
                return true;
            }

            foreach (SyntaxNode child in node.ChildNodes())
            {
                open.Push((child, child is ExpressionSyntax ? level + 1 : level));
            }
        }

        return false;
    }

    private ConstantExpression ReadChecked(CheckedExpressionSyntax expression)
    {
        bool before = _isChecked;
        _isChecked = expression.IsKind(SyntaxKind.CheckedExpression);
        ConstantExpression read = ReadUnconverted(expression.Expression);
        _isChecked = before;
        return read;
    }

    private ConstantExpression? Binary(BinaryExpressionSyntax binary, string token)
    {
        // Both operands of a comparison are converted to one type. A shift has the type of its left operand.
        TypeInfo left = model.GetTypeInfo(binary.Left, cancellationToken);
        ConstantType type = TypeOf(binary);
        type = type == ConstantType.Boolean ? StackReader.TypeOf(left.ConvertedType) : type;
        return Known(type, binary,
            () => new BinaryExpression(token, ReadConverted(binary.Left), ReadConverted(binary.Right), type, _isChecked));
    }

    private ConstantExpression Interpolated(InterpolatedStringExpressionSyntax text)
    {
        // In the token's value, braces are still doubled, except in a raw string.
        bool isRaw = !text.StringStartToken.IsKind(SyntaxKind.InterpolatedStringStartToken)
            && !text.StringStartToken.IsKind(SyntaxKind.InterpolatedVerbatimStringStartToken);
        ConstantExpression result = new ConstantValue("");
        foreach (InterpolatedStringContentSyntax part in text.Contents)
        {
            ConstantExpression next = part switch
            {
                InterpolationSyntax { AlignmentClause: null, FormatClause: null } hole => ReadConverted(hole.Expression),
                InterpolatedStringTextSyntax { TextToken.ValueText: var literal } =>
                    new ConstantValue(isRaw ? literal : literal.Replace("{{", "{").Replace("}}", "}")),
                _ => Unreadable(text, "is formatted"),
            };
            result = new BinaryExpression("+", result, next, ConstantType.String, _isChecked);
        }

        return result;
    }

    private ConstantExpression? Array(IEnumerable<ExpressionSyntax> elements, ExpressionSyntax array)
    {
        var converted = model.GetTypeInfo(array, cancellationToken).ConvertedType as IArrayTypeSymbol;
        ConstantType type = StackReader.TypeOf(converted?.ElementType);
        return Known(type, array, () => new ArrayExpression(elements.Select(ReadConverted).ToEquatableArray(), type));
    }

    private ConstantType TypeOf(ExpressionSyntax expression) => StackReader.TypeOf(model.GetTypeInfo(expression, cancellationToken).Type);
}
