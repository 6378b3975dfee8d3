using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Declarations;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes the programs of one tier: a class that derives from the runtime's <c>NetworkProgram</c>.</summary>
internal sealed class TierWriter
{
    private const string Storage = "global::Strata.WeightStorage";

    private readonly TierPrograms _programs;
    private readonly Tier _tier;
    private readonly SourceWriter _writer = new();
    private readonly KernelClass _kernels;
    private readonly ProgramMemory _memory;
    private readonly StepWriter _steps;

    private TierWriter(TierPrograms programs, CancellationToken cancellationToken)
    {
        (_programs, _tier) = (programs, programs.Tier);
        _kernels = KernelClass.Print(KernelMethods.Assign(programs, cancellationToken), cancellationToken);
        _memory = new ProgramMemory(programs, isNamed: !_kernels.AreMany);
        _steps = new StepWriter(_writer, _kernels, _memory, cancellationToken);
    }

    public static ProgramText Write(NetworkTarget target, TierPrograms programs, CancellationToken cancellationToken) =>
        new TierWriter(programs, cancellationToken).Write(target);

    /// <summary>The class of a tier's programs.</summary>
    private static string ClassOf(TierPrograms programs) => $"{programs.Tier.Name}{SuffixOf(programs.Weights)}Program";

    private void WriteHeader(SourceWriter writer, NetworkTarget target)
    {
        GeneratedHeader.Write(writer);
        writer.Line($"namespace {target.GeneratedNamespace};");
        writer.Line();
        foreach (string import in new[]
        {
            "System", "System.Collections.Generic", "System.Runtime.CompilerServices", "System.Runtime.InteropServices",
            "System.Runtime.Intrinsics",
            "Strata.CompilerServices",
        })
        {
            writer.Line($"using global::{import};");
        }

        writer.Line("using Isa = global::Strata.Isa;");
        writer.Line($"using Simd = global::System.Runtime.Intrinsics.Vector{_tier.Bits};");
        writer.Line($"using Vector = global::System.Runtime.Intrinsics.Vector{_tier.Bits}<float>;");
        writer.Line($"using IntVector = global::System.Runtime.Intrinsics.Vector{_tier.Bits}<int>;");
        writer.Line($"using UIntVector = global::System.Runtime.Intrinsics.Vector{_tier.Bits}<uint>;");
        string longSum = RuntimeApi.LongSum.NameFor(_tier.Bits);
        writer.Line($"using {FunctionText.NameOf(RuntimeApi.LongSum)} = global::Strata.CompilerServices.{longSum};");
        writer.Line($"using Bits = {(_tier.LaneBits.Bits == 16 ? "ushort" : "byte")};");

        // What ExtractMostSignificantBits returns.
        writer.Line($"using LaneBits = {(_tier.LaneBits.Bits == 16 ? "ulong" : "uint")};");
        if (SuffixOf(_programs.Weights) is { Length: > 0 } weights)
        {
            writer.Line($"using {weights} = global::Strata.CompilerServices.{weights}Vector{_tier.Bits};");
        }
    }

    /// <summary>The part of a program's name that says how it stores the weights of dense layers. Empty for floats.</summary>
    private static string SuffixOf(WeightStorage weights) => weights == WeightStorage.Float32 ? "" : weights.ToString();

    private ProgramText Write(NetworkTarget target)
    {
        var header = new SourceWriter();
        WriteHeader(header, target);
        string suffix = SuffixOf(_programs.Weights);
        string weights = suffix.Length == 0 ? "" : $", with the weights of dense layers in {suffix.ToLowerInvariant()}";
        _writer.Line(
            $"/// <summary>{target.PlainName} in vectors of {_tier.Bits} bits{weights}, {Number(_kernels.Methods.Count)} kernels. A "
            + $"<c>Vector</c> holds {_tier.Lanes} floats, <c>Bits</c> a bit for each.</summary>");
        _writer.Line(GeneratedHeader.Attribute);

        using (_writer.Block($"internal sealed partial class {ClassOf(_programs)} : NetworkProgram"))
        {
            WriteMembers();
        }

        string file = $"{target.FilePrefix}.{_tier.Name}{(suffix.Length == 0 ? "" : "." + suffix)}";
        return new ProgramText(
            file, target.PlainName, target.GeneratedNamespace, ClassOf(_programs), header.ToString(), _writer.ToString(),
            _kernels.Methods, _tier.Lanes, MayShare: _kernels.AreMany);
    }

    private void WriteMembers()
    {
        _writer.Line("private static ref T At<T>(ref T memory, int offset) => ref Unsafe.Add(ref memory, offset);");
        _writer.Line();
        WriteProperties();
        _memory.Write(_writer);
        WritePacking();
        if (_programs.Training is { } trained)
        {
            WriteTensors(trained.Tensors);
        }

        _writer.Line();
        WriteDerive();
        WritePreparation();
        WriteSample();
        WriteKernels();
        WriteObserved();
        WriteBlock();
        if (_programs.Training is { } training)
        {
            new TrainingWriter(_writer, _steps, _memory).Write(training, _programs.Parameters);
        }

        if (_steps.Tables.Length > 0)
        {
            _writer.Line();
            _writer.Line(
                "// The steps: a line for each, with the number of its call, and the call's numbers: where tensors lie, and extents.");
            _writer.Append(_steps.Tables);
        }
    }

    private void WriteDerive()
    {
        if (_programs.Derive.Count == 0)
        {
            return;
        }

        _writer.Line("// What is computed from the parameters, after they have changed.");
        using (_writer.Method("public override void Derive(ref float parameters)"))
        {
            _steps.Write(_programs.Derive, _memory.Sample, "Derive");
        }

        _writer.Line();
    }

