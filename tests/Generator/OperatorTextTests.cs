using System;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Foundation;
using Strata.Compiler.KernelLanguage;
using Strata.Generator.Tests.KernelLanguage;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The text in which an assembly declares its elementwise operators to others.</summary>
public sealed class OperatorTextTests
{
    private static readonly Variable X = new("x"), Y = new("y");

    private const string Square = "(elementwise x)\n(value (* x x))\n";

    [Fact]
    public void The_text_of_an_operator_has_a_line_for_each_of_its_parts() => Assert.Equal(
        """
        (elementwise x)
        (const double Beta 1.0)
        (const double Slope 0.25)
        (constructor System.Double beta=Beta)
        (trained Slope a per-channel)
        (number (cast:float Beta))
        (value (? (and (> x 0.0) (not (>= (* number.0 x) 20.0))) (* x (Tanh (Softplus (* number.0 x)))) (* (Min (* x trained.Slope) -0.3333333432674408) (Min (* x trained.Slope) -0.3333333432674408))))

        """.ReplaceLineEndings("\n"),
        OperatorText.Write(Read(Harness.Operators, "BetaMishAttribute")));

    [Theory]
    [InlineData("BetaMishAttribute")]
    [InlineData("GateAttribute")]
    [InlineData("OffAttribute")]
    public void An_operator_is_read_as_it_was_written(string name)
    {
        DeclaredOperator declared = Read(Harness.Operators, name);
        Assert.Equal(declared, OperatorText.TryRead(name, declared.IsLoss, OperatorText.Write(declared), out string problem));
        Assert.Empty(problem);
    }

