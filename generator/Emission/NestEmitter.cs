using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Emission;

/// <summary>Loop nests as IL: the statements of a method.</summary>
internal sealed class NestEmitter
{
    private readonly ILGenerator _il;
    private readonly EmittedTypes _types;
    private readonly Locals _locals;
    private readonly ExpressionEmitter _expressions;
    private readonly Func<float[], FieldInfo> _tableOf;

    private NestEmitter(ILGenerator il, EmittedTypes types, Func<DefinedFunction, MethodInfo> methodOf, Func<float[], FieldInfo> tableOf)
    {
        (_il, _types, _tableOf) = (il, types, tableOf);
        _locals = new Locals(il);
        _expressions = new ExpressionEmitter(il, types, _locals, methodOf);
    }

    /// <summary>The types of a method's parameters.</summary>
    public static Type[] Parameters(Nest nest, EmittedTypes types) => [.. nest.Parameters.Select(parameter => parameter switch
    {
        PointerParameter { Pointer: var pointer } => types.Of(pointer.Element).MakeByRefType(),
        ValueParameter { IsOffset: true } => typeof(nint),
        ValueParameter { Type.Kind: ElementKind.StepContext } value => types.Of(value.Type).MakeByRefType(),
        ValueParameter value => types.Of(value.Type),
        _ => throw new InvalidOperationException($"{parameter} has no type."),
    })];

    /// <summary>Writes a method's body.</summary>
    /// <param name="methodOf">The method of a function that it calls.</param>
    /// <param name="tableOf">A field with constants.</param>
    public static void Emit(
        Nest nest, ILGenerator il, EmittedTypes types, Func<DefinedFunction, MethodInfo> methodOf, Func<float[], FieldInfo> tableOf)
    {
        var emitter = new NestEmitter(il, types, methodOf, tableOf);
        Type[] parameters = Parameters(nest, types);
        for (int i = 0; i < parameters.Length; i++)
        {
            emitter._locals.AddArgument(nest.Parameters[i].Name, parameters[i], i);
        }

        emitter.Write(nest.Body.Statements);
        if (nest.Result == ElementType.None)
        {
            il.Emit(OpCodes.Ret);
        }
    }

