using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Strata.Compiler.Foundation;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// The default of an argument stands twice: in the attribute, where users and their editors read it, and in the operator's binding, which
/// the compiler uses. These tests hold the two together.
/// </summary>
public sealed class ArgumentDefaultTests
{
    /// <summary>The arguments that a stack reads for all layers or losses, and no binding.</summary>
    private static readonly string[] OfTheStack = ["From", "Frozen", "Name", "Target", "Weight"];

    public static TheoryData<string> Kinds() => [.. OperatorSet.BuiltIn.All
        .Where(one => one is LayerOperator or LossOperator).Select(one => one.Kind)];

    /// <summary>
    /// Where an argument is left out, the definition is the same as if its default had been written. There is one exception: an argument
    /// can stand in for another one, as <c>Dilation</c> does for <c>DilationHeight</c>. Then the attribute's own value is 0.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_argument_that_is_left_out_has_the_value_that_the_attribute_says(string kind)
    {
        Operator used = OperatorSet.FindBuiltIn(kind)!;
        foreach (ConstructorInfo constructor in TypeOf(used).GetConstructors())
        {
            Dictionary<string, object> required = constructor.GetParameters().Where(parameter => !parameter.HasDefaultValue)
                .ToDictionary(parameter => parameter.Name!, parameter => Sample(parameter.ParameterType));
            Dictionary<string, object?> leftOut = Values(used, required);
            List<Optional> optional = OptionalOf(constructor);
            foreach (Optional argument in optional)
            {
                string[] governed = Changed(leftOut, Values(used, With(required, argument.Name, Other(argument))));
                Assert.Equal(OfTheStack.Contains(argument.Name), governed.Length == 0);
                if (argument.Default is { } written && Changed(leftOut, Values(used, With(required, argument.Name, written))).Length > 0)
                {
                    IEnumerable<Dictionary<string, object>> others = optional.Where(other => other != argument)
                        .Select(other => With(required, other.Name, Other(other)))
                        .Concat(required.Select(other => With(required, other.Key, other.Value is int ? 9 : 9.5)));
                    Assert.True(
                        written is 0 or 0.0 && others.Any(other => !governed.Except(Changed(leftOut, Values(used, other))).Any()),
                        $"{argument.Name} of {kind}: the attribute says {written}, and the binding takes "
                        + string.Join(", ", governed.Select(place => $"{place} = {leftOut[place]}")));
                }
            }
        }
    }

    /// <summary>The arguments that no binding reads.</summary>
    [Theory]
    [InlineData("Conv2D(4, 1), CrossEntropy", "Conv2D(4, 1), CrossEntropy(Weight = {0})", typeof(CrossEntropyAttribute), "Weight")]
    [InlineData("Two, CrossEntropy", "Two(Repeat = {0}), CrossEntropy", typeof(SomeBlockAttribute), "Repeat")]
    [InlineData("Shortcut(8), CrossEntropy", "Shortcut(8, Stride = {0}), CrossEntropy", typeof(ShortcutAttribute), "Stride")]
    public void An_argument_of_the_stack_that_is_set_to_its_default_changes_nothing(
        string without, string with, Type attribute, string argument)
    {
        object value = attribute.GetProperty(argument)!.GetValue(Create(attribute.GetConstructors()[0]))!;
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

    private static Type TypeOf(Operator used) => typeof(CompiledNetwork).Assembly.GetType(used.Type, throwOnError: true)!;

    private static List<Optional> OptionalOf(ConstructorInfo constructor)
    {
        object attribute = Create(constructor);
        return
        [
            .. constructor.GetParameters().Where(parameter => parameter.HasDefaultValue)
                .Select(parameter => new Optional(parameter.Name!, parameter.ParameterType, Plain(parameter.DefaultValue))),
            .. constructor.DeclaringType!.GetProperties().Where(property => property.CanWrite)
                .Select(property => new Optional(property.Name, property.PropertyType, Plain(property.GetValue(attribute)))),
        ];
    }

    private static object Create(ConstructorInfo constructor) => constructor.Invoke(
        [.. constructor.GetParameters().Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType.IsArray ? Array.CreateInstance(parameter.ParameterType.GetElementType()!, 1)
            : parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, Sample(parameter.ParameterType))
            : Sample(parameter.ParameterType))]);

    /// <summary>A value as a declaration holds it: enums are their numbers.</summary>
    private static object? Plain(object? value) => value is Enum ? Convert.ToInt32(value, null) : value;

    private static object Sample(Type type) => type == typeof(string) ? "a"
        : type == typeof(string[]) ? EquatableArray.Of("a")
        : type == typeof(double[]) ? EquatableArray.Of(0.25)
        : type == typeof(double) ? 3.5
        : type == typeof(bool) ? true
        : type.IsEnum || type == typeof(int) ? (object)3
        : throw new NotSupportedException($"{type} is not the type of an argument.");

    /// <summary>A value that is not the argument's default.</summary>
    private static object Other(Optional argument) => argument.Default switch
    {
        bool on => !on,
        int number => argument.Type.IsEnum ? 1 - number : number + 7,
        double number => double.IsInfinity(number) ? 0.25 : number + 0.25,
        _ => Sample(argument.Type),
    };

    private static Dictionary<string, object> With(Dictionary<string, object> arguments, string name, object value) =>
        new(arguments) { [name] = value };

    private static string[] Changed(Dictionary<string, object?> values, Dictionary<string, object?> others) =>
        [.. values.Keys.Union(others.Keys).Where(place => !Equals(values.GetValueOrDefault(place), others.GetValueOrDefault(place)))];

    /// <summary>The numbers of the definition that an operator's binding makes of an attribute, by their places.</summary>
    private static Dictionary<string, object?> Values(Operator used, Dictionary<string, object> arguments)
    {
        var written = new AttributeArguments(new AttributeDeclaration(
            used.Type, arguments.Select(one => new AttributeArgument(one.Key, one.Value)).ToEquatableArray()));
        var values = new Dictionary<string, object?>();
        Add("", used is LayerOperator layer ? layer.Bind(written) : ((LossOperator)used).Bind(written));
        return values;

        void Add(string place, object? value)
        {
            if (value is IEnumerable list and not string)
            {
                foreach ((int i, object? item) in list.Cast<object?>().Index())
                {
                    Add($"{place}[{i}]", item);
                }
            }
            else if (value is not (null or Enum) && value.GetType().Namespace == typeof(Operator).Namespace)
            {
                AddMembers(place, value);
            }
            else
            {
                values.Add(place, value);
            }
        }

        void AddMembers(string place, object record)
        {
            // An argument is its value. An optional argument repeats one of the others, for messages.
            bool isArgument = record.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Argument<>);
            foreach (PropertyInfo member in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(member => (isArgument ? member.Name == "Value" : member.GetIndexParameters().Length == 0)
                    && Nullable.GetUnderlyingType(member.PropertyType) is null))
            {
                Add($"{place}.{member.Name}", member.GetValue(record));
            }
        }
    }

    /// <summary>An argument that can be left out, and its default in the attribute.</summary>
    private sealed record Optional(string Name, Type Type, object? Default);

    private sealed class SomeBlockAttribute : BlockAttribute;
}
