using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;

namespace Strata.Compiler.Emission;

/// <summary>Steps as methods, which call kernels with addresses and numbers that are known.</summary>
/// <param name="type">Gets the methods.</param>
/// <param name="methods">Which method each kernel has.</param>
/// <param name="kernels">The kernels' methods.</param>
/// <param name="form">A delegate whose parameters the methods have.</param>
internal sealed class StepEmitter(TypeBuilder type, EmittedTypes types, KernelMethods methods, KernelEmitter kernels, Type form)
{
    private readonly System.Reflection.ParameterInfo[] _parameters = form.GetMethod("Invoke")!.GetParameters();

    /// <summary>Writes a method that does some steps in order.</summary>
    /// <param name="takesItems">Whether its caller says which items to do.</param>
    /// <param name="offsetOf">The offset of a buffer's root, in floats.</param>
    public MethodBuilder Emit(string name, IEnumerable<Step> steps, bool takesItems, Func<TensorBuffer, int> offsetOf)
    {
        MethodInfo invoke = form.GetMethod("Invoke")!;
        MethodBuilder method = type.DefineMethod(
            name, MethodAttributes.Static | MethodAttributes.Assembly, invoke.ReturnType,
            [.. _parameters.Select(one => one.ParameterType)]);
        method.SetImplementationFlags(MethodImplAttributes.AggressiveOptimization);
        ILGenerator il = method.GetILGenerator();
        foreach (Step step in steps)
        {
            (KernelMethod kernel, EquatableArray<int> extents) = methods[step.Kernel];
            Call(il, kernel, step.Operands, step.Work, takesItems, extents, offsetOf);
        }

        il.Emit(OpCodes.Ret);
        return method;
    }

    /// <summary>Writes a method that does some items of a step for several samples.</summary>
    public MethodBuilder EmitOfSamples(string name, Step step, Func<TensorBuffer, int> offsetOf)
    {
        MethodBuilder method = type.DefineMethod(
            name, MethodAttributes.Static | MethodAttributes.Assembly, typeof(void), [.. _parameters.Select(one => one.ParameterType)]);
        method.SetImplementationFlags(MethodImplAttributes.AggressiveOptimization);
        ILGenerator il = method.GetILGenerator();
        (KernelMethod kernel, EquatableArray<int> extents) = methods[step.OfSamples!];
        Call(
            il, kernel, [.. step.Operands, PassedOperand.Samples, PassedOperand.ArenaStride], step.OfSamples!.WorkOf([]), takesItems: true,
            extents, offsetOf);
        il.Emit(OpCodes.Ret);
        return method;
    }

    private void Call(
        ILGenerator il, KernelMethod kernel, IEnumerable<Operand> operands, Work work, bool takesItems, EquatableArray<int> extents,
        Func<TensorBuffer, int> offsetOf)
    {
        foreach (Operand operand in operands)
        {
            Write(il, operand, offsetOf);
        }

        if (work.HasRange && takesItems)
        {
            Argument(il, "first");
            Argument(il, "end");
        }
        else if (work.HasRange)
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Ldc_I4, work.Items);
        }

        Type[] parameters = NestEmitter.Parameters(kernel.Nest, types);
        for (int i = 0; i < extents.Count; i++)
        {
            il.Emit(OpCodes.Ldc_I4, extents[i]);
            if (parameters[parameters.Length - extents.Count + i] == typeof(nint))
            {
                il.Emit(OpCodes.Conv_I);
            }
        }

        il.Emit(OpCodes.Call, kernels.Of(kernel));
        if (kernel.Nest.Result != ElementType.None)
        {
            il.Emit(OpCodes.Pop);
        }
    }

    private void Write(ILGenerator il, Operand operand, Func<TensorBuffer, int> offsetOf)
    {
        switch (operand)
        {
            case CallerOperand caller:
                Place(il, caller.Name, caller.Offset, ElementType.Float);
                break;

            case ParameterOperand parameter:
                Place(il, "parameters", parameter.Offset, parameter.Element);
                break;

            case BufferOperand buffer:
                string memory = buffer.Buffer.Space switch
                {
                    MemorySpace.Arena => "arena",
                    MemorySpace.Scratch => "scratch",
                    _ => throw new InvalidOperationException($"Inference has no {buffer.Buffer.Space}."),
                };
                Place(il, memory, offsetOf(buffer.Buffer.Root) + buffer.OffsetInRoot, buffer.Element);
                break;

            case ExtentOperand extent:
                il.Emit(OpCodes.Ldc_I4, extent.Value);
                break;

            case PassedOperand passed:
                Argument(il, passed.Value == PassedValue.Samples ? "samples" : passed.Value == PassedValue.ArenaStride ? "arenaStride"
                    : throw new InvalidOperationException($"Inference has no {passed.Value}."));
                if (passed.Least > 0)
                {
                    il.Emit(OpCodes.Ldc_I4, passed.Least);
                    il.Emit(OpCodes.Call, typeof(Math).GetMethod(nameof(Math.Max), [typeof(int), typeof(int)])!);
                }

                break;

            default:
                throw new InvalidOperationException($"{operand} has no IL.");
        }
    }

    private void Argument(ILGenerator il, string name) =>
        il.Emit(OpCodes.Ldarg, (short)Array.Find(_parameters, parameter => parameter.Name == name)!.Position);

    /// <summary>The address of an element in memory, which consists of floats.</summary>
    private void Place(ILGenerator il, string memory, int offset, ElementType element)
    {
        Argument(il, memory);
        if (offset != 0)
        {
            il.Emit(OpCodes.Ldc_I4, offset);
            il.Emit(OpCodes.Call, EmittedTypes.Add(typeof(float), typeof(int)));
        }

        if (element != ElementType.Float)
        {
            il.Emit(OpCodes.Call, typeof(Unsafe).GetMethods()
                .Single(method => method.Name == nameof(Unsafe.As) && method.GetGenericArguments().Length == 2)
                .MakeGenericMethod(typeof(float), types.Of(element)));
        }
    }
}
