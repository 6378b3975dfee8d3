using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Training;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Enums that the generator and the runtime both declare have the same members. The generator reads the attributes' enums by their numbers,
/// and writes the runtime's by their names.
/// </summary>
public sealed class MirroredEnumTests
{
    private static readonly Type[] Runtimes = [.. typeof(CompiledNetwork).Assembly.GetTypes().Where(type => type.IsEnum && type.IsPublic)];

    private static readonly Type[] Generators = [.. typeof(NetworkGraph).Assembly.GetTypes().Where(type => type.IsEnum)];

    public static TheoryData<string> Mirrored() => [.. Runtimes.Select(type => type.Name).Intersect(Generators.Select(type => type.Name))];

    [Theory]
    [MemberData(nameof(Mirrored))]
    public void Both_sides_of_an_enum_have_the_same_names_and_values(string name) =>
        Assert.Equal(Members(Assert.Single(Runtimes, type => type.Name == name)),
            Members(Assert.Single(Generators, type => type.Name == name)));

    /// <summary>What an attribute takes, and what a description or a program of the generator's says.</summary>
    [Fact]
    public void Every_enum_that_passes_between_the_sides_is_declared_on_both()
    {
        IEnumerable<Type> taken = typeof(CompiledNetwork).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Attribute)))
            .SelectMany(type => type.GetProperties().Select(property => property.PropertyType)
                .Concat(type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
                    .Select(parameter => parameter.ParameterType)));
        IEnumerable<Type> told = new[]
            {
                typeof(NetworkInfo), typeof(LayerInfo), typeof(LossInfo), typeof(Strata.ParameterInfo), typeof(CompilerServices.ProfiledStep),
            }
            .SelectMany(type => type.GetProperties()).Select(property => property.PropertyType);
        Assert.Equal(
            taken.Concat(told).Where(type => type.IsEnum).Select(type => type.Name).Distinct().Order(StringComparer.Ordinal),
            Mirrored().Select(row => row.Data).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_tiers_are_the_runtimes() => Assert.Equal(
        IsaSelection.All.Select(isa => (isa.ToString(), IsaSelection.Name(isa), isa.Lanes(), IsaSelection.AheadOfTime(isa))),
        Tier.All.Select(tier => (tier.Name, tier.Setting, tier.Lanes, tier.AheadOfTime)));

    /// <summary>The name of a storage leads to the runtime's class that loads vectors of it.</summary>
    [Fact]
    public void Each_storage_of_weights_is_named_as_its_type_of_elements() => Assert.All(
        Enum.GetValues<Compiler.Graph.WeightStorage>(), storage => Assert.Equal($"{storage}", $"{storage.Element()}"));

    private static IEnumerable<(string, long)> Members(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, Convert.ToInt64(field.GetRawConstantValue(), null)));
}