    /// <summary>In a culture with other signs as well.</summary>
    [Theory]
    [InlineData(".", "-")]
    [InlineData(",", "−")]
    public void Random_formulas_are_read_as_they_were_written(string decimalSeparator, string negativeSign)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (decimalSeparator, negativeSign);
        CultureInfo.CurrentCulture = culture;
        try
        {
            for (int seed = 0; seed < 500; seed++)
            {
                AssertRead(new RandomExpressions(seed, X, Y).Next(5));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Random_methods_are_read_as_they_were_written()
    {
        const int Methods = 300;
        CSharpCompilation compilation = new Harness().Compile("using System;\nusing Strata;\n" + string.Concat(
            Enumerable.Range(0, Methods).Select(seed => new RandomMethods(seed, isExact: seed % 2 == 0).Next(new(1.5, 3, true)).Class)));
        for (int seed = 0; seed < Methods; seed++)
        {
            DeclaredOperator declared = Read(compilation, $"Own{seed}Attribute");
            DeclaredOperator? read = OperatorText.TryRead(declared.Key, declared.IsLoss, OperatorText.Write(declared), out string problem);
            Assert.Equal("", problem);
            Assert.Equal(declared, read);
        }
    }

    [Fact]
    public void Numbers_and_functions_are_read_as_they_were_written()
    {
        foreach (float number in (float[])[0, -0f, 0.1f, 1 / 3f, float.Epsilon, float.MaxValue, float.PositiveInfinity,
            float.NegativeInfinity, float.NaN, 1e10f, 16777216])
        {
            AssertRead(X + new Constant(number));
        }

        foreach ((string name, int arguments) in Compiler.KernelLanguage.Functions.Names)
        {
            Function function = Compiler.KernelLanguage.Functions.Find(name, arguments)!;
            AssertRead(new Call(function, [.. Enumerable.Range(0, arguments).Select(i => i < function.Vectors ? X : (Expression)0.5)]));
        }
    }

    /// <summary>An assembly of today is to be read by a generator of tomorrow: its functions keep their names.</summary>
    [Fact]
    public void The_functions_of_the_format_stay() => Assert.Equal(
        "Abs/1 Ceiling/1 CopySign/2 Cos/1 ELU/2 Erf/1 Exp/1 Expm1/1 Floor/1 GELU/1 GELUTanh/1 HardSigmoid/1 HardSwish/1 LeakyReLU/2 Log/1 "
        + "Log1p/1 Max/2 MaxNative/2 Min/2 MinNative/2 Mish/1 "
        + "Pow/2 Round/1 SiLU/1 Sigmoid/1 Sin/1 Softplus/1 Softplus/3 Sqrt/1 Tanh/1 Truncate/1",
        string.Join(" ", Compiler.KernelLanguage.Functions.Names
            .Select(function => $"{function.Name}/{function.Arguments}").Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("", "it names no inputs, or too many")]
    [InlineData("(elementwise x)", "it has no value")]
    [InlineData("(elementwise x y z) (value x)", "it names no inputs, or too many")]
    [InlineData("(loss x) (value x)", "it names no inputs, or too many")]
    [InlineData("(elementwise x) (value y)", "there is no variable 'y'")]
    [InlineData("(elementwise x) (value number.0)", "there is no variable 'number.0'")]
    [InlineData("(elementwise x) (value trained.A)", "there is no variable 'trained.A'")]
    [InlineData("(elementwise x) (value (Tangent x))", "there is no function 'Tangent' of 1 argument")]
    [InlineData("(elementwise x) (value (Exp x x))", "there is no function 'Exp' of 2 arguments")]
    [InlineData("(elementwise x) (value (+ x))", "there is no function '+' of 1 argument")]
    [InlineData("(elementwise x) (value (+ x (> x 1)))", "(+ x (> x 1)) has no meaning")]
    [InlineData("(elementwise x) (value (and x x))", "(and x x) has no meaning")]
    [InlineData("(elementwise x) (value (? x x x))", "(? x x x) has no meaning")]
    [InlineData("(elementwise x) (value (LeakyReLU x x))", "(LeakyReLU x x) has no meaning")]
    [InlineData("(elementwise x) (value (> x 1))", "(> x 1) is a condition, not a number")]
    [InlineData("(elementwise x) (value 'x')", "'x' is no number")]
    [InlineData("(elementwise x) (value ())", "() has no meaning")]
    [InlineData("(elementwise x) (value x) (value x)", "(value x) has no meaning")]
    [InlineData("(elementwise x) (trained A) (value x)", "(trained A) has no meaning")]
    [InlineData("(elementwise x) (trained A a) (value trained.A)", "the trained number 'A' is no constant that can be trained")]
    [InlineData("(elementwise x) (const int A 1) (trained A a) (value x)", "the trained number 'A' is no constant that can be trained")]
    [InlineData("(elementwise x) (const double A 1) (trained A a) (trained A b) (value x)",
        "the trained number 'A' is no constant that can be trained")]
    [InlineData("(loss x y) (const double A 1) (trained A a) (value x)", "the trained number 'A' is no constant that can be trained")]
    [InlineData("(elementwise x) (const double A 1) (trained A 'a = 0; */ b') (value trained.A)",
        "the trained number 'A' has the key 'a = 0; */ b'")]
    [InlineData("(elementwise x) (const double A 1) (trained A '') (value trained.A)", "the trained number 'A' has the key ''")]
    [InlineData("(elementwise x) (const double A 1) (trained A to_string) (value trained.A)",
        "the trained number 'A' has the key 'to_string', but every object has a member 'ToString'")]
    [InlineData("(elementwise x) (const double A 1) (const double B 1) (trained A w) (trained B W) (value x)",
        "the trained number 'B' has the key 'W', which becomes the same property 'W' as 'w'")]
    [InlineData("(elementwise x x) (value x)", "the name 'x' stands there twice")]
    [InlineData("(elementwise number.0) (value x)", "the name 'number.0' is no identifier")]
    [InlineData("(elementwise x) (const int 'A; B' 1) (value x)", "the name 'A; B' is no identifier")]
    [InlineData("(elementwise x) (const int A 1) (const int A 1) (value x)", "the name 'A' stands there twice")]
    [InlineData("(elementwise x) (purpose 'none') (value x)", "(purpose 'none') has no meaning")]
    [InlineData("(elementwise x) (value (* x x)", "a '(' is not closed (character 17)")]
    public void A_text_without_meaning_says_what_is_wrong(string text, string problem)
    {
        Assert.Null(OperatorText.TryRead("Own", text.StartsWith("(loss", StringComparison.Ordinal), text, out string found));
        Assert.Equal(problem, found);
    }

    [Fact]
    public void A_text_of_a_layer_does_not_fit_a_loss()
    {
        Assert.Null(OperatorText.TryRead("Own", true, "(elementwise x y) (value (* x y))", out string layer));
        Assert.Null(OperatorText.TryRead("Own", false, "(loss x y) (value (* x y))", out string loss));
        Assert.Equal(("it is a layer, but its class is a loss", "it is a loss, but its class is a layer"), (layer, loss));
    }

    /// <summary>As large as a method may be: a larger formula would take the compiler minutes.</summary>
    [Theory]
    [InlineData(2000, "")]
    [InlineData(2002, "it has more than 2000 operations")]
    public void A_formula_has_a_limited_size(int size, string problem)
    {
        string sum = string.Concat(Enumerable.Repeat("(+ x ", 500)) + "x" + new string(')', 500);
        string text = $"(+ (- {sum}) {string.Concat(Enumerable.Repeat("(+ x ", (size - 1004) / 2))}x{new string(')', (size - 1004) / 2)})";
        DeclaredOperator? read = OperatorText.TryRead("Own", false, $"(elementwise x) (value {text})", out string found);
        Assert.Equal(problem, found);
        Assert.True(read?.Value is null || read.Value.Size == size);
    }

    /// <summary>Nothing is thrown, whatever the text is.</summary>
    [Fact]
    public void Damaged_texts_are_refused()
    {
        string text = OperatorText.Write(Read(Harness.Operators, "BetaMishAttribute"));
        string[] pieces = ["(", ")", "'", "\\", "=", "?", "number.9", "-", "NaN", "1e999", "(Exp", "and", "\0", " "];
        var random = new Random(40);
        for (int round = 0; round < 3000; round++)
        {
            int at = random.Next(text.Length), length = random.Next(Math.Min(8, text.Length - at));
            string damaged = text.Remove(at, length).Insert(at, random.Next(3) == 0 ? "" : pieces[random.Next(pieces.Length)]);
            DeclaredOperator? read = OperatorText.TryRead("BetaMishAttribute", false, damaged, out string problem);
            Assert.Equal(read is null, problem.Length > 0);
        }

        for (int length = 0; length < text.Length - 1; length++)
        {
            Assert.Null(OperatorText.TryRead("BetaMishAttribute", false, text[..length], out _));
        }

        string deep = string.Concat(Enumerable.Repeat("(- ", 5000)) + "x" + new string(')', 5000);
        Assert.Null(OperatorText.TryRead("Own", false, Square.Replace("(* x x)", deep, StringComparison.Ordinal), out string tooDeep));
        Assert.Contains("levels", tooDeep, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_declares_the_operators_of_its_assembly()
    {
        GeneratorDriverRunResult result = new Harness().Generate(
            new Harness().Compile(Harness.Operators + "class WrongAttribute : ElementwiseAttribute { }"), out Compilation output);
        Assert.Contains(result.GeneratedTrees, tree => tree.FilePath.EndsWith("StrataOperators.g.cs", StringComparison.Ordinal));
        Assert.Equal(
            [.. new[] { "BetaMishAttribute", "GateAttribute", "OffAttribute" }.Select(name => (name, 1, OperatorText.Write(Read(Harness.Operators, name))))],
            output.Assembly.GetAttributes().Where(attribute => attribute.AttributeClass!.Name == "DeclaredOperatorAttribute")
                .Select(attribute => attribute.ConstructorArguments)
                .Select(arguments => ((string)arguments[0].Value!, (int)arguments[1].Value!,
                    ((string)arguments[2].Value!).ReplaceLineEndings("\n").TrimStart('\n'))));
    }

    private static void AssertRead(Expression value)
    {
        DeclaredOperator declared = new(
            "Zoo.OwnAttribute", "Own", false, EquatableArray.Of("x", "y"), EquatableArray<BlockConstant>.Empty,
            EquatableArray<ParameterDefault>.Empty, EquatableArray<ConstantExpression>.Empty, EquatableArray<TrainedConstant>.Empty, value);
        string text = OperatorText.Write(declared);
        DeclaredOperator? read = OperatorText.TryRead(declared.Key, declared.IsLoss, text, out string problem);
        Assert.Empty(problem);
        Assert.Equal(declared, read);
        Assert.Equal(text, OperatorText.Write(read!));
    }

    private static DeclaredOperator Read(string source, string name) => Read(new Harness().Compile(source), name);

    private static DeclaredOperator Read(CSharpCompilation compilation, string name) => OperatorReader.Read(
        compilation.GetTypeByMetadataName(name)!, compilation, TestContext.Current.CancellationToken).Operator;
}
