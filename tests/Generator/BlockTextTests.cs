using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Strata.Compiler.Declarations;
using Strata.Generator.Reading;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Foundation;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The text in which an assembly declares its blocks to others.</summary>
public sealed class BlockTextTests
{
    private static readonly ConstantType[] Types =
    [
        ConstantType.SByte, ConstantType.Byte, ConstantType.Int16, ConstantType.UInt16, ConstantType.Char,
        ConstantType.Int32, ConstantType.UInt32, ConstantType.Int64, ConstantType.UInt64,
        ConstantType.Single, ConstantType.Double, ConstantType.Decimal, ConstantType.Boolean,
        ConstantType.String,
    ];

    /// <summary>Ends of ranges, signs of zero, what is no number, and characters that have to be escaped.</summary>
    private static readonly object?[] Values =
    [
        null, true, false, 0, 1, -1, int.MinValue, int.MaxValue, sbyte.MinValue, byte.MaxValue, short.MinValue, ushort.MaxValue,
        uint.MaxValue, long.MinValue, long.MaxValue, ulong.MaxValue, 'a', '\'', '\0', '\uffff', 0.0, -0.0, 0.1, 1.0, -1e300, 1e-300,
        double.Epsilon, double.MaxValue, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1 / 3.0, 0f, -0f, 0.1f, 1e10f,
        float.Epsilon, float.MaxValue, float.NaN, float.NegativeInfinity, 0m, 0.1m, decimal.MaxValue, decimal.MinValue, "", "conv", "a b",
        "it's \"so\"", "\\", "\n\t\0", "\u200f\ud800", "(= x", "網😀",
    ];

    private static readonly string[] Names = ["Filters", "N", "nan", "inf", "true", "null", "_x", "ß網", "Unchecked", "block"];

    private static readonly Lazy<DeclaredBlock[]> Zoo = new(() =>
    {
        CSharpCompilation compilation = new Harness().Compile([.. Graphs.ZooSources()]);
        return [.. compilation.GetSymbolsWithName(name => name.EndsWith("Attribute", StringComparison.Ordinal), SymbolFilter.Type)
            .OfType<INamedTypeSymbol>().Where(KnownSymbols.Of(compilation).IsBlock).OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(type => new StackReader(compilation, default) { IsShallow = true }.ReadDeclared(type)!)];
    });

    [Fact]
    public void Every_block_of_the_zoo_is_read_as_it_was_written()
    {
        Assert.InRange(Zoo.Value.Length, 50, 200);
        Assert.All(Zoo.Value, AssertRead);
    }

    [Fact]
    public void The_text_of_a_block_has_a_line_for_each_constant_and_layer()
    {
        CSharpCompilation compilation = new Harness().Compile("""
            using Strata;
            namespace Demo;
            [Branch, Conv2D(Filters, 3, Stride = Stride, Padding = 1, Bias = Filters > 8 || false, Name = Stem + "conv"), BatchNorm]
            [Branch, Shortcut(2 * Filters, Stride = Stride), Tail((float)Rate, Repeat = 3)]
            [Add]
            public sealed class UnitAttribute : BlockAttribute
            {
                private const int Filters = 64, Stride = 1;
                private const double Rate = 1.0 / Filters;
                private const string Stem = "";
                public UnitAttribute(int filters, int stride = Stride, double rate = Rate, string stem = Stem, bool wide = true) { }
            }
            [Dropout(Rate), Normalize([N, 0.5], [1.0, N / 2.0])]
            public class TailAttribute : BlockAttribute
            {
                private const double Rate = 0.1f;
                private const int N = unchecked((byte)257);
                private const bool Wide = true;
                public TailAttribute(float rate, bool wide = Wide) { }
            }
            """);
        Assert.Equal(
            """
            (const int Filters 64)
            (const int Stride 1)
            (const double Rate (/:double 1.0 (as:double Filters)))
            (const string Stem '')
            (constructor System.Int32,System.Int32,System.Double,System.String,System.Boolean stride=Stride rate=Rate stem=Stem)
            (Branch)
            (Conv2D filters=Filters kernel=3 Stride=Stride Padding=1 Bias=(||:bool (> Filters 8) false) Name=(+:string Stem 'conv'))
            (BatchNorm)
            (Branch)
            (Shortcut filters=(* 2 Filters) Stride=Stride)
            (block Demo.TailAttribute rate=(cast:float Rate) wide?=Wide Repeat=3)
            (Add names=(string[]))

            """,
            TextOf(compilation, "Demo.UnitAttribute"));
        Assert.Equal(
            """
            (const double Rate 0.10000000149011612)
            (const int N 1)
            (const bool Wide true)
            (constructor System.Single,System.Boolean wide=Wide)
            (Dropout rate=Rate)
            (Normalize means=(array:double (as:double N) 0.5) deviations=(array:double 1.0 (/:double (as:double N) 2.0)))

            """,
            TextOf(compilation, "Demo.TailAttribute"));
    }

