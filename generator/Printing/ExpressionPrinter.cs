using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>
/// Expressions as C#: a vector is a <c>Vector</c>, whose operations are those of <c>Simd</c> and <c>VectorMath</c>. Masks are vectors of floats.
/// </summary>
/// <param name="functions">Takes the functions that are called.</param>
/// <param name="mayMove">Whether another class may have the methods that are not inlined.</param>
internal sealed class ExpressionPrinter(ICollection<DefinedFunction>? functions = null, bool mayMove = false)
{
    public string Print(Expression expression)
    {
        switch (expression)
        {
            case Constant constant:
                return Print(constant);

            case Number number:
                return Literals.Number(number.Value);

            case LaneConstants lanes:
                return $"Simd.Create({string.Join(", ", lanes.Values.Select(Literals.Number))})";

            case Variable { Name: var name }:
                return name;

            case IndexVariable { Name: var name }:
                return name;

            case Default:
                return "default";

            case Unary unary:
                // Two signs in a row would be another operator.
                string operand = Operand(unary.Operand, isBracketed: unary.Operand is Binary { IsComparison: false } or Unary);
                return (unary.Operator == UnaryOperator.Negate ? "-" : "~") + (operand[0] == '-' ? $"({operand})" : operand);

            case Binary { IsComparison: true, Left.Type.IsWide: true } comparison:
                return $"Simd.{NameOf(comparison.Operator)}({Print(comparison.Left)}, {Print(comparison.Right)})"
                    + (comparison.Left.Type.Scalar == ScalarType.Float ? "" : ".AsSingle()");

            case Binary { Type: { IsWide: true, Scalar: ScalarType.Int }, Operator: BinaryOperator.And, Left.Type.Scalar: ScalarType.Bool } masked:
                return $"{IntegerMask(masked.Left)} & {Operand(masked.Right, isBracketed: masked.Right is Binary { IsComparison: false })}";

            case Binary binary:
                return Infix(binary.Operator, binary.Left, binary.Right);

            case IndexBinary binary:
                return Infix(binary.Operator, binary.Left, binary.Right);

            case Select { Mask.Type.IsWide: true } select:
                string mask = select.Type.Scalar == ScalarType.Int ? IntegerMask(select.Mask) : Print(select.Mask);
                return $"Simd.ConditionalSelect({mask}, {Print(select.Then)}, {Print(select.Else)})";

            case Select select:
                return $"{Print(select.Mask)} ? {Print(select.Then)} : {Print(select.Else)}";

            case IndexChoice choice:
                return $"{Print(choice.Condition)} ? {Print(choice.Then)} : {Print(choice.Else)}";

            case IndexCall call:
                return $"{call.Function}({string.Join(", ", call.Arguments.Select(Print))})";

            case Truncation truncation:
                return "(int)" + Operand(truncation.Operand, isBracketed: truncation.Operand is not (Variable or Call or Load));

            // What does not fit is to be cut off, also where a project checks its arithmetic.
            case Conversion { Target.Scalar: ScalarType.Bits, Operand: not Call } bits:
                return $"unchecked((Bits){Operand(bits.Operand, isBracketed: bits.Operand is not Variable)})";

            case Conversion conversion:
                return $"({TypeOf(conversion.Target)}){Operand(conversion.Operand, isBracketed: conversion.Operand is Binary or IndexBinary or Unary or Broadcast)}";

            case Broadcast broadcast:
                return $"Simd.Create({Print(broadcast.Operand)})";

            case Load { Source.Pointer.Element.Scalar: ScalarType.BFloat16 } load:
                return load.Type.IsWide ? $"BFloat16.LoadUnsafe({Vector(load.Source)})" : $"BitConverter.UInt32BitsToSingle((uint){Element(load.Source)} << 16)";

            case Load load when load.Type != load.Source.Pointer.Element:
                return $"Simd.LoadUnsafe({Vector(load.Source)})";

            case Load load:
                return Element(load.Source);

            case IndexLoad load:
                return Element(load.Source);

            case AddressOf { Target.Pointer.IsSpan: true } address:
                return address.Target.Pointer.Name;

            case AddressOf address:
                return "ref " + Element(address.Target);

            case Call call:
                return Print(call);

            default:
                throw new InvalidOperationException($"{expression} has no text.");
        }
    }

    /// <summary>An element as what is read or set.</summary>
    public string Element(Reference reference) =>
        reference.Pointer.IsSpan ? $"{reference.Pointer.Name}[{Print(reference.Offset)}]"
        : reference.Offset.Is(0) ? reference.Pointer.Name
        : $"Unsafe.Add(ref {reference.Pointer.Name}, {Print(reference.Offset)})";

    /// <summary>The arguments that say where a vector begins.</summary>
    public string Vector(Reference reference) => reference switch
    {
        { Pointer: { IsSpan: true, Name: var name } } => $"ref MemoryMarshal.GetReference({name})",
        { Offset: Number { Value: > 0 } number } => $"ref {reference.Pointer.Name}, {Literals.Number(number.Value)}",

        // A native offset of its own would be one instruction more.
        { Offset: IndexBinary { Operator: BinaryOperator.Add, Right: Number { Value: > 0 } rest } sum } =>
            $"ref {Element(reference with { Offset = sum.Left })}, {Literals.Number(rest.Value)}",
        _ => "ref " + Element(reference),
    };

    /// <summary>In brackets where a member of it could not be called.</summary>
    public string AsOperand(Expression expression)
    {
        string text = Print(expression);
        return IsAtom(text) && text[0] is not ('-' or '~' or '(') ? text : $"({text})";
    }

