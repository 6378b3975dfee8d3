using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.CompilerServices;
using Strata.Compiler.Declarations;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>
/// Networks whose classes, namespaces, layers, blocks, inputs and outputs have random names. Each compiles without an error, or has a rule
/// that says why not.
/// </summary>
public sealed class RandomNameTests
{
    private const int Networks = 240, NetworksOfOneCompilation = 60;

    /// <summary>Names of what generated code holds, and of its parameters and locals.</summary>
    private static readonly string[] Generated =
    [
        "index", "input", "output", "inputs", "outputs", "samples", "allInputs", "allOutputs", "images", "options", "seed", "batchSize",
        "optimizer", "network", "first",
        "_network", "_first", "_program", "_memory", "step", "steps", "phase", "arena", "slot", "shared", "parameters", "weights",
        "gradient", "gradients", "slots",
        "i", "c", "x", "y", "a0_0", "row", "tileRow", "length", "shape", "problem", "networkProblem", "refuse", "info", "description",
        "createProgram", "Strata", "System",
        "Generated", "avx512Program", "avx2Program", "vector128Program", "denseLayer", "denseLayer2", "batchNormLayer", "wideBlock", "wide",
        "innerBlock", "conv1Block",
        "conv1Training", "inputLength", "outputShape", "parameterCount", "createTrainer", "forward", "activation", "isa", "threads",
        "dispose", "load", "save", "equals",
        "getHashCode", "memberwiseClone", "finalize", "weight", "bias", "runningMean", "running_mean", "scale", "shift", "the", "by", "s",
        "a", "aLength", "b", "bShape",
        "foo", "Foo", "FOO", "layer", "kernels", "At", "item", "kernel", "once", "simd", "bitConverter", "unsafe", "mathF",
        "memoryMarshal", "methodImpl", "methodImplOptions", "sample", "block", "training", "slot", "shared", "parameter", "scratch",
        "scalar", "vectorMath", "randomLanes", "sampleLanes", "batchStatistics", "blockSum", "longSum", "stepContext", "networkProgram",
        "readOnlySpan", "delegate", "t", "bFloat16",
    ];

    /// <summary>Members of programs.</summary>
    private static readonly string[] Members = [.. typeof(NetworkProgram)
        .GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(member => char.ToLowerInvariant(member.Name[0]) + member.Name[1..]).Where(IsIdentifier)
        .Distinct().Order(StringComparer.Ordinal)];

    private static readonly string[] Words =
    [
        "class", "new", "this", "base", "null", "int", "float", "ref", "in", "out", "params", "event", "string", "object", "void", "is",
        "as", "switch", "namespace",
        "var", "dynamic", "record", "value", "field", "await", "async", "nameof", "where", "partial", "global", "scoped", "file",
        "required", "yield", "_", "__", "_A", "A_",
        "A", "B", "_0", "0", "1", "00", "0Weight", "1st", "größe", "Größe", "σ", "Σ", "ß", "ǆ", "ﬁ", "ı", "İ", "名前", "π2", "ªa", "e\u0301",
        "é", "x\u200Dy", "a-b", "a b",
        "{0}", "\\\"", "", ".", "a..b", "\\u2028", "//", "Net", "net", "Model", "Demo", "Vector", "Math", "math", "single", "bits", "span",
    ];

    [Fact]
    public void Whatever_things_are_called_networks_compile_or_have_a_rule()
    {
        var failures = new StringBuilder();
        int valid = 0, all = 0;
        string[] names = [.. Generated, .. Words, .. Members];
        for (int first = 0; first < Networks; first += NetworksOfOneCompilation)
        {
            // Networks of one compilation share its namespaces, so that they must not meet there either.
            var source = new RandomSource(names, seed: first);
            for (int i = 0; i < NetworksOfOneCompilation; i++)
            {
                source.Add();
            }

            var harness = new Harness();
            GeneratorDriverRunResult result = harness.Generate(harness.Compile(source.Text), out Compilation output);
            List<NetworkModel> models =
                [.. result.Results[0].TrackedSteps[TrackingNames.Models].Select(step => (NetworkModel)step.Outputs.Single().Value)];
            all += models.Count;
            valid += models.Count(model => model.Graph is not null);
            Assert.All(models.Where(model => model.Graph is null),
                model => Assert.Contains(model.Problems, problem => problem.IsError && problem.Id != "STRATA099"));

            // Names are the same in every tier: one of them is compiled, and what asks for the others does not count.
            string[] tiers = ["Avx512", "Avx2"];
            output = output.RemoveSyntaxTrees(
                output.SyntaxTrees.Where(tree => tiers.Any(tier => tree.FilePath.EndsWith($".{tier}.g.cs", StringComparison.Ordinal))));
            foreach (Diagnostic error in output.GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(d => d.Severity == DiagnosticSeverity.Error
                    && !tiers.Any(tier => d.ToString().Contains($"'{tier}Program'", StringComparison.Ordinal))).Take(20))
            {
                failures.Append(error).Append(" | ")
                    .Append(error.Location.SourceTree!.ToString().Split('\n')[error.Location.GetLineSpan().StartLinePosition.Line])
                    .Append('\n');
            }
        }

        Assert.True(failures.Length == 0, failures.ToString());
        Assert.Equal(Networks, all);

        // Were most of them refused, this would show nothing.
        Assert.InRange(valid, Networks / 2, Networks);
    }

    private sealed class RandomSource(string[] names, int seed)
    {
        private static readonly string[] Spaces = ["", "Demo", "A_.B", "A._B", "A_._B", "A.B", "A_B", "_", "@class.@event", "Demo.System",
            "global_", "Größe.σ", "A._0", "A_0"];
        private readonly Random _random = new(seed);
        private readonly StringBuilder _text = new("using Strata;\n");
        private readonly HashSet<string> _classes = [];
        private int _blocks;

