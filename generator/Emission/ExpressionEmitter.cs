using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Emission;

/// <summary>Expressions as IL, with the same operations in the same order as the C# that is printed of them.</summary>
internal sealed class ExpressionEmitter(ILGenerator il, EmittedTypes types, Locals locals, Func<DefinedFunction, MethodInfo> methodOf)
{
    private readonly NumberEmitter _numbers = new(il);
    private CallEmitter? _emitter;

    private CallEmitter Calls => _emitter ??= new CallEmitter(il, types, locals, methodOf, this);

    /// <summary>Puts a value on the stack.</summary>
    /// <param name="wanted">The type that it is converted to.</param>
    public void Emit(Expression expression, Type wanted) => Convert(Emit(expression), wanted);

    /// <summary>Puts a value on the stack.</summary>
    /// <returns>Its type.</returns>
    public Type Emit(Expression expression) => expression switch
    {
        Constant constant => Emit(constant),
        Number number => Int(number.Value),
        LaneConstants lanes => Emit(lanes),
        Variable { Type.Kind: ElementKind.StepContext } context => Get(locals[context.Name]),
        Variable variable => Get(locals[variable.Name]),
        IndexVariable variable => Get(locals[variable.Name]),
        Default => Zero(types.Of(expression.Type)),
        Unary unary => Emit(unary),
        Binary or IndexBinary => EmitBinary(expression),
        Select { Mask.Type.IsWide: true } select => Emit(select),
        Select or IndexChoice => EmitChoice(expression),
        IndexCall call => Calls.Static(typeof(Math), call.Function.ToString(), call.Arguments),
        Truncation truncation => Emit(truncation),
        Conversion conversion => Emit(conversion),
        Broadcast broadcast => Calls.Static(types.Simd, "Create", [broadcast.Operand]),
        Load load => Emit(load),
        IndexLoad load => Element(load.Source),
        AddressOf { Target: { Pointer: { IsSpan: true, Name: var name } } } => Get(locals[name]),
        AddressOf address => Address(address.Target),
        Call call => Calls.Emit(call),
        _ => throw new InvalidOperationException($"{expression} has no IL."),
    };

    public Type Get(Slot slot)
    {
        if (slot.Local is { } local)
        {
            il.Emit(OpCodes.Ldloc, local);
        }
        else
        {
            il.Emit(OpCodes.Ldarg, (short)slot.Argument);
        }

        return slot.Type;
    }

    public void Set(Slot slot)
    {
        if (slot.Local is { } local)
        {
            il.Emit(OpCodes.Stloc, local);
        }
        else
        {
            il.Emit(OpCodes.Starg, (short)slot.Argument);
        }
    }

    /// <summary>The initial value of a type.</summary>
    public Type Zero(Type type)
    {
        if (types.IsVector(type))
        {
            il.Emit(OpCodes.Call, type == types.Vector ? types.Zero : type.GetProperty("Zero")!.GetMethod!);
            return type;
        }

        LocalBuilder local = locals.Take(type);
        il.Emit(OpCodes.Ldloca, local);
        il.Emit(OpCodes.Initobj, type);
        il.Emit(OpCodes.Ldloc, local);
        locals.GiveBack(local);
        return type;
    }

    /// <summary>The address of an element.</summary>
    public Type Address(Reference reference)
    {
        Slot slot = locals[reference.Pointer.Name];
        if (reference.Pointer.IsSpan)
        {
            AddressOf(slot);
            Emit(reference.Offset, typeof(int));
            il.Emit(OpCodes.Call, slot.Type.GetProperty("Item")!.GetMethod!);
            return types.Of(reference.Pointer.Element).MakeByRefType();
        }

        Get(slot);
        if (!reference.Offset.Is(0))
        {
            // As Unsafe.Add does.
            if (Emit(reference.Offset) != typeof(nint))
            {
                il.Emit(OpCodes.Conv_I);
            }

            il.Emit(OpCodes.Sizeof, types.Of(reference.Pointer.Element));
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
        }

        return slot.Type;
    }

    /// <summary>The arguments that say where a vector begins.</summary>
    /// <returns>Their types.</returns>
    public Type[] Vector(Reference reference)
    {
        switch (reference)
        {
            case { Pointer.IsSpan: true }:
                Type span = Get(locals[reference.Pointer.Name]);
                il.Emit(OpCodes.Call, types.GetReference(span));
                return [span.GetGenericArguments()[0].MakeByRefType()];

            case { Offset: Number { Value: > 0 } number }:
                return [Get(locals[reference.Pointer.Name]), Native(number.Value)];

            case { Offset: IndexBinary { Operator: BinaryOperator.Add, Right: Number { Value: > 0 } rest } sum }:
                return [Address(reference with { Offset = sum.Left }), Native(rest.Value)];

            default:
                return [Address(reference)];
        }
    }

