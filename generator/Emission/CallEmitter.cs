using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using Strata.Compiler.KernelLanguage;
using Strata.Generator.Printing;

namespace Strata.Compiler.Emission;

/// <summary>Calls of functions as IL: of the kernel's own, of .NET's vectors and of the runtime.</summary>
internal sealed class CallEmitter(
    ILGenerator il, EmittedTypes types, Locals locals, Func<DefinedFunction, MethodInfo> methodOf, ExpressionEmitter expressions)
{
    /// <summary>Calls a static method, whose last argument may need a conversion.</summary>
    public Type Static(Type of, string name, IEnumerable<Expression> arguments)
    {
        Type[] given = [.. arguments.Select(argument => DeepRecursion.Call(part => expressions.Emit(part), argument))];
        MethodInfo method = types.Method(of, name, given);
        ConvertLast(method.GetParameters(), given);
        return expressions.Called(method);
    }

    /// <summary>Converts the last argument, which is on the stack. No other needs it.</summary>
    private void ConvertLast(System.Reflection.ParameterInfo[] parameters, Type[] given)
    {
        for (int i = 0; i < given.Length; i++)
        {
            if (parameters[i].ParameterType != given[i] && i < given.Length - 1)
            {
                throw new InvalidOperationException($"{parameters[i].Member} takes {parameters[i].ParameterType}; found {given[i]}.");
            }
        }

        if (given.Length > 0)
        {
            expressions.Convert(given[^1], parameters[^1].ParameterType);
        }
    }

    public Type Emit(Call call)
    {
        Function function = call.Function;
        if (function is DefinedFunction defined)
        {
            MethodInfo method = methodOf(defined);
            Type[] parameters = NestEmitter.Parameters(defined.Nest, types);
            for (int i = 0; i < parameters.Length; i++)
            {
                expressions.Emit(call.Arguments[i], parameters[i]);
            }

            il.Emit(OpCodes.Call, method);
            return types.Of(defined.Nest.Result);
        }

        bool isWide = call.Type.IsWide || call.Arguments.Any(argument => argument.Type.IsWide);
        (CallForm form, string name) = FunctionText.Of(function, isWide);
        if (form == CallForm.Static)
        {
            int dot = name.IndexOf('.', StringComparison.Ordinal);
            return Static(types.Class(name[..dot]), name[(dot + 1)..], ArgumentsOf(call));
        }

        return form == CallForm.Property
            ? expressions.Called(Receiver(call.Arguments[0]).GetProperty(name)!.GetMethod!)
            : Member(call, name);
    }

    /// <summary>Numbers of formulas are vectors where they stand for themselves, and floats where a method takes them.</summary>
    private static IEnumerable<Expression> ArgumentsOf(Call call)
    {
        bool isFormula = call.Function.Home is FunctionClass.Instruction or FunctionClass.Mathematical;
        return call.Arguments.Select((argument, i) =>
            isFormula && i >= call.Function.Vectors && argument is Constant constant ? Constant.Single(constant.Value) : argument);
    }

    /// <summary>A method of a value: of a vector, a span or a sum.</summary>
    private Type Member(Call call, string name)
    {
        if (call.Arguments[0].Type.IsWide && call.Arguments[0].Type.Kind != ElementKind.LongSum)
        {
            return Static(types.Simd, name, call.Arguments);
        }

        Type receiver = Receiver(call.Arguments[0]);
        Type[] given = [.. call.Arguments.Skip(1).Select(argument => expressions.Emit(argument))];
        MethodInfo method = types.Method(receiver, name, given);
        ConvertLast(method.GetParameters(), given);
        return expressions.Called(method);
    }

    /// <summary>The address of a value whose member is called.</summary>
    /// <returns>The value's type.</returns>
    private Type Receiver(Expression expression)
    {
        if (expression is AddressOf { Target.Pointer: { IsSpan: true, Name: var span } })
        {
            expressions.AddressOf(locals[span]);
            return locals[span].Type;
        }

        if (expression is Variable { Name: var name })
        {
            Slot slot = locals[name];
            if (slot.Type.IsByRef)
            {
                expressions.Get(slot);
                return slot.Type.GetElementType()!;
            }

            expressions.AddressOf(slot);
            return slot.Type;
        }

        // A member may change what stands in memory.
        if (expression is Load { Source: var source } && source.Pointer.Element == expression.Type)
        {
            return expressions.Address(source).GetElementType()!;
        }

        // What has no place gets one.
        Type type = expressions.Emit(expression);
        LocalBuilder local = locals.Take(type);
        il.Emit(OpCodes.Stloc, local);
        il.Emit(OpCodes.Ldloca, local);
        locals.GiveBack(local);
        return type;
    }
}