    private void Write(IEnumerable<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            Cancellation.ThrowIfRequested();
            Write(statement);
        }
    }

    private void Write(Statement statement)
    {
        switch (statement)
        {
            case Comment:
                break;

            case Declare declare:
                foreach (Binding binding in declare.Bindings)
                {
                    Write(binding);
                }

                break;

            case DeclareZeros zeros:
                foreach (Variable zero in zeros.Variables)
                {
                    WriteZero(zero);
                }

                break;

            case Assign { Variable: var variable, Value: var value }:
                Slot slot = _locals[NameOf(variable)];
                _expressions.Emit(value, slot.Type);
                _expressions.Set(slot);
                break;

            case Store store:
                Write(store);
                break;

            case Point point:
                Write(point);
                break;

            case Allocate allocate:
                Write(allocate);
                break;

            case Table table:
                Write(table);
                break;

            default:
                WriteControl(statement);
                break;
        }
    }

    private void WriteControl(Statement statement)
    {
        switch (statement)
        {
            case For loop:
                Write(loop);
                break;

            case Evaluate evaluate:
                if (_expressions.Emit(evaluate.Call) != typeof(void))
                {
                    _il.Emit(OpCodes.Pop);
                }

                break;

            case Return result:
                _expressions.Emit(result.Value);
                _il.Emit(OpCodes.Ret);
                break;

            case Group group:
                Write(group.Statements);
                break;

            case Block { IsScope: true } block:
                _locals.Open();
                Write(block.Statements);
                _locals.Close();
                break;

            case Block block:
                Write(block.Statements);
                break;

            default:
                throw new InvalidOperationException($"{statement} has no IL.");
        }
    }

    private void WriteZero(Variable variable)
    {
        Type type = _expressions.Zero(_types.Of(variable.Type));
        _expressions.Set(_locals.Declare(variable.Name, type));
    }

    private void Write(Point point)
    {
        foreach (PointerBinding binding in point.Bindings)
        {
            _expressions.Address(binding.Target);
            _expressions.Set(point.Declares
                ? _locals.Declare(binding.Pointer.Name, _types.Of(binding.Pointer.Element).MakeByRefType())
                : _locals[binding.Pointer.Name]);
        }
    }

    private static string NameOf(Expression variable) => variable is Variable named ? named.Name : ((IndexVariable)variable).Name;

    private void Write(Binding binding)
    {
        Type type = binding.Variable is IndexVariable { IsOffset: true } ? typeof(nint)
            : _types.Of(binding.Value is { Type.IsWide: true } wide && binding.Variable is Variable ? wide.Type : binding.Variable.Type);
        if (binding.Value is null)
        {
            _locals.Declare(NameOf(binding.Variable), type);
            return;
        }

        // The value may read a variable of an outer scope that has the name: so it comes first.
        _expressions.Emit(binding.Value, type);
        _expressions.Set(_locals.Declare(NameOf(binding.Variable), type));
    }

    private void Write(Store store)
    {
        ElementType element = store.Target.Pointer.Element;
        if (store.Value.Type.IsWide && store.Value.Type.Kind is ElementKind.Float or ElementKind.Bool or ElementKind.Int && !element.IsWide)
        {
            Type vector = _expressions.Emit(store.Value);
            Type[] place = _expressions.Vector(store.Target);
            _il.Emit(OpCodes.Call, _types.Method(_types.Simd, "StoreUnsafe", [vector, .. place]));
            return;
        }

        _expressions.Address(store.Target);
        Type type = _types.Of(element);
        _expressions.Emit(store.Value, type);
        _il.Emit(OpCodes.Stobj, type);
    }

    private void Write(Allocate allocate)
    {
        Type element = _types.Of(allocate.Span.Element), span = typeof(Span<>).MakeGenericType(element);
        _il.Emit(OpCodes.Ldc_I4, allocate.Length);
        _il.Emit(OpCodes.Conv_U);
        _il.Emit(OpCodes.Sizeof, element);
        _il.Emit(OpCodes.Mul_Ovf_Un);
        _il.Emit(OpCodes.Localloc);
        _il.Emit(OpCodes.Ldc_I4, allocate.Length);
        _il.Emit(OpCodes.Newobj, span.GetConstructor([typeof(void*), typeof(int)])!);
        Slot slot = _locals.Declare(allocate.Span.Name, span);
        _expressions.Set(slot);
        if (allocate.First is { } first)
        {
            _expressions.Get(slot);
            _il.Emit(OpCodes.Call, _types.GetReference(span));
            _expressions.Set(_locals.Declare(first.Name, element.MakeByRefType()));
        }
    }

    private void Write(Table table)
    {
        FieldInfo field = _tableOf([.. table.Values.Select(value => (float)value)]);
        _il.Emit(OpCodes.Ldsflda, field);
        _il.Emit(OpCodes.Ldc_I4, table.Values.Count);
        _il.Emit(OpCodes.Newobj, typeof(ReadOnlySpan<float>).GetConstructor([typeof(void*), typeof(int)])!);
        _expressions.Set(_locals.Declare(table.Span.Name, typeof(ReadOnlySpan<float>)));
    }

    /// <summary>A loop, whose condition is below its body.</summary>
    private void Write(For loop)
    {
        _locals.Open();
        _expressions.Emit(loop.First, typeof(int));
        Slot variable = _locals.Declare(loop.Variable.Name, typeof(int));
        _expressions.Set(variable);
        Label condition = _il.DefineLabel(), body = _il.DefineLabel();
        _il.Emit(OpCodes.Br, condition);
        _il.MarkLabel(body);
        _locals.Open();
        Write(loop.Body.Statements);
        _locals.Close();
        _expressions.Get(variable);
        _expressions.Emit(loop.Step, typeof(int));
        _il.Emit(OpCodes.Add);
        _expressions.Set(variable);
        _il.MarkLabel(condition);
        _expressions.Get(variable);
        _expressions.Emit(loop.End, typeof(int));
        _il.Emit(OpCodes.Blt, body);
        _locals.Close();
    }
}
