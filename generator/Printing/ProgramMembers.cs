using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes the members of a tier's class, at one size of the network. Each member is a part of the text.</summary>
internal sealed class ProgramMembers
{
    private const string Storage = "global::Strata.WeightStorage";

    private readonly IReadOnlyList<TierPrograms> _sizes;
    private readonly int _size;
    private readonly TierPrograms _programs;
    private readonly Tier _tier;
    private readonly SourceWriter _writer = new(depth: 1);
    private readonly KernelClass _kernels;
    private readonly ProgramMemory _memory;
    private readonly StepWriter _steps;

    private ProgramMembers(
        IReadOnlyList<TierPrograms> sizes, int size, KernelClass kernels, Dictionary<string, StepCalls> calls,
        CancellationToken cancellationToken)
    {
        (_sizes, _size, _programs, _tier, _kernels) = (sizes, size, sizes[size], sizes[size].Tier, kernels);
        _memory = new ProgramMemory(_programs, isNamed: !_kernels.AreMany, isOfSizes: sizes.Count > 1);
        _steps = new StepWriter(_writer, _kernels, _memory, calls, cancellationToken);
    }

    /// <summary>The members of a size.</summary>
    /// <param name="sizes">The programs of all sizes, the declared one first.</param>
    /// <param name="size">The index of the size.</param>
    /// <param name="calls">Receives the calls of the methods whose steps are in tables.</param>
    public static string[] Write(
        IReadOnlyList<TierPrograms> sizes, int size, KernelClass kernels, Dictionary<string, StepCalls> calls,
        CancellationToken cancellationToken)
    {
        var members = new ProgramMembers(sizes, size, kernels, calls, cancellationToken);
        members.WriteMembers();
        return [.. members._writer.Parts];
    }

    private void WriteMembers()
    {
        WriteProperties();
        _memory.Write(_writer);
        WritePacking();
        if (_programs.Training is { } trained)
        {
            WriteTensors(trained.Tensors);
        }

        _writer.Part();
        _writer.Line();
        WriteDerive();
        WritePreparation();
        WriteSample();
        WriteKernels();
        WriteObserved();
        WriteBlock();
        if (_programs.Training is { } training)
        {
            new TrainingWriter(_writer, _steps, _memory, [.. _sizes.Select(size => size.Training!)]).Write(training, _programs.Parameters);
        }

        if (_steps.Tables.Length > 0)
        {
            _writer.Part();
            _writer.Line();
            _writer.Line(
                "// The steps: a line for each, with the number of its call, and the call's numbers: where tensors lie, and extents.");
            _writer.Append(_steps.Tables);
        }
    }

    /// <summary>Whether some size has a member. Then all have it, since those of further sizes are derived from the first.</summary>
    private bool AnySize(Func<TierPrograms, bool> has) => _sizes.Any(has);

    private void WriteDerive()
    {
        if (!AnySize(size => size.Derive.Count > 0))
        {
            return;
        }

        _writer.Part();
        _writer.Line("// What is computed from the parameters, after they have changed.");
        using (_writer.Method("public override void Derive(ref float parameters)"))
        {
            _steps.WriteDerived();
            _steps.Write(_programs.Derive, _memory.Sample, "Derive");
        }

        _writer.Line();
    }

    private void WritePreparation()
    {
        if (!AnySize(size => size.Prepare.Count > 0))
        {
            return;
        }

        _writer.Part();
        _writer.Line("// Forms of parameters for inference, made before its first run after a change.");
        ScheduledStep[] schedule = [.. _programs.Prepare.Select(ScheduledStep.WithItems)];
        string items = string.Join(", ", schedule.Select(step => Number(step.Items)));
        _writer.Line($"public override ReadOnlySpan<int> PreparationItems => [{items}];");
        _writer.Part();
        _writer.Line();
        using (_writer.Method("public override void PrepareInferenceStep(int step, int first, int end, ref float parameters)"))
        {
            _steps.WriteDerived();
            _steps.WriteSchedule("PrepareInference", schedule, _memory.Sample);
        }

        _writer.Line();
    }

    private void WriteObserved()
    {
        if (_programs.Observed is not { } observed)
        {
            return;
        }

        _writer.Part();
        _writer.Line();
        _writer.Line("// One sample, layer by layer, for those who want to see what is between them.");
        using (_writer.Method(
            "public override void ObserveSample(ref readonly float inputs, ref float output, ref readonly float weights, ref float "
            + "arena, ref float scratch, ref float observations)"))
        {
            _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
            _steps.WriteDerived();
            _steps.Write(observed.Steps, _memory.Observed, "ObserveSample");
        }
    }

    private void WriteBlock()
    {
        if (!AnySize(size => size.Block is not null))
        {
            return;
        }

        _writer.Part();
        _writer.Line();
        _writer.Line($"// A block of up to {_tier.Lanes} samples: a lane for each.");
        using (_writer.Method(
            "public override void InferBlock(ref readonly float inputs, int samples, ref float output, ref "
            + "readonly float weights, ref float arena)"))
        {
            _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
            _steps.WriteDerived();
            _steps.Write(_programs.Block?.Steps ?? [], _memory.Block, "InferBlock");
        }
    }

