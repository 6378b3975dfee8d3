using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Mistakes in operators of one's own: the message, and the expression at which it is reported.</summary>
public sealed class OperatorRuleTests
{
    private const string Formulas = "Formulas have parameters, locals, constants, operators and static methods.";

    private const string Locals = "Give each value a local of its own: 'float y = …;'.";

    private const string OfMathF = "Abs, Ceiling, CopySign, Cos, Exp, Floor, Log, Log10, Log2, Max, Min, Pow, Round, Sign, Sin, Sqrt, "
        + "Tanh, Truncate";

    [Theory]
    [InlineData("{|STRATA091:if|} (x > 0) { return x; } return 0;", "Value: 'if' cannot be read here. Write 'condition ? a : b'.")]
    [InlineData(
        "float y = x; {|STRATA091:for|} (int i = 0; i < 3; i++) { } return y;",
        "Value: a loop cannot be read here. Write out its steps, or a formula for its result.")]
    [InlineData("float y = x; {|STRATA091:y = x * x;|} return y;", "Value: an assignment cannot be read here. " + Locals)]
    [InlineData("float y = x; return {|STRATA091:y++|};", "Value: an assignment cannot be read here. " + Locals)]
    [InlineData(
        "float {|STRATA091:y|}; return x;",
        "Value: the local 'y' without a value cannot be read here. Give it its value at once: 'float y = …;'.")]
    [InlineData(
        "return {|STRATA091:x switch { > 0 => x, _ => 0 }|};",
        "Value: a switch expression cannot be read here. Write 'condition ? a : b'.")]
    [InlineData("return {|STRATA091:x is > 0|} ? x : 0;", "Value: 'is' cannot be read here. Write comparisons, such as 'x > 0'.")]
    [InlineData(
        "return x + {|STRATA091:x % 2|};",
        "Value: the operator % cannot be read here. Write 'x - y * MathF.Truncate(x / y)', for y that is finite.")]
    [InlineData(
        "return x * {|STRATA091:(int)x|};",
        "Value: a conversion to int cannot be read here. Write 'MathF.Truncate(x)'; a formula has floats only.")]
    [InlineData(
        "return x * ({|STRATA091:MathF.Sign(x) * 2|});",
        "Value: arithmetic of int that is not constant cannot be read here. Make one of the numbers a float, such as 2f.")]
    [InlineData(
        "const int n = N + 1; const int m = {|STRATA091:n / 2|}; return x * m;",
        "Value: arithmetic of int with a local that depends on the constants of the class cannot be read here. Make the local a constant "
        + "of the class.")]
    [InlineData(
        "const int n = 4; const int m = n / 2; return x * {|STRATA091:Scale|} * m;",
        "Value: the field 'Scale' cannot be read here. Make it 'const'.")]
    [InlineData(
        "return x * {|STRATA091:Environment.TickCount|};", "Value: 'Environment.TickCount' cannot be read here. " + Formulas)]
    [InlineData("return {|STRATA092:MathF.Cosh|}(x);", "MathF.Cosh has no formula here. MathF has " + OfMathF + ".")]
    [InlineData(
        "return {|STRATA092:float.Cbrt|}(x);",
        "float.Cbrt has no formula here. float has Abs, Ceiling, Clamp, CopySign, Cos, Exp, ExpM1, Floor, IsFinite, IsInfinity, IsNaN, "
        + "Log, Log10, Log2, LogP1, Max, Min, Pow, Round, Sign, Sin, Sqrt, Tanh, Truncate.")]
    [InlineData(
        "return {|STRATA092:BitConverter.Int32BitsToSingle|}(1) * x;",
        "BitConverter.Int32BitsToSingle has no formula here. Call static methods of the project with parameters of float, and those of "
        + "MathF, float and Strata.Functions.")]
    [InlineData(
        "return {|STRATA092:Far|}(x); } private static extern float Far(float x); private static float Same(float x) { return x;",
        "OwnAttribute.Far has no formula here. Call static methods of the project with parameters of float, and those of MathF, float and "
        + "Strata.Functions.")]
    [InlineData(
        "return Functions.LeakyReLU(x, {|STRATA094:x|});",
        "Functions.LeakyReLU: 'slope' must be a constant. Write a number, such as 2f, or a constant of the class that is not trained.")]
    public Task What_is_no_formula_is_reported_where_it_stands(string body, string message) => ReportsAsync($$"""
            private const int N = 3;
            private static float Scale = 2;

            public static float Value(float x) { {{body}} }
        """, message);

