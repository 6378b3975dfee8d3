using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Strata.Compiler.KernelLanguage;

namespace Strata.Generator.Printing;

/// <summary>
/// Expressions as C#: a vector is a <c>Vector</c>, whose operations are those of <c>Simd</c> and <c>VectorMath</c>.
/// Masks are vectors of floats.
/// </summary>
/// <param name="functions">Takes the functions that are called.</param>
/// <param name="printed">Their names; null if these are the functions' own.</param>
internal sealed class ExpressionPrinter(ICollection<DefinedFunction>? functions = null, PrintedFunctions? printed = null)
{
    public string Print(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression);
        return text.ToString();
    }

    /// <summary>
    /// Appends the text of an expression: each character is written once, so that long sums take no longer than short ones.
    /// </summary>
    private StringBuilder Append(StringBuilder text, Expression expression) => expression switch
    {
        Constant constant => text.Append(Print(constant)),
        Number number => text.Append(Literals.Number(number.Value)),
        LaneConstants lanes => text.Append($"Simd.Create({string.Join(", ", lanes.Values.Select(Literals.Number))})"),
        Variable variable => text.Append(variable.Name),
        IndexVariable variable => text.Append(variable.Name),
        Default => text.Append("default"),
        Unary unary => Append(text, unary),
        Binary or IndexBinary => AppendBinary(text, expression),
        Select or IndexChoice => AppendChoice(text, expression),
        IndexCall call => List(text.Append("Math.").Append(call.Function).Append('('), call.Arguments).Append(')'),
        Truncation or Conversion or Broadcast => AppendConversion(text, expression),
        Load or IndexLoad or AddressOf => text.Append(PrintPlace(expression)),
        Call call => Append(text, call),
        _ => throw new InvalidOperationException($"{expression} has no text."),
    };

    private StringBuilder Append(StringBuilder text, Unary unary)
    {
        text.Append(unary.Operator == UnaryOperator.Negate ? '-'
            : unary.Operand.Type is { Kind: ElementKind.Bool, IsWide: false } ? '!' : '~');
        int start = text.Length;
        Operand(
            text, unary.Operand, isBracketed: unary.Operand is Unary or Binary { IsComparison: false } or Binary { Type.IsWide: false });

        // Two signs in a row would be another operator.
        return text[start] == '-' ? text.Insert(start, '(').Append(')') : text;
    }

    private StringBuilder AppendBinary(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case Binary { IsComparison: true, Left.Type.IsWide: true } comparison:
                text.Append("Simd.").Append(NameOf(comparison.Operator)).Append('(');
                return List(text, comparison.Operands).Append(comparison.Left.Type.Kind == ElementKind.Float ? ")" : ").AsSingle()");

            case Binary masked when IsMasked(masked):
                text.Append(IntegerMask(masked.Left)).Append(" & ");
                return Operand(text, masked.Right, isBracketed: masked.Right is Binary { IsComparison: false });

            default:
                return Infix(text, expression);
        }
    }

    /// <summary>One of two values: lane by lane, or as a whole.</summary>
    private StringBuilder AppendChoice(StringBuilder text, Expression expression)
    {
        if (expression is Select { Mask.Type.IsWide: true } select)
        {
            text.Append("Simd.ConditionalSelect(");
            _ = select.Type.Kind == ElementKind.Int ? text.Append(IntegerMask(select.Mask)) : Nested(text, select.Mask);
            Nested(text.Append(", "), select.Then);
            return Nested(text.Append(", "), select.Else).Append(')');
        }

        Nested(text, expression.Operands[0]);
        Nested(text.Append(" ? "), expression.Operands[1]);
        return Nested(text.Append(" : "), expression.Operands[2]);
    }

    private StringBuilder AppendConversion(StringBuilder text, Expression expression)
    {
        Expression operand = expression.Operands[0];
        switch (expression)
        {
            case Broadcast:
                // The JIT sees constants best where they stand.
                bool isShort = expression.Type == ElementType.Vector && operand.Type == ElementType.Float && operand is not Constant;
                return Nested(text.Append(isShort ? ShortMethods.Broadcast : "Simd.Create").Append('('), operand).Append(')');

            case Truncation:
                return Operand(text.Append("(int)"), operand, isBracketed: operand is not (Variable or Call or Load));

            // What does not fit is to be cut off, also where a project checks its arithmetic.
            case Conversion { Target.Kind: ElementKind.LaneBits, Operand: not Call }:
                return Operand(text.Append("unchecked((Bits)"), operand, isBracketed: operand is not Variable).Append(')');

            default:
                text.Append('(').Append(TypeOf(expression.Type)).Append(')');
                return Operand(text, operand, isBracketed: operand is Binary or IndexBinary or Unary or Broadcast);
        }
    }

    /// <summary>What is read from memory, or an address there.</summary>
    private string PrintPlace(Expression expression) => expression switch
    {
        Load { Source.Pointer.Element: var stored, Type: var type } load when stored.Loaded != stored => type.IsWide
            ? $"{stored}.LoadUnsafe({Vector(load.Source)})"
            : stored == ElementType.BFloat16 ? $"BitConverter.UInt32BitsToSingle((uint){Element(load.Source)} << 16)"
            : throw new InvalidOperationException($"{stored} has no text for one element."),
        Load load when load.Type != load.Source.Pointer.Element =>
            $"{(IsOfFloats(load.Source) ? ShortMethods.Load : "Simd.LoadUnsafe")}({Vector(load.Source)})",
        Load load => Element(load.Source),
        IndexLoad load => Element(load.Source),
        AddressOf { Target.Pointer: { IsSpan: true, Name: var name } } => name,
        AddressOf address => "ref " + Element(address.Target),
        _ => throw new InvalidOperationException($"{expression} is no place in memory."),
    };

    /// <summary>A part of an expression, however deep it lies.</summary>
    private StringBuilder Nested(StringBuilder text, Expression expression) => DeepRecursion.Call(part => Append(text, part), expression);

    private StringBuilder List(StringBuilder text, IReadOnlyList<Expression> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            Nested(i == 0 ? text : text.Append(", "), items[i]);
        }

        return text;
    }

    /// <summary>An element as what is read or set.</summary>
    public string Element(Reference reference) =>
        reference.Pointer.IsSpan ? $"{reference.Pointer.Name}[{Print(reference.Offset)}]"
        : reference.Offset.Is(0) ? reference.Pointer.Name
        : $"{(IsOfFloats(reference) ? ShortMethods.At : "Unsafe.Add")}(ref {reference.Pointer.Name}, {Print(reference.Offset)})";

    /// <summary>Whether floats are there, for which there are short methods.</summary>
    public static bool IsOfFloats(Reference reference) => reference.Pointer.Element == ElementType.Float;

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
        return IsAtom(expression) && text[0] is not ('-' or '~' or '!' or '(') ? text : $"({text})";
    }

    /// <summary>The type of a variable.</summary>
    public static string TypeOf(ElementType type) => type switch
    {
        { Kind: ElementKind.Float or ElementKind.Bool, Bits: 32, IsWide: true } => "Vector",
        { Kind: ElementKind.LongSum, IsWide: true } => "LongSum",
        { Kind: ElementKind.Int, Bits: 32, IsWide: true } => "IntVector",
        { Kind: ElementKind.UInt, Bits: 32, IsWide: true } => "UIntVector",
        { Kind: ElementKind.LaneBits, IsWide: true } => "LaneBits",
        { IsWide: true } => throw new InvalidOperationException($"{type} has no type in C#."),
        { Kind: ElementKind.Float, Bits: 32 } => "float",
        { Kind: ElementKind.Float, Bits: 64 } => "double",
        { Kind: ElementKind.BFloat, Bits: 16 } => "ushort",
        { Kind: ElementKind.Int, Bits: 32 } => "int",
        { Kind: ElementKind.UInt, Bits: 32 } => "uint",
        { Kind: ElementKind.Bool } => "bool",
        { Kind: ElementKind.LaneBits } => "Bits",
        { Kind: ElementKind.LongSum } => "BlockSum",
        { Kind: ElementKind.StepContext } => "StepContext",
        { Kind: ElementKind.None } => "void",
        _ => throw new InvalidOperationException($"{type} has no type in C#."),
    };

    private StringBuilder Append(StringBuilder text, Call call)
    {
        Function function = call.Function;
        DefinedFunction? defined = function as DefinedFunction;
        if (defined is not null && functions?.Contains(defined) == false)
        {
            functions.Add(defined);
        }

        bool isFormula = function.Home is FunctionClass.Instruction or FunctionClass.Mathematical;
        bool isWide = call.Type.IsWide || call.Arguments.Any(argument => argument.Type.IsWide);
        (CallForm form, string name) = isWide && ShortMethods.For(function) is { } method ? (CallForm.Static, method)
            : defined is null ? FunctionText.Of(function, isWide)
            : (CallForm.Static, printed is null ? defined.Name : PrintedMethod.InCalls(printed.NameOf(defined)));
        int first = form == CallForm.Static ? 0 : 1;
        text.Append(first == 0 ? name : $"{AsReceiver(call.Arguments[0])}.{name}");
        if (form == CallForm.Property)
        {
            return text;
        }

        text.Append('(');
        for (int i = first; i < call.Arguments.Count; i++)
        {
            Expression argument = call.Arguments[i];
            text.Append(i == first ? "" : ", ");
            if (isFormula && i >= function.Vectors && argument is Constant constant)
            {
                text.Append(Literals.Single(constant.Value));
            }
            else
            {
                Nested(argument.Type == ElementType.StepContext ? text.Append("in ") : text, argument);
            }
        }

        return text.Append(')');
    }

    /// <summary>What a method is called of.</summary>
    private string AsReceiver(Expression expression) => expression is AddressOf address ? Print(address) : AsOperand(expression);

    /// <summary>A mask for vectors of integers.</summary>
    private string IntegerMask(Expression mask)
    {
        string text = AsOperand(mask);
        const string AsSingle = ".AsSingle()";
        return mask is Binary { IsComparison: true, Left.Type.Kind: not ElementKind.Float }
            ? text.Substring(0, text.Length - AsSingle.Length) : text + ".AsInt32()";
    }

    /// <summary>Operators between operands. What is a chain on the left is written in one loop.</summary>
    private StringBuilder Infix(StringBuilder text, Expression expression)
    {
        var rights = new Stack<(BinaryOperator Symbol, Expression Operand)>();
        while (true)
        {
            Cancellation.ThrowIfRequested();
            BinaryOperator symbol = SymbolOf(expression)!.Value;
            (Expression left, Expression right) = (expression.Operands[0], expression.Operands[1]);
            rights.Push((symbol, right));

            // A chain needs no brackets on its left: a − b + c, a · b / c.
            if (SymbolOf(left) is { } inner && Level(inner) == Level(symbol) && !IsMasked(left))
            {
                expression = left;
                continue;
            }

            Operand(text, left, isBracketed: SymbolOf(left) is { } other && Level(other) != Level(symbol));
            break;
        }

        foreach ((BinaryOperator symbol, Expression right) in rights.WithCancellation())
        {
            Operand(text.Append(' ').Append(Symbol(symbol)).Append(' '), right, isBracketed: SymbolOf(right) is not null);
        }

        return text;
    }

    private StringBuilder Operand(StringBuilder text, Expression operand, bool isBracketed) =>
        (isBracketed || operand is Select { Mask.Type.IsWide: false } or IndexChoice) && !IsAtom(operand)
            ? Nested(text.Append('('), operand).Append(')') : Nested(text, operand);

    /// <summary>The operator between two operands; null where an expression is written in another way.</summary>
    private static BinaryOperator? SymbolOf(Expression expression) => expression switch
    {
        Binary { IsComparison: true, Left.Type.IsWide: true } => null,
        Binary binary => binary.Operator,
        IndexBinary binary => binary.Operator,
        _ => null,
    };

    /// <summary>Whether integers are kept where a mask is true, whose text is converted.</summary>
    private static bool IsMasked(Expression expression) => expression is Binary
    {
        Type: { IsWide: true, Kind: ElementKind.Int }, Operator: BinaryOperator.And, Left.Type.Kind: ElementKind.Bool
    };

    private static int Level(BinaryOperator symbol) => symbol switch
    {
        BinaryOperator.Add or BinaryOperator.Subtract => 0,
        BinaryOperator.Multiply or BinaryOperator.Divide => 1,
        _ => 2 + (int)symbol,
    };

    /// <summary>Whether its text is one operand, with no space outside of brackets.</summary>
    private static bool IsAtom(Expression expression) => expression switch
    {
        Binary or IndexBinary => SymbolOf(expression) is null,
        Select select => select.Mask.Type.IsWide,
        AddressOf address => address.Target.Pointer.IsSpan,
        IndexChoice => false,
        _ => true,
    };

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
        { Type.Kind: ElementKind.UInt } => constant.Pattern.ToString(CultureInfo.InvariantCulture) + "u",
        { Type: { Kind: ElementKind.Float, Bits: 64 } } => Literals.Double(constant.Value),
        { Type.IsWide: false } => Literals.Single(constant.Value),
        { Pattern: 0 } => "Vector.Zero",
        { Value: 1 } => "Vector.One",
        _ => $"Simd.Create({Literals.Single(constant.Value)})",
    };
}
