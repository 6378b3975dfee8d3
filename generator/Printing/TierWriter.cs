using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Generator.Declarations;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Kernels;
using Strata.Generator.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes the programs of one tier: a class that derives from the runtime's <c>NetworkProgram</c>.</summary>
internal sealed class TierWriter
{
    /// <summary>
    /// What kernels must not be called, though a layer may be: members of the program, and what the kernels' bodies refer to.
    /// </summary>
    public static readonly string[] ReservedNames =
    [
        "ParametersLength", "SampleArenaLength", "BlockArenaLength", "BlockThreshold", "TrainingArenaLength", "KeptLength",
        "SummedParametersLength", "WeightGradientParts", "HasInputGradient", "Packing", "Optimized", "InferSample", "InferBlock", "Forward",
        "Output", "LossOfOutputs",
        "Loss", "OutputGradient", "Backward", "WeightGradients", "Isa", "Simd", "Vector", "Bits", "Math", "MathF", "Unsafe", "Span",
        "T", "ReadOnlySpan", "MemoryMarshal", "MethodImpl", "MethodImplOptions", "StepContext", "NetworkProgram", "VectorMath", "SampleLanes", "RandomLanes",
        "ParameterPacking", "IReadOnlyList", "Sample", "Block", "Training", "Kept", "Shared", "Parameter", "Scalar", "BatchStatistics",
        "BlockSum", "LongSum", "TrainableLength", "SharedLength", "Derive", "ForwardPhases", "ForwardPhase", "CombineForward", "BackwardPhases", "BackwardPhase",
        "CombineBackward", "TrainingTensor", "TrainingTensors",
        "Observe", "ObserveSample", "Observed", "ObservationArenaLength",
        "DeriveSteps", "InferSampleSteps", "ObserveSampleSteps", "InferBlockSteps", "ForwardSteps", "ForwardStarts", "CombineForwardSteps",
        "CombineForwardStarts", "BackwardSteps", "BackwardStarts", "CombineBackwardSteps", "CombineBackwardStarts",
        "Avx512Program", "Avx2Program", "Vector128Program", "At", "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals",
    ];

    /// <summary>Characters of kernels in one file; a longer file would be slow in editors.</summary>
    private const int LongestKernels = 300_000;

    /// <summary>Characters of all kernels from which on a network is written more tersely: kernels serve several extents, steps are data.</summary>
    private const int LargeKernels = 100_000;

    /// <summary>The same for the steps of all programs: many more calls in one method would pass the JIT's limits, and not be optimised.</summary>
    private const int MostCalls = 200;

    private readonly TierPrograms _programs;
    private readonly Tier _tier;
    private readonly CancellationToken _cancellationToken;
    private readonly SourceWriter _writer = new();

    /// <summary>Names of the kernels that have been written, by their text: equal steps share one method.</summary>
    private readonly Dictionary<string, string> _kernels = [];
    private readonly Dictionary<Kernel, (KernelText Text, IReadOnlyList<int> Extents)> _texts = new(ReferenceComparer<Kernel>.Instance);
    private readonly HashSet<string> _names = [.. ReservedNames];
    private readonly List<string> _helpers = [];

    /// <summary>The kernels, in the order of their first use; a new writer for each file.</summary>
    private readonly List<SourceWriter> _files = [new(depth: 1)];
    private SourceWriter _methods;

    /// <summary>The steps of long programs.</summary>
    private readonly SourceWriter _tables = new(depth: 1);
    private readonly bool _isLarge;
    private readonly OffsetNames _sample, _observed, _block, _training, _kept, _sharedNames, _parameters;