    private void WriteSample()
    {
        const string Memory = "ref readonly float inputs, ref float output, ref readonly float weights, ref float arena, ref float scratch";
        Program program = _programs.Sample;
        ScheduledStep[] schedule = [.. program.Schedule];
        bool isInSteps = AnySize(size => size.Sample.IsInSteps);
        _writer.Part();
        _writer.Line("// One sample: lanes hold neighbouring pixels, or channels where they are many.");
        if (isInSteps)
        {
            _writer.Line("// The schedule. Each step has five numbers: its items; the fewest that are worth starting a thread for; items "
                + "in a");
            _writer.Line("// row that share a preparation; steps to the end of its stage; items that all samples do before the next "
                + "ones, or 0.");
            IEnumerable<string> numbers = schedule.Select(step => string.Join(", ", step.InferenceNumbers.Select(Number)));
            _writer.Line($"protected override ReadOnlySpan<int> SampleSchedule => [{string.Join(",  ", numbers)}];");
            _writer.Line();
            WriteBatch(program);
        }

        _writer.Part();
        using (_writer.Method(isInSteps
            ? $"public override void InferSampleStep(int step, int first, int end, {Memory})"
            : $"public override void InferSample({Memory})"))
        {
            _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
            _steps.WriteDerived();
            if (isInSteps)
            {
                _steps.WriteSchedule("InferSample", schedule, _memory.Sample);
            }
            else
            {
                _steps.Write(program.Steps, _memory.Sample, "InferSample");
            }
        }
    }

    /// <summary>Writes the kernels for several samples.</summary>
    private void WriteBatch(Program program)
    {
        (Step Step, int Number)[] together = [.. program.Steps.Select((step, i) => (step, i)).Where(s => s.step.OfSamples is not null)];
        if (!AnySize(size => size.Sample.Steps.Any(step => step.OfSamples is not null)))
        {
            return;
        }

        _writer.Part();
        _writer.Line($"public override int LeastBatch => {Number(SamplesTimesPanels.SamplesOf(_tier))};");
        _writer.Part();
        _writer.Line();
        _writer.Line("// Steps for several samples at once, whose arenas are arenaStride floats apart.");
        using (_writer.Method(
            "public override bool InferBatchStep(int step, int first, int end, int samples, int arenaStride, ref "
            + "readonly float weights, ref float arena)"))
        {
            _writer.Line("ref float parameters = ref Unsafe.AsRef(in weights);");
            _steps.WriteDerived();
            using (_writer.Block("switch (step)"))
            {
                foreach ((Step step, int number) in together)
                {
                    _writer.Line($"// {step.Comment}");
                    _writer.Line($"case {Number(number)}: {_steps.CallOfSamples(step, _memory.Sample)}; return true;");
                }

                _writer.Line("default: return false;");
            }
        }

        _writer.Line();
    }

    /// <summary>
    /// Writes the list of kernels that the JIT may compile before the first sample comes. Those of further sizes are compiled when they
    /// are called.
    /// </summary>
    private void WriteKernels()
    {
        IEnumerable<PrintedMethod> compiled = _sizes[0].Prepare.Concat(_sizes[0].Sample.Steps)
            .Select(step => _kernels[step.Kernel].Method)
            .SelectMany(kernel => kernel.AllCalls.Where(call => !call.IsInlined).Prepend(kernel));
        IEnumerable<string> names = compiled.Distinct().Select(method => PrintedMethod.InCalls(method.Name));
        _writer.Part();
        _writer.Line();
        _writer.Line("// The kernels of one sample, in the order of their first use: the JIT may compile them while weights are read.");
        _writer.Line($"public override Delegate[] Kernels() => [{string.Join(", ", names)}];");
    }

    private void WriteProperties()
    {
        _writer.Part();
        _writer.Line($"public override Isa Isa => Isa.{_tier.Name};");
        if (_programs.OtherWeights is { } other)
        {
            string program = TierWriter.ClassOf(_programs, other);
            Property("NetworkProgram", $"With({Storage} weights)",
                $"weights == {Storage}.{TierWriter.SuffixOf(other)} ? "
                + $"{(_sizes.Count > 1 ? $"{program}.OfSize({Number(_size)})" : $"new {program}()")} : base.With(weights)");
        }

        ParameterLayout parameters = _programs.Parameters;
        Property("int", "ParametersLength", Number(LengthOf(parameters)));
        PropertyOfSome("DerivedLength", size => size.Parameters.Length - size.Parameters.DerivedStart, 0, _sizes.Count > 1);
        if (AnySize(size => size.Parameters.TrainedLength < LengthOf(size.Parameters)))
        {
            Property("int", "TrainableLength", Number(parameters.TrainedLength));
        }

        Property("int", "SampleArenaLength", Number(_programs.Sample.Memory.Length));
        PropertyOfSome("ObservationArenaLength", size => size.Observed?.Memory.Length ?? 0, 0, AnySize(size => size.Observed is not null));
        PropertyOfSome("ScratchLength", size => size.ScratchLength, 0);
        bool hasBlock = AnySize(size => size.Block is not null);
        PropertyOfSome("BlockArenaLength", size => size.Block?.Memory.Length ?? 0, 0, hasBlock);
        PropertyOfSome("BlockThreshold", size => size.Block is null ? int.MaxValue : size.BlockThreshold, int.MaxValue, hasBlock);
        if (_programs.Training is { } training)
        {
            WriteProperties(training);
        }
    }

