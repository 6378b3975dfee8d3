using System.Linq;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Schedules are plain numbers in generated code. The runtime decodes them into records once.</summary>
public class StepInfoTests
{
    [Fact]
    public void A_step_of_inference_has_five_numbers()
    {
        var expected = new[]
        {
            new StepInfo(Items: 33, LeastItems: 2) { Run = 4, StageSteps = 3, BatchItems = 8 },
            new StepInfo(Items: 1, LeastItems: 1),
        };
        Assert.Equal(expected, StepInfo.OfSample([33, 2, 4, 3, 8, 1, 1, 1, 1, 0]));
        Assert.Empty(StepInfo.OfSample([]));
    }

    [Fact]
    public void A_step_of_training_has_three_numbers()
    {
        var expected = new[]
        {
            new StepInfo(Items: 8, LeastItems: 2), new StepInfo(Items: 5, LeastItems: 1) { IsOfSample = true },
            new StepInfo(Items: 1, LeastItems: 1) { Combines = true },
        };
        Assert.Equal(expected, StepInfo.OfTraining([8, 2, 0, 5, 1, 1, 1, 1, 2]));
    }

    [Fact]
    public void A_program_decodes_its_schedules_once()
    {
        var program = new MovingProgram(Isa.Vector128, phased: true);
        Assert.Same(program.TrainingSteps, program.TrainingSteps);
        Assert.Same(program.SampleSteps, program.SampleSteps);
        Assert.Equal([false, true, false, false], program.TrainingSteps.Select(step => step.Combines));
    }

    [Fact]
    public void A_program_without_a_schedule_trains_in_two_steps() => Assert.Equal(
        [new StepInfo(1, 1), new StepInfo(1, 1)], new MovingProgram(Isa.Vector128, phased: false).TrainingSteps);
}
