using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Strata.Generator.Declarations;

/// <summary>
/// Reads C# constant expressions into values. What refers to no constant of the block is computed by the compiler, here and
/// now; the rest waits for a use of the block.
/// </summary>
internal sealed class ExpressionReader(SemanticModel model, INamedTypeSymbol block, CancellationToken cancellationToken)
{
    public bool IsArray(ExpressionSyntax expression) =>
        model.GetTypeInfo(expression, cancellationToken).ConvertedType is IArrayTypeSymbol;

    /// <summary>The expression, converted as the compiler converts it where it stands.</summary>
    public ConstantExpression Read(ExpressionSyntax expression)
    {
        ConstantExpression read = ReadUnconverted(expression);
        TypeInfo info = model.GetTypeInfo(expression, cancellationToken);
        SpecialType from = StackReader.TypeOf(info.Type), to = StackReader.TypeOf(info.ConvertedType);
        return read is ConstantValue || from == to || to is SpecialType.None or SpecialType.System_Object
            ? read
            : new ConversionExpression(read, to, IsExplicit: false);
    }

    private ConstantExpression ReadUnconverted(ExpressionSyntax expression)
    {
        ConstantExpression? read = expression switch
        {
            ParenthesizedExpressionSyntax parenthesized => ReadUnconverted(parenthesized.Expression),
            CheckedExpressionSyntax inner => ReadUnconverted(inner.Expression),
            IdentifierNameSyntax or MemberAccessExpressionSyntax => Reference(expression),
            PrefixUnaryExpressionSyntax unary => new UnaryExpression(unary.OperatorToken.Text, Read(unary.Operand), TypeOf(unary)),
            BinaryExpressionSyntax binary => Binary(binary),
            CastExpressionSyntax cast => new ConversionExpression(Read(cast.Expression), TypeOf(cast), IsExplicit: true),
            ConditionalExpressionSyntax conditional => new ConditionalExpression(
                Read(conditional.Condition), Read(conditional.WhenTrue), Read(conditional.WhenFalse)),
            InterpolatedStringExpressionSyntax text => Interpolated(text),
            ArrayCreationExpressionSyntax { Initializer: { } elements } => Array(elements.Expressions, expression),
            ImplicitArrayCreationExpressionSyntax array => Array(array.Initializer.Expressions, expression),
            CollectionExpressionSyntax collection => Array(
                collection.Elements.OfType<ExpressionElementSyntax>().Select(element => element.Expression), expression),
            _ => null,
        };

        // The compiler knows best what does not depend on the block's constants.
        return read is null || IsConstant(read)
            ? new ConstantValue(model.GetConstantValue(expression, cancellationToken) is { HasValue: true } constant ? constant.Value : null)
            : read;
    }

    private static bool IsConstant(ConstantExpression expression) => expression switch
    {
        ConstantValue => true,
        ConversionExpression conversion => IsConstant(conversion.Operand),
        UnaryExpression unary => IsConstant(unary.Operand),
        BinaryExpression binary => IsConstant(binary.Left) && IsConstant(binary.Right),
        ConditionalExpression choice => IsConstant(choice.Condition) && IsConstant(choice.WhenTrue) && IsConstant(choice.WhenFalse),
        _ => false,
    };

    private ConstantReference? Reference(ExpressionSyntax expression) =>
        model.GetSymbolInfo(expression, cancellationToken).Symbol is IFieldSymbol { IsConst: true } field
            && SymbolEqualityComparer.Default.Equals(field.ContainingType, block)
            ? new ConstantReference(field.Name)
            : null;

    private BinaryExpression Binary(BinaryExpressionSyntax binary)
    {
        // Both sides of a comparison have been converted to one type; a shift has the type of its left side.
        TypeInfo left = model.GetTypeInfo(binary.Left, cancellationToken);
        bool isComparison = model.GetTypeInfo(binary, cancellationToken).Type?.SpecialType == SpecialType.System_Boolean;
        return new BinaryExpression(
            binary.OperatorToken.Text,
            Read(binary.Left),
            Read(binary.Right),
            isComparison ? StackReader.TypeOf(left.ConvertedType) : TypeOf(binary));
    }

    private ConstantExpression Interpolated(InterpolatedStringExpressionSyntax text)
    {
        ConstantExpression result = new ConstantValue("");
        foreach (InterpolatedStringContentSyntax part in text.Contents)
        {
            ConstantExpression next = part is InterpolationSyntax hole
                ? Read(hole.Expression)
                : new ConstantValue(((InterpolatedStringTextSyntax)part).TextToken.ValueText);
            result = new BinaryExpression("+", result, next, SpecialType.System_String);
        }

        return result;
    }

    private ArrayExpression Array(IEnumerable<ExpressionSyntax> elements, ExpressionSyntax array) => new(
        elements.Select(Read).ToEquatableArray(),
        StackReader.TypeOf((model.GetTypeInfo(array, cancellationToken).ConvertedType as IArrayTypeSymbol)?.ElementType));

    private SpecialType TypeOf(ExpressionSyntax expression) => StackReader.TypeOf(model.GetTypeInfo(expression, cancellationToken).Type);
}
