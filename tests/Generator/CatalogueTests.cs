using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Attributes are the public face of the catalogue: both have the same operators, arguments and defaults.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Kinds() => [.. OperatorSet.BuiltIn.All.Select(one => one.Kind)];

    [Fact]
    public void Each_attribute_of_a_stack_has_an_operator()
    {
        Type[] bases = [typeof(LayerAttribute), typeof(LossAttribute), typeof(StructureAttribute), typeof(InputAttribute)];
        IEnumerable<string> attributes = typeof(LayerAttribute).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && bases.Any(one => one.IsAssignableFrom(type))).Select(type => type.FullName!);
        Assert.Equal(
            attributes.Order(StringComparer.Ordinal), OperatorSet.BuiltIn.All.Select(one => one.Type).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_without_a_name_is_a_parameter_of_the_constructors(string kind)
    {
        Operator known = OperatorSet.FindBuiltIn(kind)!;
        ConstructorInfo[] constructors = TypeOf(known).GetConstructors();
        System.Reflection.ParameterInfo[] parameters =
            [.. constructors.SelectMany(constructor => constructor.GetParameters()).DistinctBy(parameter => parameter.Name)];
        ArgumentSpec[] positional = [.. known.Arguments.Where(argument => argument.IsPositional)];
        Assert.Equal(
            parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            positional.Select(argument => argument.Name).Order(StringComparer.Ordinal));
        if (constructors.Length == 1)
        {
            Assert.Equal(parameters.Select(parameter => parameter.Name), positional.Select(argument => argument.Name));
        }

        foreach (ArgumentSpec argument in positional)
        {
            System.Reflection.ParameterInfo parameter = parameters.Single(parameter => parameter.Name == argument.Name);
            Assert.Equal(TextOf(parameter.ParameterType), TextOf(argument.Type));
            bool isAlways = constructors.All(constructor => constructor.GetParameters()
                .Any(one => one.Name == argument.Name && !one.HasDefaultValue && !one.IsDefined(typeof(ParamArrayAttribute))));
            Assert.Equal(isAlways ? ArgumentForm.Required : ArgumentForm.Optional, argument.Form);
            if (parameter.HasDefaultValue)
            {
                Assert.Equal(parameter.DefaultValue, argument.Default);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_with_its_name_is_a_property_of_the_attribute(string kind)
    {
        Operator known = OperatorSet.FindBuiltIn(kind)!;
        Type attribute = TypeOf(known);
        ArgumentSpec[] named = [.. known.Arguments.Where(argument => !argument.IsPositional)];
        IReadOnlyList<ArgumentSpec> common = typeof(LayerAttribute).IsAssignableFrom(attribute) ? CommonArguments.OfLayers
            : typeof(LossAttribute).IsAssignableFrom(attribute) ? CommonArguments.OfLosses : [];
        PropertyInfo[] properties = [.. attribute.GetProperties().Where(property => property.CanWrite && property.Name != "Repeat")];
        string[] others = known is Input ? ["Name"] : known is Output ? ["From"] : [];
        Assert.Equal(
            properties.Select(property => property.Name).Order(StringComparer.Ordinal),
            named.Concat(common).Select(argument => argument.Name).Concat(others).Order(StringComparer.Ordinal));
        object instance = Create(attribute);
        Assert.All(named.Concat(common), argument =>
        {
            PropertyInfo property = properties.Single(property => property.Name == argument.Name);
            Assert.Equal(TextOf(property.PropertyType), TextOf(argument.Type));
            object? written = property.GetValue(instance);
            Assert.Equal(written is Enum ? Convert.ToInt32(written, null) : written, argument.Default switch
            {
                Enum value => Convert.ToInt32(value, null),
                "" or EquatableArray<double> { Count: 0 } or EquatableArray<int> { Count: 0 } => null,
                var value => value,
            });
        });
    }

    /// <summary>The arguments that no signature has.</summary>
    [Theory]
    [InlineData("Conv2D(4, 1), CrossEntropy", "Conv2D(4, 1), CrossEntropy(Weight = {0})", typeof(CrossEntropyAttribute), "Weight")]
    [InlineData("Two, CrossEntropy", "Two(Repeat = {0}), CrossEntropy", typeof(SomeBlockAttribute), "Repeat")]
    [InlineData("Shortcut(8), CrossEntropy", "Shortcut(8, Stride = {0}), CrossEntropy", typeof(ShortcutAttribute), "Stride")]
    public void An_argument_of_the_stack_that_is_set_to_its_default_changes_nothing(
        string without, string with, Type attribute, string argument)
    {
        object value = attribute.GetProperty(argument)!.GetValue(Create(attribute))!;
        NetworkGraph expected = GraphOf(without), actual = GraphOf(string.Format(null, with, value));
        Assert.Equal(expected, actual);
        Assert.NotEqual(expected, GraphOf(string.Format(null, with, 2)));

        static NetworkGraph GraphOf(string stack)
        {
            NetworkGraph graph = Graphs.ModelOf(
                "using Strata;\n[Conv2D(4, 3, Padding = 1), ReLU] sealed class TwoAttribute : BlockAttribute;\n"
                + $"[Network, Input(4, 8, 8), {stack}] partial class Net;").Graph!;
            return graph with { Nodes = graph.Nodes.Select(node => node with { Arguments = "" }).ToEquatableArray() };
        }
    }

    private static Type TypeOf(Operator known) => typeof(LayerAttribute).Assembly.GetType(known.Type, throwOnError: true)!;

    /// <summary>A type's name; both sides have enums of the same names.</summary>
    private static string TextOf(Type type) => type == typeof(EquatableArray<double>) ? "Double[]"
        : type == typeof(EquatableArray<int>) ? "Int32[]"
        : type == typeof(EquatableArray<string>) ? "String[]" : type == typeof(Type) ? "String" : type.Name;

    private static object Create(Type attribute)
    {
        ConstructorInfo constructor = attribute.GetConstructors()[0];
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.ParameterType switch
        {
            var type when type.IsArray => Array.CreateInstance(type.GetElementType()!, 1),
            var type when type.IsValueType => Activator.CreateInstance(type),
            var type => type == typeof(Type) ? typeof(CompiledNetwork) : "a",
        })]);
    }

    private sealed class SomeBlockAttribute : BlockAttribute;
}
