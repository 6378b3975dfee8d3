using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes the steps of programs: calls one below the other, or where there are many a table and a loop over it.</summary>
internal sealed class StepWriter(SourceWriter writer, KernelMethods methods, ProgramMemory memory, CancellationToken cancellationToken)
{
    /// <summary>The data of long programs.</summary>
    public SourceWriter Tables { get; } = new(depth: 1);

    /// <summary>Writes steps.</summary>
    /// <param name="arena">Where the program's own tensors lie.</param>
    /// <param name="name">The program's method, after which its data are called; none where there are few steps always.</param>
    public void Write(IReadOnlyCollection<Step> steps, OffsetNames arena, string name = "")
    {
        if (methods.IsLarge && name.Length > 0 && steps.Count > 0)
        {
            WriteTable(name, [[.. steps]], arena);
            return;
        }

        foreach (Step step in steps)
        {
            writer.Line($"// {step.Comment}");
            writer.Line($"{Call(step, arena)};");
        }
    }

    /// <summary>Writes steps in phases, of which the variable <c>phase</c> says one.</summary>
    public void WritePhases(string name, List<List<Step>> phases, OffsetNames arena)
    {
        if (methods.IsLarge)
        {
            WriteTable(name, phases, arena);
            return;
        }

        using (writer.Block("switch (phase)"))
        {
            for (int i = 0; i < phases.Count; i++)
            {
                writer.Line(i < phases.Count - 1 ? $"case {Number(i)}:" : "default:");
                foreach (Step step in phases[i])
                {
                    writer.Line($"    // {step.Comment}");
                    writer.Line($"    {Call(step, arena)};");
                }

                writer.Line("    break;");
            }
        }
    }

    /// <summary>The call of a step's method.</summary>
    /// <param name="operands">Takes the numbers of the call, where it is to be read from a table.</param>
    public string Call(Step step, OffsetNames arena, List<int>? operands = null)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string arguments = string.Join(", ", step.Arguments.Select(argument => memory.Text(argument, arena, operands)));
        if (step.Work.HasRange)
        {
            // One thread does all items.
            operands?.Add(step.Work.Items);
            arguments += $", 0, {(operands is null ? Number(step.Work.Items) : StepTable.Next)}";
        }

        (string method, string extents) = MethodOf(step.Kernel, operands);
        return $"{method}({arguments}{extents})";
    }

    /// <summary>The name of a kernel's method, and the arguments behind the kernel's own.</summary>
    public (string Name, string Extents) MethodOf(Kernel kernel, List<int>? operands = null)
    {
        (KernelMethod method, EquatableArray<int> extents) = methods[kernel];
        operands?.AddRange(extents);
        return (method.Name, string.Concat(extents.Select(extent => ", " + (operands is null ? Number(extent) : StepTable.Next))));
    }

    private void WriteTable(string name, List<List<Step>> phases, OffsetNames arena)
    {
        var table = new StepTable(name);
        foreach (List<Step> phase in phases)
        {
            foreach (Step step in phase)
            {
                var operands = new List<int>();
                table.Add(step.Comment, Call(step, arena, operands), operands);
            }

            if (phases.Count > 1)
            {
                table.EndPhase();
            }
        }

        table.WriteLoop(writer);
        Tables.Line();
        table.WriteData(Tables);
    }
}
