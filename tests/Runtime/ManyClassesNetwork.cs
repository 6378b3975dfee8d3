using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strata.CompilerServices;
using Strata.Training;

namespace Strata.Runtime.Tests;

/// <summary>
/// A network of one number x and any number of classes, of which the one with number x has the output w and the others 0. Its loss and its
/// gradients are 0.
/// </summary>
internal sealed class ManyClassesProgram(Isa isa, int classes) : NetworkProgram
{
    private const int Row = 16;

    private readonly int _lanes = isa.Lanes();

    public override Isa Isa => isa;

    public override int ParametersLength => Row;

    public override IReadOnlyList<ParameterPacking> Packing { get; } = [new(0, Row, [new PackedAxis((1, 1))])];

    public override int SampleArenaLength => 16;

    public override int TrainingArenaLength => _lanes;

    public override int SlotLength => Row;

    public override int SummedParametersLength => Row;

    public override void InferSample(ref readonly float input, ref float output, ref readonly float parameters,
        ref float arena, ref float scratch)
    {
        MemoryMarshal.CreateSpan(ref output, classes).Clear();
        Unsafe.Add(ref output, (int)input) = parameters;
    }

    protected override void Forward(
        ref readonly float input, int samples, ref readonly float parameters, ref float arena, ref float slot, in StepContext step)
    {
    }

    public override double Loss(ref readonly int classes, ref readonly float values, int samples, ref float arena, in StepContext step) =>
        step.Report(0);

    public override double LossOfOutputs(
        ref readonly float outputs, ref readonly int classes, ref readonly float values, int samples, ref float arena,
        in StepContext step) => step.Report(0);

    protected override void Backward(
        int samples, ref readonly float parameters, ref float arena, ref float slot, ref float inputGradient, in StepContext step) =>
        MemoryMarshal.CreateSpan(ref slot, Row).Clear();
}

/// <summary>The network around <see cref="ManyClassesProgram"/>.</summary>
internal sealed class ManyClassesNetwork(int classes) : CompiledNetwork(
    new NetworkInfo(
        "ManyClasses",
        [1],
        [classes],
        [new LayerInfo("dense1", "Dense", [classes], "", 1, 1)],
        [new ParameterInfo("dense1.weight", [1], Initializer.Ones, 1, 1)],
        [new LossInfo("CrossEntropy", TargetKind.Classes) { Tensor = "dense1", OutputOffset = 0, Classes = classes }]),
    isa => new ManyClassesProgram(isa, classes),
    new NetworkOptions { Threads = 1 });