    private TierWriter(TierPrograms programs, CancellationToken cancellationToken)
    {
        (_programs, _tier, _methods, _cancellationToken) = (programs, programs.Tier, _files[0], cancellationToken);
        var nests = new Dictionary<Kernel, Nest>();
        var literal = new Dictionary<Kernel, KernelText>();
        foreach (Kernel kernel in KernelsOf(programs).Where(k => !nests.ContainsKey(k)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            nests.Add(kernel, kernel.Build());
            literal.Add(kernel, KernelText.Of(Sharing.Resolve(nests[kernel])));
        }

        IGrouping<string, Kernel>[] distinct = [.. nests.Keys.GroupBy(kernel => literal[kernel].Key)];
        _isLarge = distinct.Sum(group => literal[group.First()].Body.Length) >= LargeKernels || StepsOf(programs).Count() > MostCalls;
        SharedNest[] shared = _isLarge ? Sharing.Of([.. distinct.Select(group => nests[group.First()])], cancellationToken) : [];
        var texts = new Dictionary<string, (KernelText Text, IReadOnlyList<int> Extents)>();
        var known = new Dictionary<Nest, KernelText>();
        for (int i = 0; i < distinct.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            KernelText text = literal[distinct[i].First()];
            if (_isLarge && !known.TryGetValue(shared[i].Nest, out text))
            {
                known.Add(shared[i].Nest, text = KernelText.Of(shared[i].Nest));
            }

            texts.Add(distinct[i].Key, (text, _isLarge ? shared[i].Extents : []));
        }

        foreach (Kernel kernel in KernelsOf(programs))
        {
            _texts[kernel] = texts[literal[kernel].Key];
        }

        MemoryPlan training = programs.Training?.Arena ?? MemoryPlan.Empty, kept = programs.Training?.Kept ?? MemoryPlan.Empty;
        _parameters = Named("Parameter", "Where parameters stand.", programs.Parameters);
        _sample = Named("Sample", "Tensors in the arena of one sample.", programs.Sample.Memory);
        _observed = Named("Observed", "Where tensors lie in the arena of one sample that is observed.", programs.Observed?.Memory);
        _block = Named("Block", "Tensors in the arena of a block.", programs.Block?.Memory);
        _training = Named("Training", "Tensors in the arena of a block's training pass.", training);
        _kept = Named("Kept", "Tensors that outlive the block's pass.", kept);
        _sharedNames = Named("Shared", "Where the batch's statistics lie.", programs.Training?.Shared);
    }

    private OffsetNames Named(string name, string summary, MemoryPlan? plan) => OffsetNames.Of(name, summary, plan ?? MemoryPlan.Empty, !_isLarge);

    private OffsetNames Named(string name, string summary, ParameterLayout layout) => OffsetNames.Of(name, summary, layout, !_isLarge);

    private static IEnumerable<Kernel> KernelsOf(TierPrograms programs) => StepsOf(programs).Select(s => s.Kernel)
        .Concat(programs.Training?.DenseGradients.Select(d => (Kernel)d.Kernel) ?? []);

    private static IEnumerable<Step> StepsOf(TierPrograms programs)
    {
        IEnumerable<Step> steps = programs.Derive.Concat(programs.Sample.Steps)
            .Concat(programs.Block?.Steps ?? EquatableArray<Step>.Empty).Concat(programs.Observed?.Steps ?? EquatableArray<Step>.Empty);
        if (programs.Training is { } training)
        {
            steps = steps.Concat(training.Forward).Concat(training.Output).Concat(training.OutputGradient).Concat(training.Backward);
            steps = training.Loss is { } loss ? steps.Concat(loss.Steps).Concat(loss.FromOutputs) : steps;
        }

        return steps;
    }

    /// <summary>The program, and behind it further files with kernels where one would be too long.</summary>
    public static IReadOnlyList<string> Write(NetworkTarget target, TierPrograms programs, CancellationToken cancellationToken) =>
        new TierWriter(programs, cancellationToken).Write(target);

    private void WriteHeader(SourceWriter writer, NetworkTarget target)
    {
        GeneratedHeader.Write(writer);
        writer.Line($"namespace {target.GeneratedNamespace};");
        writer.Line();
        foreach (string import in new[]
        {
            "System", "System.Collections.Generic", "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "System.Runtime.Intrinsics",
            "Strata.CompilerServices",
        })
        {
            writer.Line($"using global::{import};");
        }

        writer.Line("using Isa = global::Strata.Isa;");
        writer.Line($"using Simd = global::System.Runtime.Intrinsics.{_tier.Vector};");
        writer.Line($"using Vector = global::System.Runtime.Intrinsics.{_tier.Vector}<float>;");
        writer.Line($"using LongSum = global::Strata.CompilerServices.BlockSum{_tier.Lanes * 32};");
        writer.Line($"using Bits = global::System.{(_tier.Lanes == 16 ? "UInt16" : "Byte")};");
        writer.Line();
    }

    private List<string> Write(NetworkTarget target)
    {
        int bits = _tier.Lanes * 32;
        int kernels = _texts.Values.Select(t => t.Text.Key).Distinct().Count();
        WriteHeader(_writer, target);
        _writer.Line($"/// <summary>{target.PlainName} in vectors of {bits} bits, {Number(kernels)} kernels. A <c>Vector</c> holds {_tier.Lanes} floats; <c>Bits</c> has a bit for each of them.</summary>");
        _writer.Line(GeneratedHeader.Attribute);
        using (_writer.Block($"internal sealed partial class {_tier.Name}Program : NetworkProgram"))
        {
            _writer.Line("// Otherwise slow tier-0 code would run first.");
            _writer.Line("private const MethodImplOptions Optimized = MethodImplOptions.AggressiveOptimization;");
            _writer.Line();
            _writer.Line("private static ref T At<T>(ref T memory, int offset) => ref Unsafe.Add(ref memory, offset);");
            _writer.Line();
            WriteProperties();
            _writer.Line();
            if (_programs.Derive.Count > 0)
            {
                _writer.Line("// What is computed from the parameters, after they have changed.");
                using (_writer.Block("public override void Derive(ref float parameters)"))
                {
                    WriteSteps(_programs.Derive, "", _sample, "Derive");
                }

                _writer.Line();
            }

            _writer.Line("// One sample: lanes hold neighbouring pixels, or channels where they are many.");
            using (_writer.Block(
                "public override void InferSample(ref readonly float inputs, ref float output, ref readonly float weights, ref float arena)"))
            {
                _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
                WriteSteps(_programs.Sample.Steps, "", _sample, "InferSample");
            }

            if (_programs.Observed is { } observed)
            {
                _writer.Line();
                _writer.Line("// One sample, layer by layer, for those who want to see what is between them.");
                using (_writer.Block(
                    "public override void ObserveSample(ref readonly float inputs, ref float output, ref readonly float weights, ref float arena, ref float observations)"))
                {
                    _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
                    WriteSteps(observed.Steps, "", _observed, "ObserveSample");
                }
            }

            if (_programs.Block is { } block)
            {
                _writer.Line();
                _writer.Line($"// A block of up to {_tier.Lanes} samples: a lane for each.");
                using (_writer.Block(
                    "public override void InferBlock(ref readonly float inputs, int samples, ref float output, ref readonly float weights, ref float arena)"))
                {
                    _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
                    WriteSteps(block.Steps, "Block", _block, "InferBlock");
                }
            }

            if (_programs.Training is { } training)
            {
                WriteTraining(training);
            }

            if (_tables.Length > 0)
            {
                _writer.Line();
                _writer.Line("// The steps: a line for each, with the number of its call, and the call's numbers: where tensors lie, and extents.");
                _writer.Append(_tables);
            }

            _writer.Line();
            _writer.Line("// The kernels.");
            _writer.Append(_files[0]);
            foreach (string helper in _helpers)
            {
                _writer.Line();
                _writer.Lines(helper);
            }
        }

        List<string> files = [_writer.ToString()];
        foreach (SourceWriter more in _files.Skip(1))
        {
            var writer = new SourceWriter();
            WriteHeader(writer, target);
            writer.Line("// More kernels.");
            using (writer.Block($"partial class {_tier.Name}Program"))
            {
                writer.Append(more);
            }

            files.Add(writer.ToString());
        }

        return files;
    }

    private void WriteProperties()
    {
        _writer.Line($"public override Isa Isa => Isa.{_tier.Name};");
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

        if (_programs.Block is { } block)
        {
            Property("int", "BlockArenaLength", Number(block.Memory.Length));
            Property("int", "BlockThreshold", Number(_programs.BlockThreshold));
        }

        if (_programs.Training is { } training)
        {
            Property("int", "TrainingArenaLength", Number(training.Arena.Length));
            Property("int", "KeptLength", Number(training.Kept.Length));
            Property("int", "SummedParametersLength", Number(_programs.Parameters.SummedLength));
            Property("int", "WeightGradientParts", Number(training.DenseGradients.Sum(d => d.Parts)));
            if (IsPhased(training))
            {
                Property("int", "ForwardPhases", Number(Phases(training.Forward).Count));
                Property("int", "BackwardPhases", Number(Phases(training.Backward).Count));
                Property("int", "SharedLength", Number(training.Shared.Length));
            }

            if (training.HasInputGradient)
            {
                Property("bool", "HasInputGradient", "true");
            }
        }

        foreach (OffsetNames names in new[] { _parameters, _sample, _observed, _block, _training, _kept, _sharedNames })
        {
            names.Write(_writer);
        }

        _writer.Line();
        _writer.Line("// How parameters are packed: offset, length, axes; for each axis its digits, and their extents and strides.");
        _writer.Line("public override IReadOnlyList<ParameterPacking> Packing { get; } = ParameterPacking.Read(");
        _writer.Line("[");
        foreach (PackedParameter parameter in _programs.Parameters.Parameters)
        {
            // Plain numbers become data of the assembly; objects would be code, and take the compiler longer than the kernels.
            IEnumerable<string> axes = parameter.Axes.Select(
                a => $", {Number(a.Count)}{string.Concat(a.Select(d => $", {Number(d.Extent)}, {Number(d.Stride)}"))}");
            string comment = _isLarge ? " // " + parameter.Key : "";
            _writer.Line($"    {_parameters.At(parameter, 0).Text}, {Number(parameter.Length)}, {Number(parameter.Axes.Count)}{string.Concat(axes)},{comment}");
        }

        _writer.Line("]);");
        if (_programs.Training is { } trained)
        {
            WriteTensors(trained.Tensors);
        }
    }

    private void WriteTensors(EquatableArray<LayerTensor> tensors)
    {
        _writer.Line();
        _writer.Line("// Layers' outputs after forward, for the search for NaN. Length 0: overwritten since.");
        _writer.Line("public override IReadOnlyList<TrainingTensor> TrainingTensors { get; } =");
        _writer.Line("[");
        foreach (LayerTensor tensor in tensors)
        {
            bool kept = tensor.Buffer.Space == MemorySpace.Kept;
            string place = tensor.IsLeft ? (kept ? _kept : _training).At(tensor.Buffer, 0).Text + ", " + Number(tensor.Buffer.Length) : "0, 0";
            string layer = SymbolDisplay.FormatLiteral(tensor.Layer, quote: true), label = SymbolDisplay.FormatLiteral(tensor.Label, quote: true);
            _writer.Line($"    new({layer}, {label}, {(kept ? "true" : "false")}, {place}),");
        }

        _writer.Line("];");
    }

    private void Property(string type, string name, string value)
    {
        _writer.Line();
        _writer.Line($"public override {type} {name} => {value};");
    }

    /// <summary>The weighted sum of the losses is returned.</summary>
    private void WriteLoss(EquatableArray<Step> steps)
    {
        if (steps.Count == 0)
        {
            _writer.Line("// No output has a loss.");
            _writer.Line("return 0;");
            return;
        }

        Step last = steps[steps.Count - 1];
        if (steps.Count(s => s.LossWeight is not null) == 1 && last.LossWeight == 1)
        {
            WriteSteps(steps.Take(steps.Count - 1).ToEquatableArray(), "", _training);
            _writer.Line($"// {last.Comment}");
            _writer.Line($"return {Call(last, "", _training, "double")};");
            return;
        }

        _writer.Line("double loss = 0;");
        foreach (Step step in steps)
        {
            _writer.Line($"// {step.Comment}");
            string weight = step.LossWeight is { } factor and not 1 ? factor.ToString("R", System.Globalization.CultureInfo.InvariantCulture) + " * " : "";
            _writer.Line(step.LossWeight is null ? $"{Call(step, "", _training, "void")};" : $"loss += {weight}{Call(step, "", _training, "double")};");
        }

        _writer.Line("return loss;");
    }

    /// <summary>The targets under the names by which steps pass them on.</summary>
    private void WriteTargets(LossProgram loss)
    {
        if (loss.TakesClasses)
        {
            _writer.Line("ref int classes = ref Unsafe.AsRef(in expectedClasses);");
        }

        if (loss.TakesValues)
        {
            _writer.Line("ref float values = ref Unsafe.AsRef(in expectedValues);");
        }
    }

    private void WriteTraining(TrainingProgram training)
    {
        WriteForward(training);
        _writer.Line();
        using (_writer.Block("public override void Output(ref float arena, int samples, ref float output)"))
        {
            WriteSteps(training.Output, "", _training);
        }

        if (training.Loss is { } loss)
        {
            const string Targets = "ref readonly int expectedClasses, ref readonly float expectedValues";
            _writer.Line();
            using (_writer.Block($"public override double Loss({Targets}, int samples, ref float arena, in StepContext step)"))
            {
                WriteTargets(loss);
                WriteLoss(loss.Steps);
            }

            _writer.Line();
            using (_writer.Block(
                $"public override double LossOfOutputs(ref readonly float outputs, {Targets}, int samples, ref float arena, in StepContext step)"))
            {
                _writer.Line("ref float input = ref Unsafe.AsRef(in outputs);");
                WriteTargets(loss);
                WriteLoss(loss.FromOutputs);
            }
        }

        _writer.Line();
        using (_writer.Block("public override void OutputGradient(ref readonly float gradients, int samples, ref float arena)"))
        {
            _writer.Line("ref float gradient = ref Unsafe.AsRef(in gradients);");
            WriteSteps(training.OutputGradient, "", _training);
        }

        WriteBackward(training);
        WriteWeightGradients(training);
    }

    /// <summary>With batch norm, what stands between two combining steps is a phase, which all blocks go through before the next.</summary>
    private void WriteForward(TrainingProgram training)
    {
        _writer.Line();
        _writer.Line("// Training, one block: forward keeps what backward needs in the arena.");
        if (IsPhased(training))
        {
            _writer.Line("// Batch norm needs the statistics of the whole batch: all blocks end a phase before one of them begins the next.");
            WritePhases(
                "Forward", training.Forward, "Training", "ref readonly float inputs, int samples, ref readonly float weights, ", "in StepContext step",
                "ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights), shared = ref Unsafe.AsRef(in statistics);");
            return;
        }

        using (_writer.Block(
            "public override void Forward(ref readonly float inputs, int samples, ref readonly float weights, ref float arena, ref float kept, in StepContext step)"))
        {
            _writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
            WriteSteps(training.Forward, "Training", _training, "Forward");
        }
    }

    private void WriteBackward(TrainingProgram training)
    {
        _writer.Line();
        if (IsPhased(training))
        {
            WritePhases(
                "Backward", training.Backward, "", "int samples, ref readonly float weights, ", "ref float inputGradient, in StepContext step",
                "ref float parameters = ref Unsafe.AsRef(in weights), shared = ref Unsafe.AsRef(in statistics);");
            return;
        }

        using (_writer.Block(
            "public override void Backward(int samples, ref readonly float weights, ref float arena, ref float kept, ref float inputGradient, in StepContext step)"))
        {
            _writer.Line("ref float parameters = ref Unsafe.AsRef(in weights);");
            WriteSteps(training.Backward, "", _training, "Backward");
        }

    }

    private void WritePhases(string name, EquatableArray<Step> steps, string suffix, string before, string behind, string locals)
    {
        List<List<Step>> phases = Phases(steps);
        using (_writer.Block(
            $"public override void {name}Phase(int phase, {before}ref float arena, ref float kept, ref readonly float statistics, {behind})"))
        {
            _writer.Line(locals);
            WritePhases(name, phases.ConvertAll(p => p.FindAll(s => !s.Combines)), suffix);
        }

        if (phases.Count > 1)
        {
            _writer.Line();
            using (_writer.Block(
                $"public override void Combine{name}(int phase, ref readonly float slots, int keptStride, ref float parameters, ref float shared, in StepContext step)"))
            {
                _writer.Line("ref float kept = ref Unsafe.AsRef(in slots);");
                WritePhases("Combine" + name, phases.ConvertAll(p => p.FindAll(s => s.Combines)).GetRange(0, phases.Count - 1), "");
            }
        }
    }

    private void WritePhases(string name, List<List<Step>> phases, string suffix)
    {
        if (_isLarge)
        {
            WriteTable(name, phases, suffix, _training);
            return;
        }

        using (_writer.Block("switch (phase)"))
        {
            for (int i = 0; i < phases.Count; i++)
            {
                _writer.Line(i < phases.Count - 1 ? $"case {Number(i)}:" : "default:");
                foreach (Step step in phases[i])
                {
                    _writer.Line($"    // {step.Comment}");
                    _writer.Line($"    {Call(step, suffix, _training, "void")};");
                }

                _writer.Line("    break;");
            }
        }
    }

    private static bool IsPhased(TrainingProgram training) => training.Forward.Concat(training.Backward).Any(s => s.Combines);

    /// <summary>Steps up to a combining one, that included; the last phase has none.</summary>
    private static List<List<Step>> Phases(EquatableArray<Step> steps)
    {
        var phases = new List<List<Step>> { new() };
        foreach (Step step in steps)
        {
            phases[phases.Count - 1].Add(step);
            if (step.Combines)
            {
                phases.Add([]);
            }
        }

        return phases;
    }

    private void WriteWeightGradients(TrainingProgram training)
    {
        if (training.DenseGradients.Count > 0)
        {
            _writer.Line();
            _writer.Line("// Over the whole batch: no partial sums of large weights are kept.");
            using (_writer.Block(
                "public override void WeightGradients(int part, ref readonly float kept, int keptStride, int blocks, ref float gradients)"))
            {
                _writer.Line("ref float slots = ref Unsafe.AsRef(in kept);");
                int first = 0;
                foreach (DenseGradientStep step in training.DenseGradients)
                {
                    (string name, IReadOnlyList<int> extents) = Method(step.Name, "", step.Kernel, "void");
                    int parts = step.Parts, rows = step.RowsPerPart, inputs = step.Packing.Inputs;
                    string input = At("slots", _kept.At(step.Input.Root, step.Input.Origin));
                    string gradient = At("slots", _kept.At(step.Gradient.Root, 0));
                    string firstRow = "0", end = Number(inputs);
                    _writer.Line($"// {step.Comment}");
                    using (_writer.Block(parts == 1 ? $"if (part == {Number(first)})" : $"if (part >= {Number(first)} && part < {Number(first + parts)})"))
                    {
                        if (parts > 1)
                        {
                            _writer.Line($"int row = unchecked((part - {Number(first)}) * {Number(rows)});");
                            (firstRow, end) = ("row", $"Math.Min(unchecked(row + {Number(rows)}), {Number(inputs)})");
                        }

                        _writer.Line(
                            $"{name}({input}, {gradient}, keptStride, blocks, {At("gradients", ParameterAt(step.WeightOffset))}, "
                            + $"{firstRow}, {end}, {Number(inputs)}, {Number(step.Packing.Panels)}, {Number(step.Packing.PanelWidth)}{Extents(extents)});");
                    }

                    first += parts;
                }
            }
        }
    }

    /// <param name="name">The program's method, after which its data are called; none where there are few steps always.</param>
    private void WriteSteps(EquatableArray<Step> steps, string suffix, OffsetNames arena, string name = "")
    {
        if (_isLarge && name.Length > 0 && steps.Count > 0)
        {
            WriteTable(name, [[.. steps]], suffix, arena);
            return;
        }

        foreach (Step step in steps)
        {
            _writer.Line($"// {step.Comment}");
            _writer.Line($"{Call(step, suffix, arena, "void")};");
        }
    }

    private void WriteTable(string name, List<List<Step>> phases, string suffix, OffsetNames arena)
    {
        var table = new StepTable(name);
        foreach (List<Step> phase in phases)
        {
            foreach (Step step in phase)
            {
                var operands = new List<int>();
                table.Add(step.Comment, Call(step, suffix, arena, "void", operands), operands);
            }

            if (phases.Count > 1)
            {
                table.EndPhase();
            }
        }

        table.WriteLoop(_writer);
        _tables.Line();
        table.WriteData(_tables);
    }

    /// <param name="operands">Takes the numbers of the call, where it is to be read from a table.</param>
    private string Call(Step step, string suffix, OffsetNames arena, string result, List<int>? operands = null)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        string arguments = string.Join(", ", step.Arguments.Select(a => a switch
        {
            CallerArgument caller => caller.Offset == 0 ? $"ref {caller.Name}" : $"ref At(ref {caller.Name}, {Number(caller.Offset)})",
            PassedArgument passed => passed == PassedArgument.Step ? "in step" : passed.Name,
            LossStepArgument loss => $"step.Of({Number(loss.Loss)})",
            ExtentArgument number => Number(number.Value),
            ParameterArgument parameter => At("parameters", ParameterAt(parameter.Offset), operands),
            PartialGradientArgument partial => At("kept", ParameterAt(partial.Offset), operands),
            BufferArgument { Type: not "float" } typed => $"ref Unsafe.As<float, {typed.Type}>({Address(typed, arena, operands)})",
            _ => Address((BufferArgument)a, arena, operands),
        }));
        (string method, IReadOnlyList<int> extents) = Method(step.Name, suffix, step.Kernel, result);
        operands?.AddRange(extents);
        return $"{method}({arguments}{Extents(extents, operands is not null)})";
    }

