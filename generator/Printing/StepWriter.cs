using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes the steps of programs. A short program is a list of calls. A long one is a table, and a loop over it.</summary>
/// <param name="calls">The calls of each method whose steps are in a table.</param>
internal sealed class StepWriter(
    SourceWriter writer, KernelClass kernels, ProgramMemory memory, Dictionary<string, StepCalls> calls,
    CancellationToken cancellationToken)
{
    /// <summary>The data of long programs.</summary>
    public SourceWriter Tables { get; } = new(depth: 1);

    /// <summary>Gives the memory of derived values, if the program keeps them, the name that steps pass to their kernels.</summary>
    public void WriteDerived()
    {
        if (memory.IsOfSizes)
        {
            writer.Line("ref float derived = ref Derived;");
        }
    }

    /// <summary>Writes steps.</summary>
    /// <param name="arena">The offsets of the program's own tensors.</param>
    /// <param name="name">The program's method, which also names its table. Empty for programs that are always short.</param>
    public void Write(IReadOnlyCollection<Step> steps, OffsetNames arena, string name = "")
    {
        if (kernels.AreMany && name.Length > 0 && (steps.Count > 0 || memory.IsOfSizes))
        {
            WriteTable(name, [new ScheduledStep([.. steps], TakesItems: false)], arena, "");
            return;
        }

        foreach (Step step in steps)
        {
            writer.Line($"// {step.Comment}");
            writer.Line($"{Call(step, arena)};");
        }
    }

    /// <summary>Writes the body of a method that is told which step of a schedule to do.</summary>
    /// <param name="index">
    /// The method's parameter that holds the index of the step. <c>first</c> and <c>end</c> say which of its items.
    /// </param>
    public void WriteSchedule(string name, IReadOnlyList<ScheduledStep> schedule, OffsetNames arena, string index = "step")
    {
        if (kernels.AreMany)
        {
            WriteTable(name, schedule, arena, index);
            return;
        }

        using (writer.Block($"switch ({index})"))
        {
            for (int i = 0; i < schedule.Count; i++)
            {
                string label = i < schedule.Count - 1 ? $"case {Number(i)}:" : "default:";
                IReadOnlyList<Step> steps = schedule[i].Steps;
                for (int j = 0; j < steps.Count; j++)
                {
                    writer.Line($"// {steps[j].Comment}");
                    string call = Call(steps[j], arena, takesRange: schedule[i].TakesItems);
                    writer.Line($"{(j == 0 ? label : "   ")} {call};{(j == steps.Count - 1 ? " break;" : "")}");
                }
            }
        }
    }

    /// <summary>The call of a step's method.</summary>
    /// <param name="numbers">Receives the numbers of the call if a table holds them.</param>
    /// <param name="takesRange">Whether the caller says which items to do. Otherwise the call does all of them.</param>
    public string Call(Step step, OffsetNames arena, List<int>? numbers = null, bool takesRange = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string arguments = string.Join(", ", step.Operands.Select(operand => memory.Text(operand, arena, numbers)));
        if (step.Work.HasRange && takesRange)
        {
            arguments += ", first, end";
        }
        else if (step.Work.HasRange)
        {
            numbers?.Add(step.Work.Items);
            arguments += $", 0, {(numbers is null ? Number(step.Work.Items) : StepTable.Next)}";
        }

        (string method, string extents) = MethodOf(step.Kernel, numbers);
        return $"{method}({arguments}{extents})";
    }

    /// <summary>The call of the method that does some of a step's items for several samples.</summary>
    public string CallOfSamples(Step step, OffsetNames arena)
    {
        (string method, string extents) = MethodOf(step.OfSamples!);
        IEnumerable<Operand> operands = step.Operands.Concat([PassedOperand.Samples, PassedOperand.ArenaStride]);
        string range = step.OfSamples!.WorkOf([]).HasRange ? ", first, end" : "";
        return $"{method}({string.Join(", ", operands.Select(operand => memory.Text(operand, arena, numbers: null)))}{range}{extents})";
    }

    /// <summary>The name of a kernel's method, as calls write it, and the arguments that follow the kernel's own.</summary>
    public (string Name, string Extents) MethodOf(Kernel kernel, List<int>? numbers = null)
    {
        (PrintedMethod method, IReadOnlyList<(int Value, bool IsFloat)> extents) = kernels[kernel];
        numbers?.AddRange(extents.Select(extent => extent.Value));
        return (PrintedMethod.InCalls(method.Name), string.Concat(extents.Select(extent =>
        {
            string number = numbers is null ? Number(extent.Value) : StepTable.Next;
            return extent.IsFloat ? $", BitConverter.Int32BitsToSingle({number})" : ", " + number;
        })));
    }

    private void WriteTable(string name, IReadOnlyList<ScheduledStep> schedule, OffsetNames arena, string index)
    {
        if (!calls.TryGetValue(name, out StepCalls ofMethod))
        {
            calls.Add(name, ofMethod = new StepCalls(name));
        }

        bool isIndexed = memory.IsOfSizes ? index.Length > 0 : schedule.Count > 1;
        var table = new StepTable(name, ofMethod, isIndexed, memory.IsOfSizes);
        foreach (ScheduledStep called in schedule)
        {
            foreach (Step step in called.Steps)
            {
                var numbers = new List<int>();
                string call = Call(step, arena, numbers, called.TakesItems);
                table.Add(step.Comment, call, numbers);
            }

            table.EndStep();
        }

        table.WriteLoop(writer, index);
        table.WriteData(Tables);
    }
}
