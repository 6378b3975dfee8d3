using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using static Strata.Generator.Printing.Literals;

namespace Strata.Generator.Printing;

/// <summary>Writes how a network is trained: the passes of a block, losses, and weight gradients over the whole batch.</summary>
/// <param name="sizes">The training of all sizes of the network. They have the same members.</param>
internal sealed class TrainingWriter(
    SourceWriter writer, StepWriter steps, ProgramMemory memory, IReadOnlyList<TrainingProgram> sizes)
{
    /// <summary>Writes the members of a program that trains.</summary>
    public void Write(TrainingProgram training, ParameterLayout parameters)
    {
        WriteSteps(training, parameters);
        writer.Part();
        writer.Line();
        using (writer.Method("public override void Output(ref float arena, int samples, ref float output)"))
        {
            steps.Write(training.Output, memory.Training);
        }

        if (training.Loss is { } loss)
        {
            const string Targets = "ref readonly int expectedClasses, ref readonly float expectedValues";
            IEnumerable<string> gradients = loss.Gradients.Select(g => $"{memory.Training.At(g.Root, g.Start).Text}, {Number(g.Length)}");
            writer.Part();
            writer.Line();
            writer.Line($"public override ReadOnlySpan<int> LossGradients => [{string.Join(", ", gradients)}];");
            writer.Part();
            writer.Line();
            using (writer.Method($"public override double Loss({Targets}, int samples, ref float arena, in StepContext step)"))
            {
                WriteTargets(loss);
                WriteLoss(loss.Steps);
            }

            writer.Part();
            writer.Line();
            using (writer.Method(
                $"public override double LossOfOutputs(ref readonly float outputs, {Targets}, int samples, ref float "
                + "arena, in StepContext step)"))
            {
                writer.Line("ref float input = ref Unsafe.AsRef(in outputs);");
                WriteTargets(loss);
                WriteLoss(loss.FromOutputs);
            }
        }

        writer.Part();
        writer.Line();
        using (writer.Method("public override void OutputGradient(ref readonly float gradients, int samples, ref float arena)"))
        {
            writer.Line("ref float gradient = ref Unsafe.AsRef(in gradients);");
            steps.Write(training.OutputGradient, memory.Training);
        }

        WriteWeightGradients(training);
    }

    /// <summary>Writes the steps of a loss. The method returns the weighted sum of the losses.</summary>
    private void WriteLoss(EquatableArray<Step> program)
    {
        if (program.Count == 0)
        {
            writer.Line("// No output has a loss.");
            writer.Line("return 0;");
            return;
        }

        Step last = program[program.Count - 1];
        if (program.Count(step => step.LossWeight is not null) == 1 && last.LossWeight == 1)
        {
            steps.Write([.. program.Take(program.Count - 1)], memory.Training);
            writer.Line($"// {last.Comment}");
            writer.Line($"return {steps.Call(last, memory.Training)};");
            return;
        }

        writer.Line("double loss = 0;");
        foreach (Step step in program)
        {
            writer.Line($"// {step.Comment}");
            string weight = step.LossWeight is { } factor and not 1 ? factor.ToString("R", CultureInfo.InvariantCulture) + " * " : "";
            writer.Line($"{(step.LossWeight is null ? "" : "loss += ")}{weight}{steps.Call(step, memory.Training)};");
        }

        writer.Line("return loss;");
    }

    /// <summary>Gives the targets the names that steps pass to their kernels.</summary>
    private void WriteTargets(LossProgram loss)
    {
        if (loss.TakesClasses)
        {
            writer.Line("ref int classes = ref Unsafe.AsRef(in expectedClasses);");
        }

        if (loss.TakesValues)
        {
            writer.Line("ref float values = ref Unsafe.AsRef(in expectedValues);");
        }
    }

    private void WriteSteps(TrainingProgram training, ParameterLayout parameters)
    {
        writer.Part();
        writer.Line();
        if (!sizes.Any(size => size.IsInSteps))
        {
            WriteWhole(training);
            return;
        }

        List<ScheduledStep> schedule = [.. training.ForwardSchedule, .. training.BackwardSchedule];

        writer.Line("// Training, one block. Each step has three numbers: its items; the fewest that are worth starting a thread for;");
        writer.Line("// what it is done for: 0 the block, 1 each sample of the block, 2 the whole batch. A step for the batch, such as");
        writer.Line("// batch norm's statistics, begins when all blocks have ended the steps before it.");
        IEnumerable<string> numbers = schedule.WithCancellation().Select(
            step => string.Join(", ", step.TrainingNumbers.Select(Number)));
        writer.Line($"protected override ReadOnlySpan<int> TrainingSchedule => [{string.Join(",  ", numbers)}];");
        writer.Part();
        writer.Line();
        writer.Line("// The steps after which each parameter's gradient is complete; -1 for none.");
        IEnumerable<string> completed = training.GradientSteps(parameters).Select(Number);
        writer.Line($"public override ReadOnlySpan<int> GradientSteps => [{string.Join(", ", completed)}];");
        writer.Part();
        writer.Line();
        if (sizes.Any(size => size.GoesBySample))
        {
            writer.Line("// Several steps in a row are done for one sample before the next, whose tensors are then in the cache.");
            writer.Line($"public override bool GoesBySample => {(training.GoesBySample ? "true" : "false")};");
            writer.Part();
            writer.Line();
        }

        if (training.IsProfiled)
        {
            WriteProfile(training);
        }

        writer.Part();
        writer.Line($"public override int ForwardSteps => {Number(training.ForwardSchedule.Count)};");
        writer.Part();
        writer.Line();
        writer.Line("// Forward keeps what backward needs in the arena.");
        using (writer.Method(
            "public override void TrainStep(int index, int first, int end, ref readonly float inputs, int samples, ref float "
            + "parameters, ref float arena, ref float slot, "
            + "int slotStride, ref float shared, ref float sample, ref float scratch, ref float inputGradient, in StepContext step)"))
        {
            writer.Line("ref float input = ref Unsafe.AsRef(in inputs);");
            steps.WriteDerived();
            steps.WriteSchedule("Train", schedule, memory.Training, "index");
        }
    }

    private void WriteProfile(TrainingProgram training)
    {
        writer.Line(
            "// What Trainer.Profile tells of each step, and of the weight gradients over the whole batch: layers, what is computed, and "
            + "the floats that are read and written for each sample, each block, and the batch.");
        writer.Line("public override IReadOnlyList<ProfiledStep> ProfiledSteps =>");
        writer.Line("[");
        foreach (ProfiledWork work in training.Profile)
        {
            writer.Line(
                $"    new({QuotedText.Of(work.Layer)}, ProfiledPhase.{work.Phase}, {Number(work.Floats.Sample)}, "
                + $"{Number(work.Floats.Block)}, {Number(work.Floats.Batch)}){(work.IsOfBatch ? " { IsOfBatch = true }" : "")},");
        }

        writer.Line("];");
        writer.Line();
    }

    private void WriteWhole(TrainingProgram training)
    {
        writer.Line("// Training, one block: forward keeps what backward needs in the arena.");
        using (writer.Method(
            "protected override void Forward(ref readonly float inputs, int samples, ref readonly float weights, ref float "
            + "arena, ref float slot, in StepContext step)"))
        {
            writer.Line("ref float input = ref Unsafe.AsRef(in inputs), parameters = ref Unsafe.AsRef(in weights);");
            steps.WriteDerived();
            steps.Write(training.Forward, memory.Training, "Forward");
        }

        writer.Part();
        writer.Line();
        using (writer.Method(
            "protected override void Backward(int samples, ref readonly float weights, ref float arena, ref float slot, ref "
            + "float inputGradient, in StepContext step)"))
        {
            writer.Line("ref float parameters = ref Unsafe.AsRef(in weights);");
            steps.WriteDerived();
            steps.Write(training.Backward, memory.Training, "Backward");
        }
    }

    /// <summary>
    /// Writes where the weight gradients of dense layers read their factors, and a method that computes some rows of one. The runtime
    /// divides the rows among threads.
    /// </summary>
    private void WriteWeightGradients(TrainingProgram training)
    {
        if (training.DenseGradients.Count == 0)
        {
            return;
        }

        writer.Part();
        writer.Line();
        writer.Line(
            "// Weight gradients over the whole batch, without partial sums: inputs and output's gradient in a slot, weights, "
            + "inputs, panels, their width, rows of a slice.");
        writer.Line("public override IReadOnlyList<DenseGradient> DenseGradients =>");
        writer.Line("[");
        foreach (DenseGradientStep step in training.DenseGradients)
        {
            DensePacking packing = step.Packing;
            writer.Line($"    // {step.Comment}");
            writer.Line(
                $"    new({memory.Slot.At(step.Input.Root, step.Input.Origin).Text}, {memory.Slot.At(step.Gradient.Root, 0).Text}, "
                + $"{memory.AddressOf(step.WeightOffset).Text}, "
                + $"{Number(packing.Inputs)}, {Number(packing.Panels)}, {Number(packing.PanelWidth)}, {Number(step.RowsPerSlice)}),");
        }

        writer.Line("];");
        writer.Part();
        writer.Line();
        string[] calls = [.. training.DenseGradients.Select(step => CallOf(step.Kernel))];
        const string Method =
            "public override void WeightGradient(int layer, ref float input, ref float gradient, int slotStride, int samples, "
            + "ref float weightGradient, int rows, int panelWidth, int width)";
        if (calls.Distinct().Count() == 1)
        {
            writer.Line($"[MethodImpl({KernelClass.Once})]");
            writer.Line($"{Method} => {calls[0]};");
            return;
        }

        using (writer.Method(Method))
        using (writer.Block("switch (layer)"))
        {
            foreach (IGrouping<string, int> layers in Enumerable.Range(0, calls.Length).GroupBy(layer => calls[layer]))
            {
                writer.Line($"case {string.Join(" or ", layers.Select(Number))}: {layers.Key}; break;");
            }
        }
    }

    private string CallOf(Kernel kernel)
    {
        (string name, string extents) = steps.MethodOf(kernel);
        return $"{name}(ref input, ref gradient, slotStride, samples, ref weightGradient, rows, panelWidth, width{extents})";
    }
}