    /// <summary>The floats of the parameters. At several sizes, what is derived from them is elsewhere.</summary>
    private int LengthOf(ParameterLayout parameters) => _sizes.Count > 1 ? parameters.DerivedStart : parameters.Length;

    private void WriteProperties(TrainingProgram training)
    {
        Property("int", "TrainingArenaLength", Number(training.Arena.Length));
        PropertyOfSome("TrainingSampleLength", size => size.Training!.Sample.Length, 0);
        PropertyOfSome("SlotFrontLength", size => size.Training!.Slot.Length, 0);
        Property("int", "SummedParametersLength", Number(_programs.Parameters.SummedLength));
        PropertyOfSome("SharedLength", size => size.Training!.Shared.Length, 0);
        if (training.HasInputGradient)
        {
            Property("bool", "HasInputGradient", "true");
        }
    }

    private void WritePacking()
    {
        string other = TierWriter.SuffixOf(_programs.Weights);
        _writer.Part();
        _writer.Line();
        _writer.Line("// How parameters are packed: offset, length, axes; then each axis: dimensions with extents and strides."
            + (other.Length > 0 ? " Then the element type of some parameters, and their numbers." : ""));
        _writer.Line("public override IReadOnlyList<ParameterPacking> Packing { get; } = ParameterPacking.Read(");
        _writer.Line("[");
        foreach (PackedParameter parameter in _programs.Parameters.Parameters)
        {
            // Plain numbers become data of the assembly; objects would be code, and take the compiler longer than the kernels.
            IEnumerable<string> axes = parameter.Axes.Select(
                a => $", {Number(a.Count)}{string.Concat(a.Select(d => $", {Number(d.Extent)}, {Number(d.Stride)}"))}");
            string comment = _kernels.AreMany ? " // " + parameter.Key : "";
            _writer.Line(
                $"    {_memory.Parameters.At(parameter, 0).Text}, {Number(parameter.Length)}, "
                + $"{Number(parameter.Axes.Count)}{string.Concat(axes)},{comment}");
        }

        IEnumerable<string> others = _programs.Parameters.Parameters
            .Select((parameter, i) => (parameter, i)).Where(p => p.parameter.Element != ElementType.Float).Select(p => Number(p.i));
        _writer.Line(other.Length > 0 ? $"], {Storage}.{other}, [{string.Join(", ", others)}]);" : "]);");
    }

    private void WriteTensors(EquatableArray<LayerTensor> tensors)
    {
        _writer.Part();
        _writer.Line();
        _writer.Line("// Outputs after forward, to search for NaN. Length 0: overwritten since.");
        _writer.Line("public override IReadOnlyList<TrainingTensor> TrainingTensors =>");
        _writer.Line("[");
        foreach (LayerTensor tensor in tensors)
        {
            bool inSlot = tensor.Buffer.Space == MemorySpace.Slot, ofSample = tensor.Buffer.Space == MemorySpace.Sample;
            string place = tensor.IsLeft
                ? (inSlot ? _memory.Slot : ofSample ? _memory.TrainingSample : _memory.Training).At(tensor.Buffer, 0).Text + ", "
                    + Number(tensor.Buffer.Length) : "0, 0";
            string layer = QuotedText.Of(tensor.Layer),
                label = QuotedText.Of(tensor.Label);
            _writer.Line($"    new({layer}, {label}, {(inSlot ? "true" : "false")}, {place}){(ofSample ? " { IsOfSample = true }" : "")},");
        }

        _writer.Line("];");
    }

    private void Property(string type, string name, string value)
    {
        _writer.Part();
        _writer.Line();
        _writer.Line($"public override {type} {name} => {value};");
    }

    /// <summary>Writes a number, if some size has another one than the base class.</summary>
    /// <param name="without">The number of the base class.</param>
    /// <param name="isWritten">Whether to write it; null if it is known by the number.</param>
    private void PropertyOfSome(string name, Func<TierPrograms, int> number, int without, bool? isWritten = null)
    {
        if (isWritten ?? AnySize(size => number(size) != without))
        {
            Property("int", name, number(_programs) == int.MaxValue ? "int.MaxValue" : Number(number(_programs)));
        }
    }
}
