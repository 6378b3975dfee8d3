using System;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>The calls of kernels in a method, with addresses and numbers that are known.</summary>
/// <param name="type">The method's class.</param>
/// <param name="form">The method's parameters.</param>
internal sealed class StepCalls(ILGenerator il, MethodClass type, MethodForm form, KernelEmitter kernels, StepMemory memory)
{
    /// <summary>Does a step.</summary>
    /// <param name="takesItems">Whether the method's caller says which items to do. Otherwise the call does all of them.</param>
    public void Write(Step step, bool takesItems)
    {
        if (Write(step.Kernel, step.Operands, step.Work, takesItems) != typeof(void))
        {
            il.Emit(OpCodes.Pop);
        }
    }

    /// <summary>Does some items of a step for several samples.</summary>
    public void WriteOfSamples(Step step)
    {
        Kernel kernel = step.OfSamples!;
        EquatableArray<Operand> operands =
            step.Operands.Concat([PassedOperand.Samples, PassedOperand.ArenaStride]).ToEquatableArray();
        Write(kernel, operands, kernel.WorkOf([]), takesItems: true);
    }

    /// <summary>Does the steps of a loss, and returns the weighted sum of the losses.</summary>
    public void WriteLoss(EquatableArray<Step> steps)
    {
        // A sum of one loss is that loss, without a sum's 0.
        bool isSum = steps.Count == 0 || steps[steps.Count - 1].LossWeight != 1 || steps.Count(step => step.LossWeight is not null) > 1;
        if (isSum)
        {
            il.Emit(OpCodes.Ldc_R8, 0.0);
        }

        foreach (Step step in steps)
        {
            if (step.LossWeight is not { } weight)
            {
                Write(step, takesItems: false);
                continue;
            }

            if (weight != 1)
            {
                il.Emit(OpCodes.Ldc_R8, weight);
            }

            Write(step.Kernel, step.Operands, step.Work, takesItems: false);
            if (weight != 1)
            {
                il.Emit(OpCodes.Mul);
            }

            if (isSum)
            {
                il.Emit(OpCodes.Add);
            }
        }

        Return();
    }

    /// <summary>Puts all of the method's arguments on the stack.</summary>
    public void WriteArguments()
    {
        for (int i = 0; i < form.Types.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, (short)i);
        }
    }

    /// <summary>Calls another method.</summary>
    public void Call(MethodInfo method) => il.Emit(OpCodes.Call, method);

    /// <summary>Calls a kernel whose own arguments are on the stack.</summary>
    /// <returns>The type of its result.</returns>
    public Type Call(Kernel kernel)
    {
        (EmittedKernel called, EquatableArray<int> extents) = kernels[kernel];
        for (int i = 0; i < extents.Count; i++)
        {
            il.Emit(OpCodes.Ldc_I4, extents[i]);
            Widen(called.Parameters[called.Parameters.Length - extents.Count + i]);
        }

        il.Emit(OpCodes.Call, called.Method);
        return called.Method.ReturnType;
    }

    /// <summary>Ends the method.</summary>
    public void Return()
    {
        il.Emit(OpCodes.Ret);
        type.End(il);
    }

    private Type Write(Kernel kernel, EquatableArray<Operand> operands, Work work, bool takesItems)
    {
        Type[] parameters = kernels[kernel].Method.Parameters;
        for (int i = 0; i < operands.Count; i++)
        {
            Write(operands[i]);
            Widen(parameters[i]);
        }

        if (work.HasRange && takesItems)
        {
            Argument("first");
            Argument("end");
        }
        else if (work.HasRange)
        {
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Ldc_I4, work.Items);
        }

        return Call(kernel);
    }

    /// <summary>Converts an integer for a parameter that is a native one.</summary>
    private void Widen(Type parameter)
    {
        if (parameter == typeof(nint))
        {
            il.Emit(OpCodes.Conv_I);
        }
    }

    private void Write(Operand operand)
    {
        switch (operand)
        {
            case CallerOperand caller:
                Place(caller.Name, caller.Offset);
                break;

            case ParameterOperand parameter when parameter.Offset >= memory.DerivedStart:
                Place("derived", parameter.Offset - memory.DerivedStart);
                break;

            case ParameterOperand parameter:
                Place("parameters", parameter.Offset);
                break;

            case PartialGradientOperand partial:
                Place("slot", partial.Offset);
                break;

            case BufferOperand { Buffer: var buffer } tensor:
                Place(StepMemory.NameOf(buffer.Space), memory[buffer.Root] + tensor.OffsetInRoot);
                break;

            case ExtentOperand extent:
                il.Emit(OpCodes.Ldc_I4, extent.Value);
                break;

            case PassedOperand { Least: > 0 } passed:
                Write(passed.Value);
                il.Emit(OpCodes.Ldc_I4, passed.Least);
                il.Emit(OpCodes.Call, EmittedTypes.Max);
                break;

            case PassedOperand passed:
                Write(passed.Value);
                break;

            case LossStepOperand loss:
                Argument("step");
                il.Emit(OpCodes.Ldc_I4, loss.Loss);
                il.Emit(OpCodes.Call, EmittedTypes.StepOfLoss);
                LocalBuilder context = il.DeclareLocal(typeof(StepContext));
                il.Emit(OpCodes.Stloc, context);
                il.Emit(OpCodes.Ldloca, context);
                break;

            default:
                throw new InvalidOperationException($"{operand} has no IL.");
        }
    }

    private void Write(PassedValue value)
    {
        if (value == PassedValue.SampleStride)
        {
            il.Emit(OpCodes.Ldc_I4, memory.SampleStride);
            return;
        }

        Argument(value switch
        {
            PassedValue.Samples => "samples",
            PassedValue.ArenaStride => "arenaStride",
            PassedValue.SlotStride => "slotStride",
            PassedValue.Context => "step",
            _ => throw new InvalidOperationException($"{value} has no IL."),
        });
    }

    private void Argument(string name) => il.Emit(OpCodes.Ldarg, form[name].Position);

    /// <summary>The address of an element in memory, which consists of floats, or of integers of as many bits.</summary>
    private void Place(string name, int offset)
    {
        Argument(name);
        if (offset != 0)
        {
            il.Emit(OpCodes.Ldc_I8, (long)offset * sizeof(float));
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }
    }
}
