using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.CompilerServices;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Generator.Printing;
using Xunit;
using ElementType = Strata.Compiler.KernelLanguage.ElementType;
using KernelFunctions = Strata.Compiler.KernelLanguage.Functions;
using Pointer = Strata.Compiler.KernelLanguage.Pointer;

namespace Strata.Generator.Tests;

/// <summary>
/// <c>RuntimeApi</c> is the only table that names members of the runtime, and its entries are as the members are. C# text is in
/// <c>Printing</c> only.
/// </summary>
public sealed class RuntimeApiTests
{
    private static readonly Assembly Runtime = typeof(NetworkProgram).Assembly;

    private static readonly int[] Widths = [.. Tier.All.Select(tier => tier.Bits)];

    public static TheoryData<string> Members() => [.. RuntimeApi.All.Select(member => member.ToString()).Distinct()];

    public static TheoryData<string> Mathematical() => [.. MathematicalFunctions().Select(function => function.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Members))]
    public void Each_member_of_the_table_is_the_runtimes(string name)
    {
        foreach (RuntimeMember member in RuntimeApi.All.Where(member => member.ToString() == name))
        {
            foreach (int bits in Widths)
            {
                string type = "Strata.CompilerServices." + member.Owner.NameFor(bits);
                Type owner = Runtime.GetType(type, throwOnError: true)!;
                Assert.True(owner.IsPublic);
                BindingFlags flags = BindingFlags.Public | (member.Receiver is null ? BindingFlags.Static : BindingFlags.Instance);
                int width = WidthOf(member) ?? bits;
                if (member.IsProperty)
                {
                    PropertyInfo property = Assert.IsAssignableFrom<PropertyInfo>(owner.GetProperty(member.Name, flags));
                    Assert.Equal(TypeOf(member.Result!.Value, width), property.PropertyType);
                    continue;
                }

                Assert.Contains(owner.GetMethods(flags), method => method.Name == member.Name
                    && method.ReturnType == TypeOf(member.Result!.Value, width)
                    && method.GetParameters() is var parameters && parameters.Length == member.Parameters.Count
                    && parameters.Zip(member.Parameters).All(pair => Takes(pair.First, pair.Second, width)));
            }
        }
    }

    [Fact]
    public void The_table_lists_each_of_its_members_once()
    {
        RuntimeMember[] declared = [.. typeof(RuntimeApi).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => field.GetValue(null)).SelectMany(value => value switch
            {
                RuntimeMember member => [member],
                Dictionary<int, RuntimeMember> members => members.Values.ToArray(),
                _ => [],
            })];
        Assert.Equal(declared.Length, RuntimeApi.All.Distinct().Count());
        Assert.Equal(declared.ToHashSet(), RuntimeApi.All.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Mathematical))]
    public void Each_mathematical_function_is_the_runtimes_for_vectors_of_every_width(string name) =>
        Assert.All(Widths, bits => Assert.Contains(typeof(VectorMath).GetMethods(), method => method.Name == name
            && method.ReturnType == TypeOf(ElementType.Vector, bits)
            && method.GetParameters() is [var first, .. var rest] && first.ParameterType == method.ReturnType
            && rest.All(parameter => parameter.ParameterType == typeof(float))));

    [Fact]
    public void Every_function_of_the_kernel_language_has_a_text()
    {
        Function[] functions =
        [
            .. FunctionsOf(typeof(KernelFunctions), FunctionClass.Instruction), .. MathematicalFunctions(),
            .. FunctionsOf(typeof(Intrinsics), FunctionClass.Intrinsic), .. RuntimeApi.All,
        ];
        Assert.True(functions.Length > 60);
        Assert.All(functions, function => Assert.NotEmpty(FunctionText.Of(function, isWide: true).Name));
        Assert.Throws<InvalidOperationException>(
            () => FunctionText.Of(new Function("Other", FunctionClass.Intrinsic), isWide: true));
    }

    [Fact]
    public void A_call_with_other_arguments_than_the_member_takes_is_an_error()
    {
        Pointer floats = new("x", ElementType.Float), halves = new("h", ElementType.BFloat16);
        Expression Place(Pointer pointer) => new AddressOf(pointer);
        Strata.Compiler.KernelLanguage.Index one = 1;
        RuntimeApi.SumSamples.Call(Place(floats), one, one, one, Place(floats));
        Assert.StartsWith("BatchStatistics.SumSamples takes 5 arguments; found 1.",
            Assert.Throws<ArgumentException>(() => RuntimeApi.SumSamples.Call(Place(floats))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Argument 1 of BatchStatistics.SumSamples: expected Float32 in memory, found BFloat16 in memory.",
            Assert.Throws<ArgumentException>(
                () => RuntimeApi.SumSamples.Call(Place(halves), one, one, one, Place(floats))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Argument 2 of BatchStatistics.SumSamples: expected Int32, found Float32 in memory.",
            Assert.Throws<ArgumentException>(
                () => RuntimeApi.SumSamples.Call(Place(floats), Place(floats), one, one, Place(floats))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Texts of the other rooms are names, messages and comments.</summary>
    [Fact]
    public void No_C_sharp_and_no_name_of_the_runtime_stands_outside_of_printing_and_the_table()
    {
        string types = string.Join('|', Runtime.GetExportedTypes().Where(type => type.Namespace == "Strata.CompilerServices")
            .Select(type => type.Name.Split('`')[0]).Except(["PackedAxis"]));
        var foreign = new Regex(
            $@"\b({types})\b|\b(Math|MathF|Unsafe|MemoryMarshal|BitConverter|Simd|Scalar|Vector\d*)\.\w|^(ref|var|nint) \w|"
            + @"\bSpan\b|stackalloc|\(\)\.|^(float|double|int|uint|ushort|byte|bool|void|nint)$",
            RegexOptions.CultureInvariant);
        Assert.Matches(foreign, "SampleLanes.Pack16");
        Assert.Matches(foreign, "Math.Max(samples, ");
        string[] found = [.. Texts().Where(text => foreign.IsMatch(text.Text)).Select(text => $"{text.Place}: {text.Text}")];
        Assert.Empty(found);
    }

    /// <summary>All literals of the rooms of kernels, with the parts of interpolated ones.</summary>
    private static IEnumerable<(string Place, string Text)> Texts()
    {
        string generator = Path.Combine(SourceFolder.Path, "..", "..", "generator", "Compiler");
        string[] rooms = ["Foundation", "KernelLanguage", "Graph", "Operators", "Kernels", "Lowering"];
        foreach (string file in rooms.SelectMany(
            room => Directory.EnumerateFiles(Path.Combine(generator, room), "*.cs", SearchOption.AllDirectories)))
        {
            if (Path.GetFileName(file) == "RuntimeApi.cs")
            {
                continue;
            }

            foreach (SyntaxToken token in CSharpSyntaxTree
                .ParseText(File.ReadAllText(file), cancellationToken: TestContext.Current.CancellationToken)
                .GetRoot(TestContext.Current.CancellationToken).DescendantTokens())
            {
                if (token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken))
                {
                    yield return ($"{Path.GetFileName(file)}({token.GetLocation().GetLineSpan().StartLinePosition.Line + 1})",
                        token.ValueText);
                }
            }
        }
    }

    /// <summary>Those of formulas, and of their derivatives.</summary>
    private static IEnumerable<Function> MathematicalFunctions() => FunctionsOf(typeof(KernelFunctions), FunctionClass.Mathematical).SelectMany(
        function => function.Derivatives(new Call(function, new Variable("x"), 1, 1))[0].All.OfType<Call>()
            .Select(call => call.Function).Where(derived => derived.Home == FunctionClass.Mathematical).Prepend(function));

    private static IEnumerable<Function> FunctionsOf(Type type, FunctionClass home) =>
        type.GetFields(BindingFlags.Static | BindingFlags.NonPublic).Select(field => field.GetValue(null)).OfType<Function>()
            .Where(function => function.Home == home);

    /// <summary>The width that a member's name says, as <c>Bits512</c> does.</summary>
    private static int? WidthOf(RuntimeMember member) =>
        Widths.Cast<int?>().FirstOrDefault(bits => member.Name.EndsWith($"{bits}", StringComparison.Ordinal));

    private static bool Takes(System.Reflection.ParameterInfo parameter, RuntimeParameter expected, int bits)
    {
        Type type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        bool isStep = expected.Type == ElementType.StepContext;
        return parameter.ParameterType.IsByRef == (expected.IsPlace || isStep)
            && (expected.Type == ElementType.None ? type.IsGenericParameter : type == TypeOf(expected.Type, bits));
    }

    private static Type TypeOf(ElementType type, int bits) => type switch
    {
        { Kind: ElementKind.None } => typeof(void),
        { Kind: ElementKind.StepContext } => typeof(StepContext),
        { IsWide: true } => (bits switch { 512 => typeof(Vector512<>), 256 => typeof(Vector256<>), _ => typeof(Vector128<>) })
            .MakeGenericType(TypeOf(type.Lane, bits)),
        _ when type == ElementType.Float => typeof(float),
        _ when type == ElementType.Double => typeof(double),
        _ when type == ElementType.Int => typeof(int),
        _ when type == ElementType.UInt => typeof(uint),
        _ => throw new NotSupportedException(type.ToString()),
    };
}
