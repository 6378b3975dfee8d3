using System;
using System.Reflection.Emit;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Emission;

/// <summary>Operators and conversions of single numbers as IL.</summary>
internal sealed class NumberEmitter(ILGenerator il)
{
    /// <summary>Combines the two numbers of one type on the stack.</summary>
    /// <returns>The type of the result.</returns>
    public Type Combine(BinaryOperator symbol, Type type)
    {
        bool isFloat = type == typeof(float) || type == typeof(double), isUnsigned = type == typeof(uint);
        OpCode? arithmetic = symbol switch
        {
            BinaryOperator.Add => OpCodes.Add,
            BinaryOperator.Subtract => OpCodes.Sub,
            BinaryOperator.Multiply => OpCodes.Mul,
            BinaryOperator.Divide => isUnsigned ? OpCodes.Div_Un : OpCodes.Div,
            BinaryOperator.Modulo => isUnsigned ? OpCodes.Rem_Un : OpCodes.Rem,
            BinaryOperator.And => OpCodes.And,
            BinaryOperator.Or => OpCodes.Or,
            _ => null,
        };
        if (arithmetic is { } code)
        {
            il.Emit(code);
            return type;
        }

        if (symbol == BinaryOperator.ShiftLeft)
        {
            // As C#: only the lower bits of the count are counted.
            il.Emit(OpCodes.Ldc_I4, 31);
            il.Emit(OpCodes.And);
            il.Emit(OpCodes.Shl);
            return type == typeof(byte) || type == typeof(ushort) ? typeof(int) : type;
        }

        // Not greater, or not less: of floats the unordered comparison, so that NaN gives false.
        (OpCode compared, bool isNegated) = symbol switch
        {
            BinaryOperator.Equal => (OpCodes.Ceq, false),
            BinaryOperator.Less => (isUnsigned ? OpCodes.Clt_Un : OpCodes.Clt, false),
            BinaryOperator.Greater => (isUnsigned ? OpCodes.Cgt_Un : OpCodes.Cgt, false),
            BinaryOperator.LessOrEqual => (isFloat || isUnsigned ? OpCodes.Cgt_Un : OpCodes.Cgt, true),
            _ => (isFloat || isUnsigned ? OpCodes.Clt_Un : OpCodes.Clt, true),
        };
        il.Emit(compared);
        if (isNegated)
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Ceq);
        }

        return typeof(bool);
    }

    /// <summary>Converts a number as C# does where nothing is checked.</summary>
    public void Convert(Type from, Type to)
    {
        if (to == typeof(float) && from == typeof(uint))
        {
            il.Emit(OpCodes.Conv_R_Un);
        }

        OpCode? code = to == typeof(nint) ? OpCodes.Conv_I : to == typeof(nuint) ? OpCodes.Conv_U
            : to == typeof(float) ? OpCodes.Conv_R4 : to == typeof(double) ? OpCodes.Conv_R8
            : to == typeof(int) ? (from == typeof(float) || from == typeof(double) || from == typeof(nint) ? OpCodes.Conv_I4 : null)
            : to == typeof(uint) ? (from == typeof(int) || from == typeof(byte) || from == typeof(ushort) ? null : OpCodes.Conv_U4)
            : to == typeof(byte) ? OpCodes.Conv_U1 : to == typeof(ushort) ? OpCodes.Conv_U2
            : to == typeof(bool) && from == typeof(int) ? null
            : throw new InvalidOperationException($"{from} does not become {to}.");
        if (code is { } conversion)
        {
            il.Emit(conversion);
        }
    }
}