    private static string Extents(IReadOnlyList<int> extents, bool fromTable = false) =>
        string.Concat(extents.Select(e => ", " + (fromTable ? StepTable.Next : Number(e))));

    private string Address(BufferArgument argument, OffsetNames arena, List<int>? operands) => argument.Buffer.Space switch
    {
        MemorySpace.Arena => At("arena", arena.At(argument.Buffer.Root, argument.Offset), operands),
        MemorySpace.Kept => At("kept", _kept.At(argument.Buffer.Root, argument.Offset), operands),
        _ => At("shared", _sharedNames.At(argument.Buffer.Root, argument.Offset), operands),
    };

    private static string At(string memory, Place place, List<int>? operands = null)
    {
        operands?.Add(place.Offset);
        string offset = operands is null ? place.Text : StepTable.Next;
        return offset == "0" ? $"ref {memory}" : $"ref At(ref {memory}, {offset})";
    }

    /// <summary>A place in the packed parameters, or in sums of gradients, which are laid out alike.</summary>
    private Place ParameterAt(int offset)
    {
        if (_isLarge || offset == 0)
        {
            return new Place(offset, Number(offset));
        }

        ParameterLayout layout = _programs.Parameters;
        bool Holds(int first, int length) => offset >= first && offset < first + length;
        if (layout.Parameters.FirstOrDefault(p => Holds(p.Offset, p.Length)) is { } parameter)
        {
            return _parameters.At(parameter, offset - parameter.Offset);
        }

        return layout.DerivedValues.FirstOrDefault(d => Holds(d.Offset, d.Length)) is { } derived
            ? _parameters.At(derived, offset - derived.Offset) : new Place(offset, Number(offset));
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int i = 2; !_names.Add(unique); i++)
        {
            unique = name + "_" + Number(i);
        }

