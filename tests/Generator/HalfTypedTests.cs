using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Strata.Tests;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Half-typed input is the normal state of an editor. Any exception in the generator or the analyzer fails the test.</summary>
public sealed class HalfTypedTests
{
    [Theory]
    [InlineData(Harness.LeNet5)]
    [InlineData(Harness.Branched)]
    [InlineData(Harness.Blocks)]
    [InlineData(Harness.Operators)]
    public async Task A_declaration_cut_at_any_character_is_survived(string declaration)
    {
        for (int length = 0; length <= declaration.Length; length += AllCases.Stride(3))
        {
            await SurviveAsync(declaration[..length]);
        }
    }

    [Theory]
    [InlineData("[Network, Input(4), Dense(2)] public partial class ;")]
    [InlineData("[Network, Input(4), Dense(2)] public partial class")]
    [InlineData("[Network, Input(4), Dense(2)] public partial class : CompiledNetwork { }")]
    [InlineData("namespace Zoo.; [Network, Input(4), Dense(2)] public partial class Net;")]
    [InlineData("namespace ; [Network, Input(4), Dense(2)] public partial class Net;")]
    [InlineData("namespace .Zoo { [Network, Input(4), Dense(2)] public partial class Net; }")]
    [InlineData("namespace Zoo..Nets { [Network, Input(4), Dense(2)] public partial class Net; }")]
    [InlineData("public partial class { [Network, Input(4), Dense(2)] public partial class Net; }")]
    [InlineData("public partial struct { public partial class A { [Network, Input(4), Dense(1, 2)] public partial class Net; } }")]
    public async Task Nothing_is_emitted_until_there_is_a_name(string declarations)
    {
        var harness = new Harness();
        var result = harness.Generate(harness.Compile("using Strata;\n" + declarations), out var output);
        Assert.Empty(result.GeneratedTrees);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(await harness.AnalyzeAsync(output));
    }

    /// <summary>Whatever is typed, the files of the generator are C# whose declarations the compiler takes.</summary>
    [Theory]
    [InlineData(Harness.LeNet5)]
    [InlineData(Harness.Branched)]
    [InlineData(Harness.Blocks)]
    [InlineData(Harness.Operators)]
    [InlineData("using Strata;\nnamespace A.B\n{\n    public partial class Outer\n    {\n        [Network, Input(4), Dense(2)]\n       "
        + " private sealed partial class Net : System.ICloneable { }\n    }\n}\n")]
    public void Files_for_what_is_half_typed_have_no_errors_of_their_own(string declaration)
    {
        var harness = new Harness();
        for (int length = 0; length <= declaration.Length; length += length < declaration.Length - 60 ? AllCases.Stride(5) : 1)
        {
            harness.Generate(harness.Compile(declaration[..length]), out var output);
            foreach (var tree in output.SyntaxTrees.Skip(1).Where(
                tree => !tree.FilePath.EndsWith(".Errors.g.cs", StringComparison.Ordinal)))
            {
                Assert.Empty(tree.GetDiagnostics(TestContext.Current.CancellationToken)
                    .Select(error => $"{declaration[..length]}\n{error}"));
            }
        }
    }

    [Theory]
    [InlineData(Harness.LeNet5)]
    [InlineData(Harness.Branched)]
    [InlineData(Harness.Blocks)]
    [InlineData(Harness.Operators)]
    public async Task A_declaration_without_one_of_its_characters_is_survived(string declaration)
    {
        // Most are letters of some name, and each compilation takes its time.
        for (int i = 0; i < declaration.Length; i += AllCases.Stride(7))
        {
            await SurviveAsync(declaration.Remove(i, 1));
        }
    }