    private Type Native(int value)
    {
        il.Emit(OpCodes.Ldc_I4, value);
        il.Emit(OpCodes.Conv_I);
        return typeof(nuint);
    }

    /// <summary>The address of a variable.</summary>
    public void AddressOf(Slot slot)
    {
        if (slot.Local is { } local)
        {
            il.Emit(OpCodes.Ldloca, local);
        }
        else
        {
            il.Emit(OpCodes.Ldarga, (short)slot.Argument);
        }
    }

    private Type Int(int value)
    {
        il.Emit(OpCodes.Ldc_I4, value);
        return typeof(int);
    }

    private Type Single(double value)
    {
        il.Emit(OpCodes.Ldc_R4, (float)value);
        return typeof(float);
    }

    private Type Emit(Constant constant)
    {
        switch (constant)
        {
            case { Type.Kind: ElementKind.UInt }:
                il.Emit(OpCodes.Ldc_I4, unchecked((int)constant.Pattern));
                return typeof(uint);

            case { Type: { Kind: ElementKind.Float, Bits: 64 } }:
                il.Emit(OpCodes.Ldc_R8, constant.Value);
                return typeof(double);

            case { Type.IsWide: false }:
                return Single(constant.Value);

            case { Pattern: 0 } or { Value: 1 }:
                return Called(constant.Pattern == 0 ? types.Zero : types.One);

            default:
                Single(constant.Value);
                return Called(types.Method(types.Simd, "Create", typeof(float)));
        }
    }

    private Type Emit(LaneConstants lanes)
    {
        foreach (int value in lanes.Values)
        {
            Int(value);
        }

        return Called(types.Create);
    }

    /// <summary>Calls a method.</summary>
    /// <returns>The type of its result.</returns>
    public Type Called(MethodInfo method)
    {
        il.Emit(OpCodes.Call, method);
        return method.ReturnType;
    }

    private Type Emit(Unary unary)
    {
        Type type = Emit(unary.Operand);
        if (types.IsVector(type))
        {
            return Called(types.Method(type, unary.Operator == UnaryOperator.Negate ? "op_UnaryNegation" : "op_OnesComplement", type));
        }

        if (unary.Operand.Type is { Kind: ElementKind.Bool, IsWide: false })
        {
            // The other bits of a truth value are 0, and stay so.
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Ceq);
            return type;
        }