        public string Text => _text.ToString();

        public void Add()
        {
            (string space, string container, string name) = ClassName();
            string body = Stack(name);
            (string open, string close) = container.Length > 0 ? ($"partial class {container} {{ ", " }") : ("", "");
            string part =
                $"{open}[Network{(_random.Next(4) == 0 ? "(Observable = true)" : "")}] {body} public partial class {name} {{ "
                + $"{Members(name)} }}{close}";
            _text.Append(space.Length > 0 ? $"namespace {space} {{ {part} }}\n" : part + "\n");
        }

        private string Pick() => names[_random.Next(names.Length)];

        private (string Space, string Container, string Name) ClassName()
        {
            while (true)
            {
                string space = Spaces[_random.Next(Spaces.Length)];
                string container = _random.Next(4) == 0 ? "@" + Upper(Pick()) : "",
                    name = "@" + (_random.Next(2) == 0 ? Upper(Pick()) : Pick());
                bool legal = new[] { container, name }.All(n => n.Length == 0 || IsIdentifier(n[1..]));

                // What would not compile without any generator: two types of a name, a type of a namespace's name, a member of its type's.
                string full = string.Join('.', new[] { space, container, name }.Where(n => n.Length > 0)).Replace("@", "");
                if (legal && container != name && name is not ("@Strata" or "@System") && container is not ("@Strata" or "@System")
                    && !Spaces.Any(s => (s.Replace("@", "") + ".").StartsWith(full + ".", StringComparison.Ordinal))
                    && (container.Length == 0
                        || !Spaces.Any(
                            s => (s.Replace("@", "") + ".").StartsWith(full[..full.LastIndexOf('.')] + ".", StringComparison.Ordinal)))
                    && _classes.Add(full))
                {
                    return (space, container, name);
                }
            }
        }

        private static string Upper(string name) => name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name[1..];

        /// <summary>A user's own members, now and then; none that C# refuses in a class of this name.</summary>
        private string Members(string name)
        {
            string members = _random.Next(12) switch
            {
                0 => "private const string NetworkProblem = \"\"; private static int Refuse() => 0;",
                1 => "public void Forward(int a) { } public struct DenseLayer { }",
                2 => "public int A1 => 1; public static int Samples = 2;",
                _ => "",
            };
            return members.Split(' ', '(').Contains(name.TrimStart('@')) ? "" : members;
        }

        /// <summary>A name that is well formed, mostly, so that most networks come as far as the back end.</summary>
        private string Name() => Pick() is { } name && (_random.Next(30) == 0 || LayerNames.Identifier(name, out _) is not null)
            ? name : "fine" + _random.Next(1000);

        /// <summary>An argument, or none: <c>Name = "conv"</c>.</summary>
        private string Named() => _random.Next(3) == 0 ? "" : $"Name = \"{(_random.Next(6) == 0 ? Name() + "." + Name() : Name())}\"";

        private static string Attribute(string kind, params string[] arguments) =>
            $"{kind}({string.Join(", ", arguments.Where(a => a.Length > 0))})";

        private string Stack(string className)
        {
            bool hasTwoInputs = _random.Next(3) == 0;
            string first = Name();
            var attributes = new List<string> { Attribute("Input", "3", hasTwoInputs ? $"Name = \"{first}\"" : Named()) };
            if (_random.Next(4) == 0)
            {
                attributes.Add(_random.Next(2) == 0 ? "Sequential" : $"Sequential(\"{Name()}\")");
            }

            if (_random.Next(3) == 0)
            {
                attributes.Add(AddBlock());
            }

            attributes.Add(Attribute("Dense", "4", _random.Next(8) == 0 ? $"Name = \"{className.TrimStart('@')}\"" : Named()));
            attributes.Add(Attribute("BatchNorm", Named()));
            attributes.Add("ReLU(Name = \"joined1\")");
            if (hasTwoInputs)
            {
                attributes.Add(Attribute("Input", "2", Named()));
                attributes.Add(Attribute("Dense", "4", Named()));
                attributes.Add("ReLU(Name = \"joined2\"), Concat(\"joined1\", \"joined2\")");
            }

            attributes.Add(Attribute("Dense", "2", Named()));
            attributes.Add(_random.Next(6) switch
            {
                0 or 1 => $"Output(\"{Name()}\"), Dense(3), Output(\"{(_random.Next(4) == 0 ? first : Name())}\")",
                2 => "MeanSquaredError",
                3 => "CrossEntropy",
                _ => "Output",
            });
            return $"[{string.Join(", ", attributes)}]";
        }

        /// <summary>Adds a block's class, and returns a use of it.</summary>
        private string AddBlock()
        {
            string kind = _random.Next(2) == 0 ? "Wide" : Upper(Name());
            kind = IsIdentifier(kind) ? kind : "Wide";

            // A namespace of its own for each block: several have one name, and nothing else.
            string space = $"Blocks{_blocks++}", own = _random.Next(4) == 0
                ? $"Name = \"{char.ToLowerInvariant(kind[0])}{kind[1..]}Block\"" : Named();
            _text.Append(
                $"namespace {space} {{ [{Attribute("Dense", "4", own)}, BatchNorm, {Attribute("Dense", "4", Named())}, "
                + $"{Attribute("ReLU", Named())}] ");
            _text.Append($"public class {kind}Attribute : global::Strata.BlockAttribute {{ }} }}\n");
            return Attribute($"{space}.{kind}", Named());
        }
    }

    private static bool IsIdentifier(string name) =>
        SyntaxFacts.IsValidIdentifier(name) && name.All(c => char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format);
}
