using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>Methods that do steps of a program.</summary>
/// <param name="methods">Gets the methods.</param>
internal sealed class StepEmitter(MethodClass methods, KernelEmitter kernels, StepMemory memory)
{
    /// <summary>A method with many more calls would exceed the JIT's limits and not be optimised.</summary>
    private const int MostCalls = 100;

    /// <summary>Writes a method that does some steps in order.</summary>
    /// <typeparam name="T">A delegate, whose parameters it has.</typeparam>
    /// <param name="takesItems">Whether its caller says which items to do.</param>
    public MethodInfo Emit<T>(string name, IReadOnlyCollection<Step> steps, bool takesItems = false)
        where T : Delegate
    {
        if (steps.Count > MostCalls)
        {
            return EmitParts<T>(name, steps);
        }

        (MethodBuilder method, StepCalls calls) = Begin<T>(name);
        foreach (Step step in steps)
        {
            calls.Write(step, takesItems);
        }

        calls.Return();
        return method;
    }

    /// <summary>Writes methods that do the steps of a schedule.</summary>
    public void EmitSchedule<T>(string stem, IEnumerable<ScheduledStep> schedule)
        where T : Delegate
    {
        foreach ((ScheduledStep step, string name) in schedule.Zip(MethodTable.Numbered(stem)))
        {
            Emit<T>(name, step.Steps, step.TakesItems);
        }
    }

    /// <summary>Writes a method that does some items of a step for several samples.</summary>
    public void EmitOfSamples<T>(string name, Step step)
        where T : Delegate
    {
        (_, StepCalls calls) = Begin<T>(name);
        calls.WriteOfSamples(step);
        calls.Return();
    }

    /// <summary>Writes a method that does the steps of a loss, and returns the weighted sum of the losses.</summary>
    public void EmitLoss<T>(string name, EquatableArray<Step> steps)
        where T : Delegate
    {
        (_, StepCalls calls) = Begin<T>(name);
        calls.WriteLoss(steps);
    }

    /// <summary>Writes a method that passes its arguments to a kernel, and with them the kernel's numbers.</summary>
    public void EmitCall<T>(string name, Kernel kernel)
        where T : Delegate
    {
        (_, StepCalls calls) = Begin<T>(name);
        calls.WriteArguments();
        calls.Call(kernel);
        calls.Return();
    }

    private MethodBuilder EmitParts<T>(string name, IEnumerable<Step> steps)
        where T : Delegate
    {
        MethodInfo[] parts = [.. steps.Chunk(MostCalls).Select((part, i) => Emit<T>($"{name}Part{i}", part))];
        (MethodBuilder method, StepCalls calls) = Begin<T>(name);
        foreach (MethodInfo part in parts)
        {
            calls.WriteArguments();
            calls.Call(part);
        }

        calls.Return();
        return method;
    }

    private (MethodBuilder Method, StepCalls Calls) Begin<T>(string name)
        where T : Delegate
    {
        var form = MethodForm.Of<T>();

        // Compiled once, as kernels are: tier-0 code could start the JIT's thread while denormal numbers are 0.
        MethodBuilder method = methods.Define(name, form.Result, form.Types, MethodImplAttributes.AggressiveOptimization);
        return (method, new StepCalls(method.GetILGenerator(), methods, form, kernels, memory));
    }
}
