using System.Collections.Generic;
using System.Linq;

namespace Strata.Compiler.KernelLanguage;

/// <summary>Which types the operands of expressions may have.</summary>
internal static class ExpressionTypes
{
    /// <summary>Whether a value of one type may become one of another without a conversion: equal, or a wider kind of number.</summary>
    public static bool Becomes(ElementType from, ElementType to) => from == to || (IsNumber(from) && IsNumber(to) && Rank(from) < Rank(to))
        || (from.IsWide && to.IsWide && IsVector(from) && IsVector(to));

    /// <summary>Checks an expression, but not what it is computed from.</summary>
    /// <exception cref="System.InvalidOperationException">An operand has a wrong type.</exception>
    public static void Check(Expression expression)
    {
        bool isRight = expression switch
        {
            Unary { Operator: UnaryOperator.Negate, Operand.Type: var type } => type.Kind is ElementKind.Float or ElementKind.Int,
            Unary { Operand.Type.Kind: var kind } =>
                kind is ElementKind.Bool or ElementKind.LaneBits or ElementKind.Int or ElementKind.UInt,
            Binary binary => IsRight(binary.Operator, binary.Left.Type, binary.Right.Type),
            Select choice => choice.Mask.Type.Kind == ElementKind.Bool && choice.Then.Type == choice.Else.Type
                && (!choice.Mask.Type.IsWide || choice.Then.Type.IsWide),
            Broadcast broadcast => !broadcast.Operand.Type.IsWide,
            Conversion conversion =>
                conversion.Operand.Type.IsWide == conversion.Target.IsWide || conversion.Target.Kind == ElementKind.LaneBits,
            Load load => IsElement(load.Source.Pointer.Element, load.Type),
            IndexLoad load => load.Source.Pointer.Element is { Kind: ElementKind.Int, IsWide: false },
            IndexBinary { Operator: BinaryOperator.Divide or BinaryOperator.Modulo, Right: Number { Value: 0 } } => false,
            IndexBinary binary => binary.Operands.All(operand => operand.Type == ElementType.Int),
            IndexChoice choice => choice.Condition.Type is { Kind: ElementKind.Bool, IsWide: false },
            Truncation truncation => truncation.Operand.Type is { Kind: ElementKind.Float, IsWide: false },
            Call { Function: DefinedFunction function } call => IsCall(function.Nest.Parameters, call.Arguments),
            Call { Function: { Home: FunctionClass.Instruction or FunctionClass.Mathematical, Vectors: < int.MaxValue } function } call =>
                call.Arguments.Take(function.Vectors).All(argument => argument.Type.Kind == ElementKind.Float
                    && argument.Type == call.Arguments[0].Type),
            _ => true,
        };
        if (!isRight)
        {
            string operands = string.Join(", ", OperandsOf(expression).Select(operand => operand.Type.ToString()));
            throw NestVerifier.Mistake($"{NameOf(expression)} cannot have operands of types {operands}.");
        }
    }

    /// <summary>Checks that a value can be stored where a pointer points.</summary>
    public static void CheckStore(Pointer target, ElementType value)
    {
        if (!IsElement(target.Element, value) && !Becomes(value, target.Element)
            && !(value is { Kind: ElementKind.Bool, IsWide: true } && target.Element == ElementType.Float))
        {
            throw NestVerifier.Mistake($"'{target.Name}' has elements of type {target.Element}; a value of type {value} is stored there.");
        }
    }

    /// <summary>What is an element, or a vector of elements.</summary>
    private static bool IsElement(ElementType element, ElementType value) =>
        value == element || value.Lane == element || value.Lane == element.Loaded;

    private static bool IsRight(BinaryOperator symbol, ElementType left, ElementType right) => symbol switch
    {
        BinaryOperator.ShiftLeft => left.Kind is ElementKind.Int or ElementKind.UInt && right == ElementType.Int,
        BinaryOperator.And when left.Kind == ElementKind.Bool && left.IsWide => right.IsWide,
        BinaryOperator.And or BinaryOperator.Or => left == right || AreBits(left, right) || (left.IsWide && right.IsWide),
        BinaryOperator.Modulo => left == right && left.Kind is ElementKind.Int or ElementKind.UInt,
        _ => left == right ? left.Kind is not (ElementKind.None or ElementKind.StepContext) : IsNumber(left) && IsNumber(right),
    };

    /// <summary>Numbers and bits that stand for lanes mix: C# makes integers of both.</summary>
    private static bool AreBits(ElementType left, ElementType right) => IsBits(left) && IsBits(right);

    private static bool IsBits(ElementType type) => type.Kind is ElementKind.LaneBits or ElementKind.Int or ElementKind.UInt
        && (!type.IsWide || type.Kind == ElementKind.LaneBits);

    /// <summary>A vector of numbers, or a mask, which is a vector of floats in C#.</summary>
    private static bool IsVector(ElementType type) => type is { Kind: ElementKind.Float or ElementKind.Bool, Bits: 32, IsWide: true };

    private static bool IsNumber(ElementType type) => !type.IsWide && Rank(type) > 0;

    /// <summary>The order in which numbers become each other.</summary>
    private static int Rank(ElementType type) => type switch
    {
        { Kind: ElementKind.Int } => 1,
        { Kind: ElementKind.Float, Bits: 32 } => 2,
        { Kind: ElementKind.Float, Bits: 64 } => 3,
        _ => 0,
    };

    private static bool IsCall(EquatableArray<Parameter> parameters, IReadOnlyList<Expression> arguments) =>
        parameters.Count == arguments.Count && parameters.Zip(arguments, (parameter, argument) => parameter switch
        {
            PointerParameter pointer => argument is AddressOf address && address.Target.Pointer.Element == pointer.Pointer.Element,
            ValueParameter value => Becomes(argument.Type, value.Type),
            _ => false,
        }).All(isRight => isRight);

    private static IEnumerable<Expression> OperandsOf(Expression expression) => expression switch
    {
        Load load => [new Default(load.Source.Pointer.Element), load],
        _ => expression.Operands,
    };

    private static string NameOf(Expression expression) => expression switch
    {
        Unary unary => unary.Operator.ToString(),
        Binary binary => binary.Operator.ToString(),
        IndexBinary binary => binary.Operator.ToString(),
        Call call => call.Function.Name,
        _ => expression.GetType().Name,
    };
}