    [Theory]
    [InlineData(Harness.LeNet5, 300)]
    [InlineData(Harness.Branched, 150)]
    [InlineData(Harness.Blocks, 200)]
    [InlineData(Harness.Operators, 200)]
    public async Task Random_mutations_are_survived(string declaration, int mutations)
    {
        string[] pieces =
        [
            "0", "-1", "2147483647", "99999999999", "1e400", "\"", "'", "(", ")", "[", "]", "{", "}", ",", "=", ":", ";",
            "null", "typeof(int)",
            "new int[3]", "Name = \"\"", "Name = null", "Stride = 0", "AutoPad = AutoPad.Same", "Dense(2), ", "Input(3), ",
            "CrossEntropy, ", "Branch, ", "Add, ", "Concat, ", "Wide(1), ", "Shortcut(4), ", "Add(\"a\", \"a\"), ", "From = \"a\"",
            "if (x > 0) ", "x++", "? : ", " => ", "(float)", "MathF.", "Functions.Softplus(x, x, x)", "Value(x)", "[Trained] ", "const ",
            "Repeat = 2", "Output, ", "Sequential, ", "LayersOf(typeof(Blocked)), ", "<T>",
            "static ", "abstract ", "partial ", "record ", "struct ", "namespace N; ", "[Network] ", "#if X\n", "#endif\n", "/*", "*/",
            "//", "\0", "\uFEFF", "é", "😀",
        ];

        // CA5394: no security is at stake, and the seed has to be fixed.
#pragma warning disable CA5394
        var random = new Random(20240);
        for (int i = 0; i < mutations; i++)
        {
            var text = new StringBuilder(declaration);
            for (int edits = random.Next(1, 5); edits > 0; edits--)
            {
                int position = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0:
                        text.Remove(position, Math.Min(text.Length - position, random.Next(1, 12)));
                        break;

                    case 1:
                        int from = random.Next(text.Length);
                        text.Insert(position, text.ToString(from, Math.Min(text.Length - from, random.Next(1, 30))));
                        break;

                    default:
                        text.Insert(position, pieces[random.Next(pieces.Length)]);
                        break;
                }
            }
#pragma warning restore CA5394

            await SurviveAsync(text.ToString());
        }
    }

    [Theory]
    [InlineData("[Network] partial class A; partial class a; [Network] partial class a;")]
    [InlineData("[Network, Input(2), Dense(2)] partial class Net; [Network, Input(2), Dense(2)] partial class net;")]
    [InlineData("[Network, Input(2), Dense(2)] partial class Net; [Network, Input(2), Dense(3)] partial class Net;")]
    [InlineData("[Network, Network, Input(2), Dense(2)] partial class Net;")]
    [InlineData("[Network, Input(2), Dense(2)] class Net; [Network, Input(2), Dense(2)] class Net;")]
    [InlineData("[Network, Input(2), Dense(2)] partial class größe\u0301;")]
    [InlineData("[Network, Input(2), Dense(2)] partial class @class; namespace @namespace { [Network, Input(2)] partial class @class; }")]
    [InlineData("partial class A<T> { [Network, Input(2)] partial class B; } partial class A { [Network, Input(2)] partial class B; }")]
    [InlineData("[Network, Input(2), Dense(2, Name = \"a\\nb\\u2028#error\")] partial class Net;")]
    [InlineData("[Network, Input(2), Dense(2, Name = \"{0} {\")] partial class Net;")]
    [InlineData("[Network, Input(2), Conv2D(kernel: 2, filters: 1, Stride = 1, Stride = 2)] partial class Net;")]
    [InlineData("[Network] partial class A { [Network, Input(3)] partial class A; }")]
    [InlineData("[Network] delegate void D(); [Network] enum E; [assembly: Network]")]
    [InlineData("[Network, Input(2), LayersOf(typeof(A))] partial class A;")]
    [InlineData("[Network, Input(2), LayersOf(typeof(B)), LayersOf(null), LayersOf(typeof(int)), "
        + "LayersOf(typeof(B<>))] partial class A; class B<T>;")]
    [InlineData("[Network, Input(2), B(1)] partial class A; [B(N)] class BAttribute : BlockAttribute { const int N = N "
        + "+ 1; public BAttribute(int n = N) { } }")]
    [InlineData("[Network, Input(2), B(1)] partial class A; [Dense(N)] class BAttribute(int n = 3) : "
        + "BlockAttribute { const int N = 2, n = 3; }")]
    [InlineData("[Network, Input(2), B<int>] partial class A; [Dense(2)] class BAttribute<T> : BlockAttribute;")]
    [InlineData("[Network, Input(2), B(null)] partial class A; [Dense(2, Name = N)] class BAttribute : BlockAttribute { const string N = "
        + "null; public BAttribute(string n) { } }")]
    [InlineData("[Network, Input(2), B(new[] { 1.0 })] partial class A; [Normalize(N, new[] { M, 2 })] class BAttribute : BlockAttribute "
        + "{ const double[] N = null; const double M = 1; public BAttribute(double[] n, double m = M) { } }")]
    [InlineData("[Network, Input(2), B] partial class A; [abstract] abstract class BAttribute : BlockAttribute; "
        + "[Dense(2)] sealed class CAttribute : BAttribute;")]
    [InlineData("[Network, Input(2), Dense(2)] partial class A : A; [Network, Input(2), Dense(2)] partial class B : C; class C : B;")]
    [InlineData("[Network, Input(4), Reshape()] partial class Net;")]
    [InlineData("[Network, Input(4), Reshape(1, Undefined)] partial class Net;")]
    [InlineData("[Network, Input(4), Reshape(-1, int.MaxValue, int.MaxValue, int.MaxValue)] partial class Net;")]
    [InlineData("[Network, Input(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue), ReLU] partial class Net;")]
    [InlineData("[Network, Input(4), B] partial class Net; [Dense(G)] class BAttribute : BlockAttribute "
        + "{ const int A = 1; const int G = [A]; }")]
    [InlineData("[Network, Input(4), B] partial class Net; [Dense(G, Name = G + A)] class BAttribute : BlockAttribute { const string A = "
        + "\"\"; const int[] G = [A, 2]; const bool C = A switch { _ => G }; public BAttribute(int a = [G]) { } }")]
    [InlineData("[Network, Input(4), B(G)] partial class Net; [Dense([A]), Normalize([A], A), Dense($\"{A}\"), Conv2D(A, (A, A))] class "
        + "BAttribute : BlockAttribute { const int A = 1; }")]
    public Task Odd_declarations_are_survived(string declarations) => SurviveAsync("using Strata;\n" + declarations);

    [Fact]
    public void Networks_whose_names_differ_in_case_have_files_of_their_own()
    {
        var result = new Harness().Generate("using Strata;\n[Network, Input(2)] partial class Net; [Network, Input(2)] partial class net;");
        IEnumerable<string> names = result.Results[0].GeneratedSources.Select(source => source.HintName);
        Assert.Equal(2, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void A_file_name_is_valid_for_every_class_name()
    {
        var harness = new Harness
        {
            Properties = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("RunAnalyzers", "false"),
        };
        var result = harness.Generate(
            "using Strata;\npartial class A<T> { [Network, Input(2)] partial class B\u0301; } [Network] class @class;");
        Assert.Equal(["A(0060)1.B(0301).Errors.g.cs", "class.Errors.g.cs"],
            result.Results[0].GeneratedSources.Select(source => source.HintName));
    }

    /// <summary>Each argument of each attribute by itself with every value that could overflow or is none.</summary>
    [Fact]
    public async Task No_argument_is_called_a_bug()
    {
        string[] inputs = ["4", "4, 16", "4, 16, 16", "4, 8, 8, 8"];
        var networks = new StringBuilder("using Strata;\n");
        int count = 0;
        foreach (Type type in typeof(LayerAttribute).Assembly.GetExportedTypes().Where(type => !type.IsAbstract
            && (typeof(LayerAttribute).IsAssignableFrom(type) || typeof(LossAttribute).IsAssignableFrom(type)
                || type == typeof(InputAttribute))))
        {
            string kind = type.Name[..^"Attribute".Length];
            foreach (var constructor in type.GetConstructors())
            {
                string[] plain = [.. constructor.GetParameters().Select(Usual)];
                foreach ((var parameter, int index) in constructor.GetParameters().Select((parameter, index) => (parameter, index)))
                {
                    foreach (string value in Extremes(parameter.ParameterType))
                    {
                        Add(kind, string.Join(", ", plain.Select((usual, i) => i == index ? value : usual)));
                    }
                }

                foreach (string value in Extremes(typeof(int)))
                {
                    Add(kind,
                        string.Join(", ", constructor.GetParameters()
                            .Select(parameter => parameter.ParameterType == typeof(int) ? value : Usual(parameter))));
                }

                foreach (var property in type.GetProperties().Where(property => property.SetMethod is not null))
                {
                    foreach (string value in Extremes(property.PropertyType))
                    {
                        Add(kind, string.Join(", ", plain.Append($"{property.Name} = {value}")));
                    }
                }
            }
        }

        void Add(string kind, string arguments)
        {
            // A kind with dimensions in its name knows its input; the others get an image.
            int rank = kind[^1] == 'D' && kind[^2] is >= '1' and <= '3' ? kind[^2] - '0' : 2;
            networks.AppendLine(System.Globalization.CultureInfo.InvariantCulture,
                $"[Network, {(kind == "Input" ? "" : $"Input({inputs[rank]}), ")}{kind}({arguments})] partial class Net{count++};");
        }

        var harness = new Harness();
        var compilation = harness.Compile(networks.ToString());
        foreach (var diagnostic in await harness.AnalyzeAsync(compilation))
        {
            Assert.True(diagnostic.Id != "STRATA099", diagnostic.ToString());
        }

        static string Usual(System.Reflection.ParameterInfo parameter) =>
            parameter.ParameterType == typeof(int) ? "2" : parameter.ParameterType == typeof(double) ? "0.5"
            : parameter.ParameterType == typeof(string) ? "\"x\"" : parameter.ParameterType == typeof(bool) ? "true"
            : parameter.ParameterType == typeof(string[]) ? "\"input\", \"input\""
            : parameter.ParameterType.IsEnum ? $"({parameter.ParameterType.Name})0"
            : parameter.ParameterType == typeof(Type) ? "null"
            : $"new {parameter.ParameterType.GetElementType()!.Name.ToLowerInvariant()}[] {{ 1, 2, 3, 4 }}";

        static string[] Extremes(Type type) =>
            type == typeof(int) ? ["int.MaxValue", "int.MinValue", "-1", "0", "1 << 28", "46341", "65536"]
            : type == typeof(double)
            ? ["double.NaN", "double.PositiveInfinity", "double.NegativeInfinity", "double.MaxValue", "double.Epsilon", "-1",
                "0", "1e-40", "1e9"]
            : type == typeof(string) ? ["null", "\"\"", "\"input\""]
            : type == typeof(string[]) ? ["null", "new string[0]", "new string[] { null, null }"]
            : type == typeof(double[]) ? ["null", "new double[0]", "new[] { double.NaN, 0, -1, double.MaxValue }"]
            : type.IsEnum ? [$"({type.Name})(-1)", $"({type.Name})int.MaxValue"] : [];
    }

    private static async Task SurviveAsync(string source)
    {
        var harness = new Harness();
        var compilation = harness.Compile(source);
        harness.Generate(compilation, out var output);

        // Without the generated files, which take the compiler much longer than what is tested here.
        foreach (var diagnostic in await harness.AnalyzeAsync(compilation))
        {
            Assert.True(diagnostic.Id != "STRATA099",
                $"{diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}\n{source}");
            Assert.NotEmpty(diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        }

        foreach (var tree in output.SyntaxTrees.Skip(1))
        {
            string text = tree.ToString();
            Assert.False(text.Contains("STRATA099", StringComparison.Ordinal), $"{text[..Math.Min(400, text.Length)]}\n{source}");
        }
    }

    /// <summary>The compiler has an error for each; the generator reads nothing into it.</summary>
    [Theory]
    [InlineData("!x")]
    [InlineData("-(x > 0)")]
    [InlineData("+(x > 0) ? 1f : 0f")]
    [InlineData("x && x ? 1f : 0f")]
    [InlineData("(x > 0) & x ? 1f : 0f")]
    [InlineData("x | (x > 0) ? 1f : 0f")]
    [InlineData("(x > 0) + x")]
    [InlineData("(x > 0) < (x > 1) ? 1f : 0f")]
    [InlineData("x ? 1f : 0f")]
    [InlineData("MathF.Exp(x > 0)")]
    [InlineData("x > 0")]
    [InlineData("x > 0 ? x > 1 : x")]
    public void Operands_of_the_wrong_type_are_errors_of_the_compiler_and_no_bug_of_the_generator(string formula)
    {
        string source = $"using System; using Strata;\n[Network, Input(4), Own, Dense(2), CrossEntropy] public partial class Net;\n"
            + $"public sealed class OwnAttribute : ElementwiseAttribute {{ public static float Value(float x) => {formula}; }}";
        var result = new Harness().Generate(source);
        Assert.DoesNotContain(
            result.GeneratedTrees, tree => tree.ToString().Contains("STRATA099", StringComparison.Ordinal));
    }
}