    /// <summary>The type of a variable.</summary>
    public static string TypeOf(ElementType type) => type switch
    {
        { Scalar: ScalarType.Float or ScalarType.Bool, IsWide: true } => "Vector",
        { Scalar: ScalarType.LongSum, IsWide: true } => "LongSum",
        { IsWide: true } => "var",
        { Scalar: ScalarType.Float } => "float",
        { Scalar: ScalarType.BFloat16 } => "ushort",
        { Scalar: ScalarType.Double } => "double",
        { Scalar: ScalarType.Int } => "int",
        { Scalar: ScalarType.UInt } => "uint",
        { Scalar: ScalarType.Bool } => "bool",
        { Scalar: ScalarType.Bits } => "Bits",
        { Scalar: ScalarType.LongSum } => "BlockSum",
        { Scalar: ScalarType.StepContext } => "StepContext",
        _ => "void",
    };

    private string Print(Call call)
    {
        Function function = call.Function;
        if (function is DefinedFunction defined && functions?.Contains(defined) == false)
        {
            functions.Add(defined);
        }

        bool isMember = function.Home is FunctionClass.Method or FunctionClass.Property, isFormula = function.Home <= FunctionClass.VectorMath, isWide = call.Type.IsWide;
        var list = new StringBuilder();
        for (int i = isMember ? 1 : 0; i < call.Arguments.Count; i++)
        {
            Expression argument = call.Arguments[i];
            isWide |= argument.Type.IsWide;
            list.Append(list.Length == 0 ? "" : ", ")
                .Append(isFormula && i >= function.Vectors && argument is Constant constant ? Literals.Single(constant.Value) : Argument(argument));
        }

        return function.Home switch
        {
            FunctionClass.Method => $"{AsReceiver(call.Arguments[0])}.{function.Name}({list})",
            FunctionClass.Property => $"{AsReceiver(call.Arguments[0])}.{function.Name}",
            FunctionClass.Defined => $"{PrintedMethod.InCalls(function.Name, mayMove && !((DefinedFunction)function).IsInlined)}({list})",
            FunctionClass.Static => $"{function.Name}({list})",
            FunctionClass.Simd => $"{(isWide ? "Simd" : "Scalar")}.{function.Name}({list})",
            _ => $"VectorMath.{function.Name}({list})",
        };
    }

    /// <summary>What a method is called of.</summary>
    private string AsReceiver(Expression expression) => expression is AddressOf address ? Print(address) : AsOperand(expression);

    private string Argument(Expression argument) => argument.Type == ElementType.StepContext ? "in " + Print(argument) : Print(argument);

    /// <summary>A mask for vectors of integers.</summary>
    private string IntegerMask(Expression mask)
    {
        string text = AsOperand(mask);
        const string AsSingle = ".AsSingle()";
        return mask is Binary { IsComparison: true, Left.Type.Scalar: not ScalarType.Float } ? text.Substring(0, text.Length - AsSingle.Length) : text + ".AsInt32()";
    }

    private string Infix(BinaryOperator symbol, Expression left, Expression right) =>
        $"{Operand(left, !IsChain(symbol, left))} {Symbol(symbol)} {Operand(right, IsInfix(right, out _))}";

    private string Operand(Expression operand, bool isBracketed)
    {
        string text = Print(operand);
        return (isBracketed || operand is Select { Mask.Type.IsWide: false } or IndexChoice) && !IsAtom(text) ? $"({text})" : text;
    }

    /// <summary>Whether the left operand needs no brackets: a − b + c, a · b / c.</summary>
    private static bool IsChain(BinaryOperator symbol, Expression left) => !IsInfix(left, out BinaryOperator inner) || Level(inner) == Level(symbol);

    private static bool IsInfix(Expression expression, out BinaryOperator symbol)
    {
        (bool isInfix, symbol) = expression switch
        {
            Binary { IsComparison: true, Left.Type.IsWide: true } => (false, default),
            Binary binary => (true, binary.Operator),
            IndexBinary binary => (true, binary.Operator),
            _ => (false, default),
        };
        return isInfix;
    }

    private static int Level(BinaryOperator symbol) => symbol switch
    {
        BinaryOperator.Add or BinaryOperator.Subtract => 0,
        BinaryOperator.Multiply or BinaryOperator.Divide => 1,
        _ => 2 + (int)symbol,
    };

    /// <summary>Whether a text is one operand: there is no space outside of its brackets.</summary>
    private static bool IsAtom(string text)
    {
        int depth = 0;
        foreach (char c in text)
        {
            depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            if (c == ' ' && depth == 0)
            {
                return false;
            }
        }

        return true;
    }

    public static string Symbol(BinaryOperator symbol) => symbol switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.And => "&",
        BinaryOperator.Or => "|",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.Equal => "==",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        _ => ">=",
    };

    private static string NameOf(BinaryOperator comparison) => comparison switch
    {
        BinaryOperator.Equal => "Equals",
        BinaryOperator.Less => "LessThan",
        BinaryOperator.LessOrEqual => "LessThanOrEqual",
        BinaryOperator.Greater => "GreaterThan",
        BinaryOperator.GreaterOrEqual => "GreaterThanOrEqual",
        _ => throw new InvalidOperationException($"{comparison} is no comparison."),
    };

    private static string Print(Constant constant) => constant switch
    {
        { Kind.Scalar: ScalarType.UInt } => constant.Pattern.ToString(CultureInfo.InvariantCulture) + "u",
        { Kind.Scalar: ScalarType.Double } => Literals.Double(constant.Value),
        { Kind.IsWide: false } => Literals.Single(constant.Value),
        { Pattern: 0 } => "Vector.Zero",
        { Value: 1 } => "Vector.One",
        _ => $"Simd.Create({Literals.Single(constant.Value)})",
    };
}