    private void WritePreparation()
    {
        if (_programs.Prepare.Count == 0)
        {
            return;
        }

        _writer.Line("// Forms of parameters for inference, made before its first run after a change.");
        ScheduledStep[] schedule = [.. _programs.Prepare.Select(ScheduledStep.WithItems)];
        string items = string.Join(", ", schedule.Select(step => Number(step.Items)));
        _writer.Line($"public override ReadOnlySpan<int> PreparationItems => [{items}];");
        _writer.Line();
        using (_writer.Method("public override void PrepareInferenceStep(int step, int first, int end, ref float parameters)"))
        {
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

        _writer.Line();
        _writer.Line("// One sample, layer by layer, for those who want to see what is between them.");
        using (_writer.Method(
            "public override void ObserveSample(ref readonly float inputs, ref float output, ref readonly float weights, ref float "
            + "arena, ref float scratch, ref float observations)"))
        {
            _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
            _steps.Write(observed.Steps, _memory.Observed, "ObserveSample");
        }
    }

    private void WriteBlock()
    {
        if (_programs.Block is not { } block)
        {
            return;
        }

        _writer.Line();
        _writer.Line($"// A block of up to {_tier.Lanes} samples: a lane for each.");
        using (_writer.Method(
            "public override void InferBlock(ref readonly float inputs, int samples, ref float output, ref "
            + "readonly float weights, ref float arena)"))
        {
            _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
            _steps.Write(block.Steps, _memory.Block, "InferBlock");
        }
    }

    private void WriteSample()
    {
        const string Memory = "ref readonly float inputs, ref float output, ref readonly float weights, ref float arena, ref float scratch";
        Program program = _programs.Sample;
        ScheduledStep[] schedule = [.. program.Schedule];
        bool isInSteps = program.IsInSteps;
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

        using (_writer.Method(isInSteps
            ? $"public override void InferSampleStep(int step, int first, int end, {Memory})"
            : $"public override void InferSample({Memory})"))
        {
            _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
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
        if (together.Length == 0)
        {
            return;
        }

        _writer.Line($"public override int LeastBatch => {Number(SamplesTimesPanels.SamplesOf(_tier))};");
        _writer.Line();
        _writer.Line("// Steps for several samples at once, whose arenas are arenaStride floats apart.");
        using (_writer.Method(
            "public override bool InferBatchStep(int step, int first, int end, int samples, int arenaStride, ref "
            + "readonly float weights, ref float arena)"))
        {
            _writer.Line("ref float parameters = ref Unsafe.AsRef(in weights);");
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

    /// <summary>Writes the list of kernels that the JIT may compile before the first sample comes.</summary>
    private void WriteKernels()
    {
        IEnumerable<PrintedMethod> compiled = _programs.Prepare.Concat(_programs.Sample.Steps)
            .Select(step => _kernels[step.Kernel].Method)
            .SelectMany(kernel => kernel.AllCalls.Where(call => !call.IsInlined).Prepend(kernel));
        IEnumerable<string> names = compiled.Distinct().Select(method => PrintedMethod.InCalls(method.Name));
        _writer.Line();
        _writer.Line("// The kernels of one sample, in the order of their first use: the JIT may compile them while weights are read.");
        _writer.Line($"public override Delegate[] Kernels() => [{string.Join(", ", names)}];");
    }

    private void WriteProperties()
    {
        _writer.Line($"public override Isa Isa => Isa.{_tier.Name};");
        if (_programs.OtherWeights is { } other)
        {
            string suffix = SuffixOf(other);
            Property("NetworkProgram", $"With({Storage} weights)",
                $"weights == {Storage}.{suffix} ? new {_tier.Name}{suffix}Program() : base.With(weights)");
        }

        Property("int", "ParametersLength", Number(_programs.Parameters.Length));
        if (_programs.Parameters.TrainedLength < _programs.Parameters.Length)
        {
            Property("int", "TrainableLength", Number(_programs.Parameters.TrainedLength));
        }

        Property("int", "SampleArenaLength", Number(_programs.Sample.Memory.Length));
        if (_programs.Observed is { } observed)
        {
            Property("int", "ObservationArenaLength", Number(observed.Memory.Length));
        }

        if (_programs.ScratchLength > 0)
        {
            Property("int", "ScratchLength", Number(_programs.ScratchLength));
        }

        if (_programs.Block is { } block)
        {
            Property("int", "BlockArenaLength", Number(block.Memory.Length));
            Property("int", "BlockThreshold", Number(_programs.BlockThreshold));
        }

        if (_programs.Training is { } training)
        {
            WriteProperties(training);
        }
    }

    private void WriteProperties(TrainingProgram training)
    {
        Property("int", "TrainingArenaLength", Number(training.Arena.Length));
        if (training.Sample.Length > 0)
        {
            Property("int", "TrainingSampleLength", Number(training.Sample.Length));
        }

        if (training.Slot.Length > 0)
        {
            Property("int", "SlotFrontLength", Number(training.Slot.Length));
        }

        Property("int", "SummedParametersLength", Number(_programs.Parameters.SummedLength));
        if (training.Shared.Length > 0)
        {
            Property("int", "SharedLength", Number(training.Shared.Length));
        }

        if (training.HasInputGradient)
        {
            Property("bool", "HasInputGradient", "true");
        }
    }

    private void WritePacking()
    {
        string other = SuffixOf(_programs.Weights);
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
        _writer.Line();
        _writer.Line($"public override {type} {name} => {value};");
    }
}