    [Fact]
    public void Values_and_names_are_read_as_they_were_written()
    {
        IEnumerable<ConstantExpression> constants = Values.Select(value => new ConstantValue(value));
        IEnumerable<ConstantExpression> names = Names.Select(name => new ConstantReference(name));
        Assert.All(constants.Concat(names), expression => AssertRead(new DeclaredBlock(
            new BlockDeclaration(
                "B", false, EquatableArray.Of(new BlockConstant("N", ConstantType.None, expression)),
                EquatableArray.Of(new AttributeDeclaration("Strata.DenseAttribute", EquatableArray.Of(
                    new AttributeArgument("units", expression is ConstantValue constant ? constant.Value : expression)))),
                1),
            EquatableArray<ParameterDefault>.Empty)));

        // −0 and 0 are equal, but differ.
        TextNode zero = ExpressionText.WriteValue(-0.0);
        Assert.True(double.IsNegative((double)((ConstantValue)ExpressionText.Read(zero)).Value!));
    }

    [Fact]
    public void Random_blocks_are_read_as_they_were_written()
    {
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            DeclaredBlock block = RandomBlock(random);
            AssertRead(block);
            EvaluateAll(block);
        }
    }

    /// <summary>Damaged texts are refused, or mean another block, whose expressions have a value or none.</summary>
    [Fact]
    public void No_text_makes_the_reader_throw()
    {
        string[] texts = [.. Zoo.Value.Take(20).Select(BlockText.Write)];
        string letters = "()' =?:\\u0N-.*[]n\n" + string.Concat(texts);
        var random = new Random(2);
        int read = 0;
        for (int i = 0; i < 20_000; i++)
        {
            var text = new System.Text.StringBuilder(texts[random.Next(texts.Length)]);
            for (int edit = random.Next(4); edit >= 0 && text.Length > 0; edit--)
            {
                int at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, letters[random.Next(letters.Length)]),
                    _ => text.Remove(at, Math.Min(random.Next(1, 200), text.Length - at)),
                };
            }

            DeclaredBlock? block = BlockText.TryRead("B", text.ToString(), out string problem);
            Assert.Equal(block is null, problem.Length > 0);
            if (block is not null)
            {
                read++;
                EvaluateAll(block);
            }
        }

        Assert.InRange(read, 1000, 19_000);
    }

    [Theory]
    [InlineData("(Dense units=3", "a '(' is not closed (character 1)")]
    [InlineData("(ReLU))", "a ')' closes nothing (character 7)")]
    [InlineData("(Dense units=)", "'units=' has no value (character 14)")]
    [InlineData("(Dense units=", "'units=' has no value (character 14)")]
    [InlineData("(Dense units= name='a')", "'units=' has no value (character 15)")]
    [InlineData("(Dense Name='a", "a quote is not closed (character 13)")]
    [InlineData("(Dense Name='\\x')", "a '\\' stands before something else than a quote, a '\\' or four digits of a 'u' (character 14)")]
    [InlineData("(Dense 3)", "3 has no label")]
    [InlineData("ReLU", "ReLU has no name")]
    [InlineData("()", "() has no name")]
    [InlineData("(const int N)", "(const int N) has other items than a const")]
    [InlineData("(const whole N 3)", "there is no type 'whole'")]
    [InlineData("(parts 3)", "(parts 3) has other items than a parts")]
    [InlineData("(Dense units=(** 2 N))", "units=(** 2 N) has no meaning")]
    [InlineData("(Dense units=(*:object 2 N))", "nothing is computed in object")]
    [InlineData("(Dense units=2147483648)", "'2147483648' is no int")]
    [InlineData("(Dense units=(byte 256))", "'256' is no byte")]
    [InlineData("(Dense units=1.2.3)", "'1.2.3' is no number")]
    [InlineData("(Dense units=(int[] 1 2.5))", "an array of int holds something else")]
    public void A_damaged_text_says_what_is_wrong(string text, string expected)
    {
        Assert.Null(BlockText.TryRead("B", text, out string problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void A_text_is_the_same_whatever_the_culture()
    {
        string before = string.Concat(Zoo.Value.Select(BlockText.Write));
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture.NumberFormat.NegativeSign = "~";
            Assert.Equal(before, string.Concat(Zoo.Value.Select(BlockText.Write)));
            Assert.All(Zoo.Value, AssertRead);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static void AssertRead(DeclaredBlock block)
    {
        string text = BlockText.Write(block);
        DeclaredBlock? read = BlockText.TryRead(block.Block.Key, text, out string problem);
        Assert.Equal("", problem);
        Assert.True(block.Equals(read), text);
        Assert.Equal(text, BlockText.Write(read));
    }

    private static string TextOf(CSharpCompilation compilation, string name) => BlockText.Write(
        new StackReader(compilation, default) { IsShallow = true }.ReadDeclared(compilation.GetTypeByMetadataName(name)!)!);

    private static void EvaluateAll(DeclaredBlock block)
    {
        var evaluator = new ConstantEvaluator(block.Block.Constants, new Dictionary<string, object?>());
        IEnumerable<ConstantExpression> expressions = block.Defaults.Select(value => value.Value)
            .Concat(block.Block.Constants.Select(constant => (ConstantExpression)new ConstantReference(constant.Name)))
            .Concat(block.Block.Attributes.SelectMany(attribute => attribute.Arguments).Select(argument => argument.Value)
                .OfType<ConstantExpression>());
        foreach (ConstantExpression expression in expressions)
        {
            try
            {
                evaluator.Evaluate(expression);
            }
            catch (ConstantException)
            {
                // It has no value.
            }
        }
    }

    private static DeclaredBlock RandomBlock(Random random)
    {
        T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
        EquatableArray<T> Some<T>(Func<T> make) where T : IEquatable<T> =>
            Enumerable.Range(0, random.Next(4)).Select(_ => make()).ToEquatableArray();

        ConstantExpression Expression(int depth)
        {
            ConstantExpression Part() => Expression(depth - 1);
            ConstantType type = Pick(Types);
            bool isChecked = random.Next(2) == 0;
            return (depth == 0 ? random.Next(3) : random.Next(9)) switch
            {
                0 => new ConstantValue(Pick(Values)),
                1 => new ConstantReference(Pick(Names)),
                2 => new UnreadableExpression(Pick(Names), "it's \"this\""),
                3 => new ConversionExpression(Part(), type, random.Next(2) == 0, isChecked),
                4 => new UnaryExpression(Pick(UnaryExpression.Operators.ToArray()), Part(), type, isChecked),
                5 => new ConditionalExpression(Part(), Part(), Part()),
                6 => new ArrayExpression(Some(Part), type),
                _ => new BinaryExpression(Pick(BinaryExpression.Operators.ToArray()), Part(), Part(), type, isChecked),
            };
        }

        object? Value() => random.Next(5) switch
        {
            0 => Pick(Values),
            1 => Some(() => Pick(Values.OfType<int>().ToArray())),
            2 => Some(() => Pick(Values.OfType<double>().ToArray())),
            3 => Some(() => Pick(Values.OfType<string>().ToArray())),
            _ => Expression(3) is var expression and not ConstantValue ? expression : new ConstantReference("N"),
        };

        EquatableArray<AttributeDeclaration> attributes = Some(() => new AttributeDeclaration(
            Pick(["Strata.DenseAttribute", "Demo.SwishAttribute"]), Some(() => new AttributeArgument(Pick(Names), Value(), random.Next(3) == 0))));
        attributes = attributes.Concat(Some(() => new AttributeDeclaration(
            "Demo.Outer.UnitAttribute", EquatableArray<AttributeArgument>.Empty, "[My Library].Demo.Outer.UnitAttribute"))).ToEquatableArray();
        return new DeclaredBlock(
            new BlockDeclaration(
                "Demo.B", false, Some(() => new BlockConstant(Pick(Names), Pick(Types), Expression(4))), attributes,
                random.Next(attributes.Count + 1)),
            Some(() => Pick(Names)).Distinct().Order(StringComparer.Ordinal)
                .SelectMany(name => Some(() => new ParameterDefault(name, Pick(Names), Expression(2)))).ToEquatableArray());
    }
}
