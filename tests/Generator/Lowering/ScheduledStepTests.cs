using System.Linq;
using System.Reflection;
using Strata.CompilerServices;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.Lowering;

/// <summary>The generator's description of a step is the one that the runtime reads.</summary>
public sealed class ScheduledStepTests
{
    [Fact]
    public void The_runtime_has_a_word_for_everything_that_the_generator_says_and_it_is_the_same() => Assert.Equal(
        typeof(StepInfo).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => (property.Name, property.PropertyType.Name)).Order(),
        typeof(ScheduledStep).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.Name is not (nameof(ScheduledStep.Steps) or nameof(ScheduledStep.TakesItems)
                or nameof(ScheduledStep.InferenceNumbers) or nameof(ScheduledStep.TrainingNumbers)))
            .Select(property => (property.Name, property.PropertyType.Name)).Order());
}
