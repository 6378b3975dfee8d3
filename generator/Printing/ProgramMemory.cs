using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>The text for the places of tensors and parameters in a tier's programs.</summary>
internal sealed class ProgramMemory
{
    private readonly TierPrograms _programs;
    private readonly bool _isNamed;

    /// <param name="isNamed">Whether places are written as named constants, not as numbers.</param>
    /// <param name="isOfSizes">Whether the network has several sizes.</param>
    public ProgramMemory(TierPrograms programs, bool isNamed, bool isOfSizes = false)
    {
        (_programs, _isNamed, IsOfSizes) = (programs, isNamed, isOfSizes);
        Parameters = OffsetNames.OfParameters("Parameter", "Where parameters stand.", programs.Parameters, isNamed);
        Sample = NamesOf("Sample", "Tensors of one sample.", programs.Sample.Memory);
        Observed = NamesOf("Observed", "Tensors of one sample that is observed.", programs.Observed?.Memory);
        Block = NamesOf("Block", "Tensors of a block.", programs.Block?.Memory);
        Training = NamesOf("Training", "Tensors of a block's training pass.", programs.Training?.Arena);
        Slot = NamesOf("Slot", "Tensors that outlive the block's pass.", programs.Training?.Slot);
        Shared = NamesOf("Shared", "Where the batch's statistics lie.", programs.Training?.Shared);
        TrainingSample = NamesOf(
            "TrainingSample", "Tensors in the memory of each sample of a block in training.", programs.Training?.Sample);
        Scratch = NamesOf("Scratch", "Tensors in a thread's scratch memory.", programs.Sample.Scratch, programs.Observed?.Scratch,
            programs.Training?.Scratch);
    }

    /// <summary>
    /// Whether the network has several sizes. Then calls have all numbers in tables, and the values that are derived from parameters are
    /// in memory of their own: the memory of the parameters is that of all sizes.
    /// </summary>
    public bool IsOfSizes { get; }

    public OffsetNames Parameters { get; }

    public OffsetNames Sample { get; }

    public OffsetNames Observed { get; }

    public OffsetNames Block { get; }

    public OffsetNames Training { get; }

    /// <summary>Places in a block's slot, which outlives its pass.</summary>
    public OffsetNames Slot { get; }

    private OffsetNames Shared { get; }

    /// <summary>Places in a sample's own memory in training.</summary>
    public OffsetNames TrainingSample { get; }

    private OffsetNames Scratch { get; }

    /// <summary>Writes the constants.</summary>
    public void Write(SourceWriter writer)
    {
        foreach (OffsetNames names in new[] { Parameters, Sample, Observed, Block, Training, TrainingSample, Slot, Shared, Scratch })
        {
            names.Write(writer);
        }
    }

    /// <summary>An operand of a step.</summary>
    /// <param name="arena">The offsets of the program's own tensors.</param>
    /// <param name="numbers">Receives the numbers of the call if a table holds them.</param>
    public string Text(Operand operand, OffsetNames arena, List<int>? numbers) => operand switch
    {
        CallerOperand { Offset: > 0 } caller when IsOfSizes => Text(caller.Name, Plain(caller.Offset), numbers),
        CallerOperand caller => caller.Offset == 0 ? $"ref {caller.Name}" : $"ref At(ref {caller.Name}, {Number(caller.Offset)})",
        PassedOperand { Least: > 0 } passed => $"Math.Max({Text(passed.Value)}, {Number(passed.Least)})",
        PassedOperand passed => Text(passed.Value),
        LossStepOperand loss => $"step.Of({Number(loss.Loss)})",
        ExtentOperand extent when IsOfSizes && numbers is not null => Next(extent.Value, numbers),
        ExtentOperand extent => Number(extent.Value),
        ParameterOperand parameter when IsOfSizes && parameter.Offset >= _programs.Parameters.DerivedStart => As(
            parameter.Element, Text("derived", Plain(parameter.Offset - _programs.Parameters.DerivedStart), numbers)),
        ParameterOperand parameter => As(parameter.Element, Text("parameters", AddressOf(parameter.Offset), numbers)),
        PartialGradientOperand partial => Text("slot", AddressOf(partial.Offset), numbers),
        BufferOperand buffer => As(buffer.Element, Text(buffer, arena, numbers)),
        _ => throw new InvalidOperationException($"{operand} has no text."),
    };

    /// <summary>A place as a reference to elements of another type. The memory itself consists of floats.</summary>
    private static string As(ElementType element, string place) => element == ElementType.Float
        ? place : $"ref Unsafe.As<float, {ExpressionPrinter.TypeOf(element)}>({place})";

    /// <summary>A place in some memory: <c>ref At(ref arena, Sample.Conv1)</c>.</summary>
    public static string Text(string memory, Address address, List<int>? numbers = null)
    {
        numbers?.Add(address.Offset);
        string offset = numbers is null ? address.Text : StepTable.Next;
        return offset == "0" ? $"ref {memory}" : $"ref At(ref {memory}, {offset})";
    }

    /// <summary>A number of a call, which a table holds.</summary>
    private static string Next(int number, List<int> numbers)
    {
        numbers.Add(number);
        return StepTable.Next;
    }

    /// <summary>A place in the packed parameters, or in sums of gradients, which are laid out alike.</summary>
    public Address AddressOf(int parameterOffset)
    {
        if (!_isNamed || parameterOffset == 0)
        {
            return Plain(parameterOffset);
        }

        ParameterLayout layout = _programs.Parameters;
        bool Holds(int first, int length) => parameterOffset >= first && parameterOffset < first + length;
        if (layout.Parameters.FirstOrDefault(p => Holds(p.Offset, p.Length)) is { } parameter)
        {
            return Parameters.At(parameter, parameterOffset - parameter.Offset);
        }

        return layout.DerivedValues.FirstOrDefault(d => Holds(d.Offset, d.Length)) is { } derived
            ? Parameters.At(derived, parameterOffset - derived.Offset) : Plain(parameterOffset);
    }

    /// <summary>A place without a name.</summary>
    private static Address Plain(int offset) => new(offset, Number(offset));

    private static string Text(PassedValue value) => value switch
    {
        PassedValue.Samples => "samples",
        PassedValue.ArenaStride => "arenaStride",
        PassedValue.SampleStride => "TrainingSampleLength",
        PassedValue.SlotStride => "slotStride",
        PassedValue.Context => "in step",
        _ => throw new InvalidOperationException($"{value} has no text."),
    };

    private string Text(BufferOperand operand, OffsetNames arena, List<int>? numbers) => operand.Buffer.Space switch
    {
        MemorySpace.Arena => Text("arena", arena.At(operand.Buffer.Root, operand.OffsetInRoot), numbers),
        MemorySpace.Scratch => Text("scratch", Scratch.At(operand.Buffer.Root, operand.OffsetInRoot), numbers),
        MemorySpace.Sample => Text("sample", TrainingSample.At(operand.Buffer.Root, operand.OffsetInRoot), numbers),
        MemorySpace.Slot => Text("slot", Slot.At(operand.Buffer.Root, operand.OffsetInRoot), numbers),
        _ => Text("shared", Shared.At(operand.Buffer.Root, operand.OffsetInRoot), numbers),
    };

    private OffsetNames NamesOf(string name, string summary, params MemoryPlan?[] plans) =>
        OffsetNames.OfBuffers(name, summary, plans.SelectMany(plan => plan is null ? [] : plan.Buffers), _isNamed);
}