    [Fact]
    public Task Each_mistake_of_a_method_is_reported() => ReportsAsync(
        """
            public static float Value(float a, float b)
            {
                float y = a * {|STRATA091:(long)b|};
                return {|STRATA092:MathF.Acos|}(y) + {|STRATA091:b % a|} + y;
            }
        """,
        "Value: a conversion to long cannot be read here. Write 'MathF.Truncate(x)'; a formula has floats only.",
        $"MathF.Acos has no formula here. MathF has {OfMathF}.",
        "Value: the operator % cannot be read here. Write 'x - y * MathF.Truncate(x / y)', for y that is finite.");

    [Fact]
    public Task A_mistake_in_a_method_that_is_called_stands_there_once() => ReportsAsync(
        """
            public static float Value(float x) => Whole(x) + Whole(2 * x);

            private static float Whole(float y) => {|STRATA091:(int)y|};
        """,
        "Whole: a conversion to int cannot be read here. Write 'MathF.Truncate(x)'; a formula has floats only.");

    [Fact]
    public Task A_formula_without_end_is_reported_at_the_call() => ReportsAsync(
        """
            public static float Value(float x) => Even(x);

            private static float Even(float x) => x > 0 ? Odd(x - 1) : 0;

            private static float Odd(float x) => {|STRATA093:Even|}(x - 1);
        """,
        "Even calls itself, so its formula would never end: Even → Odd → Even. Write a formula for the result.");

    [Theory]
    [InlineData("x / (System.Math.Abs(x) + {|STRATA091:1e-46|})", "1e-46, which is too small for a float and would be 0")]
    [InlineData("x * {|STRATA091:1e39|}", "1e39, which is too large for a float and would be infinite")]
    public Task A_number_of_which_a_float_keeps_nothing_is_reported(string formula, string what) => ReportsAsync(
        $"public static float Value(float x) => (float)({formula});", $"Value: {what}, cannot be read here. Networks compute in floats.");

    [Fact]
    public Task A_formula_that_doubles_at_each_line_is_too_large() => ReportsAsync(
        $$"""
            public static float {|STRATA095:Value|}(float x)
            {
                float y0 = x;
                {{string.Concat(Enumerable.Range(0, 40).Select(i => $"float y{i + 1} = y{i} * y{i};\n"))}}
                return y40;
            }
        """,
        "Own: the formula has more than 2000 operations, or more than 200 levels, once the methods and locals in it are written "
        + "out. Simplify it, or make two operators of it.");

    [Theory]
    [InlineData("", "{|STRATA090:OwnAttribute|}", "the class has no method Value", "x")]
    [InlineData("public float {|STRATA090:Value|}(float x) => x;", "OwnAttribute", "Value is not static", "x")]
    [InlineData("public static double {|STRATA090:Value|}(float x) => x;", "OwnAttribute", "Value returns double, not float", "x")]
    [InlineData("public static float {|STRATA090:Value|}(double x) => 1;", "OwnAttribute", "its parameter 'x' is no plain float", "x")]
    [InlineData("public static float {|STRATA090:Value|}(ref float x) => x;", "OwnAttribute", "its parameter 'x' is no plain float", "x")]
    [InlineData("public static float {|STRATA090:Value|}() => 1;", "OwnAttribute", "Value has 0 parameters", "x")]
    [InlineData(
        "public static float {|STRATA090:Value|}(float x, float y, float z) => x;", "OwnAttribute", "Value has 3 parameters", "a, float b")]
    [InlineData(
        "public static float Value(float x) => x; public static float {|STRATA090:Value|}(float x, float y) => x;", "OwnAttribute",
        "the class has several methods Value", "x")]
    [InlineData("public extern static float {|STRATA090:Value|}(float x);", "OwnAttribute", "Value is extern, without a formula", "x")]
    public Task An_operator_has_one_method_that_can_be_read(string members, string name, string wrong, string parameters) =>
        new Harness().ReportsAsync(
            $"using Strata; public sealed class {name} : ElementwiseAttribute {{ {members} }}",
            $"Operator 'Own': {wrong}. Write 'public static float Value(float {parameters})'.");

    [Fact]
    public Task A_loss_compares_two_numbers() => new Harness().ReportsAsync(
        "using Strata; sealed class OwnAttribute : ElementwiseLossAttribute { public static float {|STRATA090:Value|}(float x) => x; }",
        "Operator 'Own': a loss compares two numbers, an output and a target. Write 'public static float Value(float output, float "
        + "target)'.");