        il.Emit(unary.Operator == UnaryOperator.Negate ? OpCodes.Neg : OpCodes.Not);
        return type == typeof(byte) || type == typeof(ushort) ? typeof(int) : type;
    }

    private Type EmitBinary(Expression expression)
    {
        switch (expression)
        {
            case Binary { IsComparison: true, Left.Type.IsWide: true } comparison:
                Type compared = Calls.Static(types.Simd, NameOf(comparison.Operator), comparison.Operands);
                return compared == types.Vector ? compared : Called(types.Method(types.Simd, "AsSingle", compared));

            case Binary masked when IsMasked(masked):
                Type mask = IntegerMask(masked.Left);
                Emit(masked.Right, mask);
                return Called(types.Method(mask, "op_BitwiseAnd", mask, mask));

            default:
                return Infix(expression);
        }
    }

    /// <summary>Operators between operands. A chain on the left is written in one loop, since it may be long.</summary>
    private Type Infix(Expression expression)
    {
        var rights = new Stack<(BinaryOperator Symbol, Expression Right)>();
        while (SymbolOf(expression) is { } symbol)
        {
            rights.Push((symbol, expression.Operands[1]));
            expression = expression.Operands[0];
        }

        Type left = DeepRecursion.Call(part => Emit(part), expression);
        foreach ((BinaryOperator symbol, Expression right) in rights)
        {
            Cancellation.ThrowIfRequested();
            left = Combine(symbol, left, right);
        }

        return left;
    }

    /// <summary>Whether integers are kept where a mask is true.</summary>
    private static bool IsMasked(Binary binary) => binary is
    {
        Type: { IsWide: true, Kind: ElementKind.Int }, Operator: BinaryOperator.And, Left.Type.Kind: ElementKind.Bool
    };

    /// <summary>The operator between two operands; null where an expression is another method.</summary>
    private static BinaryOperator? SymbolOf(Expression expression) => expression switch
    {
        Binary { IsComparison: true, Left.Type.IsWide: true } => null,
        Binary masked when IsMasked(masked) => null,
        Binary binary => binary.Operator,
        IndexBinary binary => binary.Operator,
        _ => null,
    };

    private Type Combine(BinaryOperator symbol, Type left, Expression expression)
    {
        // A double, or a native integer, may stand on the right: then the left operand is converted first.
        if (!types.IsVector(left) && WidestOf(expression) is { } wide && EmittedTypes.Widens(left, wide))
        {
            Convert(left, wide);
            left = wide;
        }

        Type right = DeepRecursion.Call(part => Emit(part), expression);
        if (types.IsVector(left) || types.IsVector(right))
        {
            return Called(types.Method(types.IsVector(left) ? left : right, symbol switch
            {
                BinaryOperator.Add => "op_Addition",
                BinaryOperator.Subtract => "op_Subtraction",
                BinaryOperator.Multiply => "op_Multiply",
                BinaryOperator.Divide => "op_Division",
                BinaryOperator.And => "op_BitwiseAnd",
                BinaryOperator.Or => "op_BitwiseOr",
                BinaryOperator.ShiftLeft => "op_LeftShift",
                _ => throw new InvalidOperationException($"Vectors have no {symbol}."),
            }, left, right));
        }

        if (right != left && symbol != BinaryOperator.ShiftLeft)
        {
            Convert(right, left);
        }

        return _numbers.Combine(symbol, left);
    }

    private Type? WidestOf(Expression expression) => expression switch
    {
        Index => expression.All.Any(part => part is IndexVariable { Name: var name } && locals[name].Type == typeof(nint))
            ? typeof(nint) : null,
        { Type: { Kind: ElementKind.Float, Bits: 64, IsWide: false } } => typeof(double),
        { Type: { Kind: ElementKind.Float, Bits: 32, IsWide: false } } => typeof(float),
        _ => null,
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

    /// <summary>A mask for vectors of integers.</summary>
    private Type IntegerMask(Expression mask)
    {
        if (mask is Binary { IsComparison: true, Left.Type.Kind: not ElementKind.Float } comparison)
        {
            return Calls.Static(types.Simd, NameOf(comparison.Operator), comparison.Operands);
        }

        return Called(types.Method(types.Simd, "AsInt32", Emit(mask)));
    }

    /// <summary>One of two values, lane by lane.</summary>
    private Type Emit(Select select)
    {
        Type mask = select.Type.Kind == ElementKind.Int ? IntegerMask(select.Mask) : Emit(select.Mask);
        Type then = Emit(select.Then), otherwise = Emit(select.Else);
        return Called(types.Method(types.Simd, "ConditionalSelect", mask, then, otherwise));
    }

    /// <summary>One of two values, of which only that one is computed.</summary>
    private Type EmitChoice(Expression choice)
    {
        Label otherwise = il.DefineLabel(), end = il.DefineLabel();
        Emit(choice.Operands[0]);
        il.Emit(OpCodes.Brfalse, otherwise);
        Type type = Emit(choice.Operands[1]);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(otherwise);
        Emit(choice.Operands[2], type);
        il.MarkLabel(end);
        return type;
    }

    private Type Emit(Truncation truncation)
    {
        Emit(truncation.Operand);
        il.Emit(OpCodes.Conv_I4);
        return typeof(int);
    }

    private Type Emit(Conversion conversion)
    {
        Type from = Emit(conversion.Operand), to = types.Of(conversion.Type);
        if (from != to)
        {
            _numbers.Convert(from, to);
        }

        return to;
    }

    private Type Emit(Load load)
    {
        ElementType element = load.Source.Pointer.Element;
        if (element.Loaded != element && load.Type.IsWide)
        {
            return Called(types.Method(types.Stored(element), "LoadUnsafe", Vector(load.Source)));
        }

        if (element == ElementType.BFloat16)
        {
            Element(load.Source);
            Int(16);
            il.Emit(OpCodes.Shl);
            return Called(types.Method(typeof(BitConverter), nameof(BitConverter.UInt32BitsToSingle), typeof(uint)));
        }

        return load.Type != element ? Called(types.Method(types.Simd, "LoadUnsafe", Vector(load.Source))) : Element(load.Source);
    }

    /// <summary>The value of an element.</summary>
    private Type Element(Reference reference)
    {
        Type type = Address(reference).GetElementType()!;
        il.Emit(OpCodes.Ldobj, type);
        return type;
    }

    /// <summary>Converts a number on the stack.</summary>
    public void Convert(Type from, Type to)
    {
        if (from == to || to == typeof(void))
        {
            return;
        }

        if (types.IsVector(from) || types.IsVector(to) || from.IsByRef || to.IsByRef || from.IsGenericType)
        {
            throw new InvalidOperationException($"{from} is no {to}.");
        }

        _numbers.Convert(from, to);
    }
}