        return unique;
    }

    /// <summary>An empty line, or a new file where this one is long enough.</summary>
    private void BeginMethod()
    {
        if (_methods.Length > LongestKernels)
        {
            _files.Add(_methods = new SourceWriter(depth: 1));
        }
        else
        {
            _methods.Line();
        }
    }

    /// <summary>The method of a kernel, which is written at its first use, and what it takes behind the kernel's own arguments.</summary>
    private (string Name, IReadOnlyList<int> Extents) Method(string name, string suffix, Kernel kernel, string result)
    {
        (KernelText text, IReadOnlyList<int> extents) = _texts[kernel];
        if (_kernels.TryGetValue(text.Key, out string known))
        {
            return (known, extents);
        }

        string unique = Unique(name + suffix);
        _kernels.Add(text.Key, unique);
        BeginMethod();
        _methods.Line($"// {kernel.Summary}.");
        _methods.Line($"[MethodImpl(Optimized)] static {result} {unique}({text.Parameters})");

        // Offsets cannot overflow, and are not to be checked for it where a project checks its own arithmetic.
        _methods.Line("{ unchecked {");
        _methods.Append(text.Body);
        _methods.Line("}}");

        foreach (string helper in text.Helpers)
        {
            if (!_helpers.Contains(helper))
            {
                _helpers.Add(helper);
            }
        }

        return (unique, extents);
    }
}