    [Theory]
    [InlineData("[Trained] private static readonly float {|STRATA096:S|} = 1;", "is no constant. Write 'private const double', with the "
        + "value where training begins")]
    [InlineData("[Trained] private const int {|STRATA096:S|} = 1;", "is of type int. Make it a double")]
    [InlineData("[Trained(Key = \"a.b\")] private const double {|STRATA096:S|} = 1;",
        "has the key 'a.b'. Use letters, digits and underscores")]
    [InlineData("[Trained(Key = \"s\")] private const double T = 1; [Trained] private const double {|STRATA096:S|} = 1;",
        "has the key 's' of another one. Give it a Key of its own")]
    [InlineData("[Trained(Key = \"s_a\")] private const double T = 1; [Trained(Key = \"sA\")] private const double {|STRATA096:S|} = 1;",
        "has the key 'sA', which becomes the same property 'SA' as 's_a'. Give it a Key of its own")]
    [InlineData("[Trained(Key = \"1x\")] private const double {|STRATA096:S|} = 1;",
        "has the key '1x', which is no name for a property of the layer. Begin it with a letter")]
    [InlineData("[Trained(Key = \"_\")] private const double {|STRATA096:S|} = 1;",
        "has the key '_', which is no name for a property of the layer. Begin it with a letter")]
    [InlineData("[Trained(Key = \"get_type\")] private const double {|STRATA096:S|} = 1;",
        "has the key 'get_type', but every object has a member 'GetType'. Give it another Key")]
    [InlineData("[Trained] private const double {|STRATA096:S|} = 1; private const double Twice = 2 * S;",
        "is a part of the constant 'Twice', which would keep its initial value. Compute that in Value")]
    public Task A_trained_number_is_a_constant_that_can_change(string field, string wrong) => ReportsAsync(
        field + " public static float Value(float x) => x;", $"Operator 'Own': the trained number 'S' {wrong}.");

    [Fact]
    public Task A_trained_number_that_is_not_read_is_reported() => ReportsAsync(
        "[Trained] private const double {|STRATA096:S|} = 1; public static float Value(float x) => x;",
        "Operator 'Own': the trained number 'S' is not read by Value. Read it there, or remove it.");

    [Theory]
    [InlineData("2 * {|STRATA096:SlopeAttribute.Value|}(x)")]
    [InlineData("Twice(x); private static float Twice(float y) => {|STRATA096:SlopeAttribute.Value|}(y) + y")]
    [InlineData("{|STRATA096:Helper.Value|}(x)")]
    [InlineData("x * {|STRATA096:(float)SlopeAttribute.Slope|}")]
    public Task A_trained_number_of_another_operator_is_reported_where_it_would_be_frozen(string formula) => new Harness().ReportsAsync(
        Class($"public static float Value(float x) => {formula};") + """
        public sealed class SlopeAttribute : ElementwiseAttribute
        {
            [Trained] internal const double Slope = 0.25;
            public static float Value(float x) => x * (float)Slope;
        }

        static class Helper { public static float Value(float x) => SlopeAttribute.Value(x); }
        """,
        "Operator 'Own': the trained number 'Slope' belongs to SlopeAttribute, and would keep its initial value here. Declare one in "
        + "OwnAttribute, and pass it as a parameter to the methods that read it.");

    [Fact]
    public Task Losses_train_nothing() => new Harness().ReportsAsync(
        """
        using Strata;
        sealed class OwnAttribute : ElementwiseLossAttribute
        {
            [Trained] private const double {|STRATA096:S|} = 1;
            public static float Value(float output, float target) => output - target;
        }
        """,
        "Operator 'Own': the trained number 'S' belongs to a loss, which has no parameters. Remove [Trained], or make it a layer.");

    /// <summary>What the compiler refuses has its own error.</summary>
    [Theory]
    [InlineData("public static float Value(float x) => y;")]
    [InlineData("public static float Value(float x) => MathF.Tangent(x);")]
    [InlineData("public static float Value(float x) { return }")]
    [InlineData("public static float Value(flaot x) => x;")]
    [InlineData("public static float Value(float x) => x +;")]
    [InlineData("public static float Value(float x) { float y = Missing(x); return y; }")]
    [InlineData("public static float Value(float x);")]
    [InlineData("public static float Value(float x) => Of(x); private static partial float Of(float x);")]
    [InlineData("public static float Value(float x) { }")]
    [InlineData("public static float Value(float x) { return; }")]
    public async Task Errors_of_the_compiler_are_not_reported_twice(string members) =>
        Assert.Empty(await new Harness().AnalyzeAsync(Class(members)));

    private static string Class(string members) =>
        $"using System;\nusing Strata;\npublic sealed class OwnAttribute : ElementwiseAttribute\n{{\n{members}\n}}\n";

    private static Task ReportsAsync(string members, params string[] messages) => new Harness().ReportsAsync(Class(members), messages);
}
