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
            WriteTable(name, [new ProgramPart([.. steps], IsShared: false)], arena, "");
            return;
        }

        foreach (Step step in steps)
        {
            writer.Line($"// {step.Comment}");
            writer.Line($"{Call(step, arena)};");
        }
    }

    /// <summary>
    /// Writes steps in parts, of which the variable <c>number</c> says one; where it is a shared step, <c>first</c> and <c>end</c> say
    /// which of its items.
    /// </summary>
    public void WriteParts(string name, IEnumerable<ProgramPart> parts, OffsetNames arena) => WriteParts("number", name, [.. parts], arena);

    /// <summary>Writes steps of which the variable <c>step</c> says one, and <c>first</c> and <c>end</c> which of its items.</summary>
    public void WriteShared(string name, IEnumerable<Step> steps, OffsetNames arena) =>
        WriteParts("step", name, [.. steps.Select(step => new ProgramPart([step], IsShared: true))], arena);

    private void WriteParts(string part, string name, List<ProgramPart> parts, OffsetNames arena)
    {
        if (methods.IsLarge)
        {
            WriteTable(name, parts, arena, part);
            return;
        }

        using (writer.Block($"switch ({part})"))
        {
            for (int i = 0; i < parts.Count; i++)
            {
                writer.Line(i < parts.Count - 1 ? $"case {Number(i)}:" : "default:");
                foreach (Step step in parts[i].Steps)
                {
                    writer.Line($"    // {step.Comment}");
                    writer.Line($"    {Call(step, arena, takesRange: parts[i].IsShared)};");
                }

                writer.Line("    break;");
            }
        }
    }

    /// <summary>The call of a step's method.</summary>
    /// <param name="operands">Takes the numbers of the call, where it is to be read from a table.</param>
    /// <param name="takesRange">Whether the caller says which items; otherwise it is all of them.</param>
    public string Call(Step step, OffsetNames arena, List<int>? operands = null, bool takesRange = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string arguments = string.Join(", ", step.Arguments.Select(argument => memory.Text(argument, arena, operands)));
        if (step.Work.HasRange && takesRange)
        {
            arguments += ", first, end";
        }
        else if (step.Work.HasRange)
        {
            operands?.Add(step.Work.Items);
            arguments += $", 0, {(operands is null ? Number(step.Work.Items) : StepTable.Next)}";
        }

        (string method, string extents) = MethodOf(step.Kernel, operands);
        return $"{method}({arguments}{extents})";
    }

    /// <summary>The call of the method that does some of a step's items for several samples.</summary>
    public string CallOfSamples(Step step, OffsetNames arena)
    {
        (string method, string extents) = MethodOf(step.OfSamples!);
        IEnumerable<Argument> arguments = step.Arguments.Concat([PassedArgument.Samples, PassedArgument.ArenaStride]);
        string range = step.OfSamples!.WorkOf([]).HasRange ? ", first, end" : "";
        return $"{method}({string.Join(", ", arguments.Select(argument => memory.Text(argument, arena, operands: null)))}{range}{extents})";
    }

    /// <summary>The name of a kernel's method, as it stands in calls, and the arguments behind the kernel's own.</summary>
    public (string Name, string Extents) MethodOf(Kernel kernel, List<int>? operands = null)
    {
        (KernelMethod method, EquatableArray<int> extents) = methods[kernel];
        operands?.AddRange(extents);
        return (PrintedMethod.InCalls(method.Name, methods.IsLarge),
            string.Concat(extents.Select(extent => ", " + (operands is null ? Number(extent) : StepTable.Next))));
    }

    private void WriteTable(string name, List<ProgramPart> parts, OffsetNames arena, string part)
    {
        var table = new StepTable(name);
        foreach (ProgramPart steps in parts)
        {
            foreach (Step step in steps.Steps)
            {
                var operands = new List<int>();
                table.Add(step.Comment, Call(step, arena, operands, steps.IsShared), operands);
            }

            if (parts.Count > 1)
            {
                table.EndPart();
            }
        }

        table.WriteLoop(writer, part);
        Tables.Line();
        table.WriteData(Tables);
    }
}
