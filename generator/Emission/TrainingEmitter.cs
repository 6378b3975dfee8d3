using System.Linq;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>Writes the methods of training.</summary>
internal static class TrainingEmitter
{
    /// <summary>Writes the methods of a program.</summary>
    /// <param name="type">Gets the methods, and is complete then.</param>
    public static TrainingFacts Write(
        MethodClass type, KernelEmitter kernels, TrainingProgram program, Lowering.ParameterLayout parameters)
    {
        var memory = new StepMemory(program.Arena, program.Slot, program.Shared, program.Sample, program.Scratch)
        {
            SampleStride = program.Sample.Length,
            DerivedStart = parameters.DerivedStart,
        };
        var emitter = new StepEmitter(type, kernels, memory);
        emitter.EmitSchedule<TrainingStep>(TrainingMethods.StepStem, program.ForwardSchedule.Concat(program.BackwardSchedule));
        emitter.Emit<OutputPass>(nameof(TrainingMethods.Output), program.Output);
        emitter.Emit<OutputGradientPass>(nameof(TrainingMethods.OutputGradient), program.OutputGradient);
        if (program.Loss is { } loss)
        {
            emitter.EmitLoss<LossPass>(nameof(TrainingMethods.Loss), loss.Steps);
            emitter.EmitLoss<OutputLossPass>(nameof(TrainingMethods.LossOfOutputs), loss.FromOutputs);
        }

        foreach ((DenseGradientStep step, string name) in
            program.DenseGradients.Zip(MethodTable.Numbered(TrainingMethods.WeightGradientStem)))
        {
            emitter.EmitCall<WeightGradientPass>(name, step.Kernel);
        }

        type.Complete();
        return EmittedFacts.Of(program, parameters, memory);
    }
}
