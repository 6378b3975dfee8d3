using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Lowering;

namespace Strata.Generator.Printing;

/// <summary>Loop nests as C#: the lines of a method's body, and the methods that they call.</summary>
internal sealed class NestPrinter
{
    private readonly SourceWriter _writer;
    private readonly HashSet<DefinedFunction> _functions = [];
    private readonly ExpressionPrinter _expressions;

    private NestPrinter(int depth, PrintedFunctions printed) =>
        (_writer, _expressions) = (new SourceWriter(depth), new ExpressionPrinter(_functions, printed));

    /// <summary>The body of a nest alone, and the methods that it calls.</summary>
    public static (string Body, IReadOnlyList<PrintedMethod> Calls) Print(Nest nest, int depth)
    {
        (string body, IReadOnlyList<PrintedMethod> calls) = Print(nest, depth, new PrintedFunctions());
        return (PrintedMethod.WithoutMarks(body), calls);
    }

    /// <summary>A kernel as a method of a class.</summary>
    /// <param name="printed">The functions that other nests call; receives the new ones.</param>
    public static PrintedMethod Print(KernelMethod kernel, PrintedFunctions printed) =>
        Method($"// {kernel.Summary}.", kernel.Name, kernel.Nest, isInlined: false, printed);

    private static (string Body, IReadOnlyList<PrintedMethod> Calls) Print(Nest nest, int depth, PrintedFunctions printed)
    {
        if (NestVerifier.IsOn)
        {
            NestVerifier.Verify(nest);
        }

        var printer = new NestPrinter(depth, printed);
        printer.Write(nest.Body.Statements);
        return (printer._writer.ToString(), [.. printer._functions.Select(function => MethodOf(function, printed))]);
    }

    /// <summary>The parameters of the method.</summary>
    public static string Parameters(Nest nest) => string.Join(", ", nest.Parameters.Select(parameter => parameter switch
    {
        PointerParameter { Pointer: var pointer } => $"ref {ExpressionPrinter.TypeOf(pointer.Element)} {pointer.Name}",
        ValueParameter { IsOffset: true } value => $"nint {value.Name}",
        ValueParameter { Type.Kind: ElementKind.StepContext } value => $"in StepContext {value.Name}",
        ValueParameter value => $"{ExpressionPrinter.TypeOf(value.Type)} {value.Name}",
        _ => throw new InvalidOperationException($"{parameter} has no text."),
    }));

    private static PrintedMethod MethodOf(DefinedFunction function, PrintedFunctions printed)
    {
        if (!printed.Methods.TryGetValue(function, out PrintedMethod? method))
        {
            string comment = function.Purpose.Length == 0 ? "" : $"// {function.Purpose}";
            method = Method(comment, printed.NameOf(function), function.Nest, function.IsInlined, printed);
            printed.Methods.Add(function, method);
        }

        return method;
    }

    private static PrintedMethod Method(string comment, string name, Nest nest, bool isInlined, PrintedFunctions printed)
    {
        (string body, IReadOnlyList<PrintedMethod> calls) = Print(nest, depth: 2, printed);
        var code = new SourceWriter(depth: 1);

        // Offsets cannot overflow, and are not to be checked for it where a project checks its own arithmetic.
        code.Line(isInlined ? "{" : "{ unchecked {");
        code.Append(body);
        code.Line(isInlined ? "}" : "}}");
        return new PrintedMethod(
            comment, ExpressionPrinter.TypeOf(nest.Result), name, $"({Parameters(nest)})\n{code}", calls.ToEquatableArray(), isInlined)
        {
            Lanes = nest.Lanes,
        };
    }

    private void Write(IEnumerable<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            Write(statement);
        }
    }

    private void Write(Statement statement)
    {
        switch (statement)
        {
            case Declare declare:
                Write(declare);
                break;

            case DeclareZeros zeros:
                _writer.DeclareZeros(zeros.Variables.Select(variable => variable.Name));
                break;

            case Point { Declares: true } point:
                WriteDeclarations(point);
                break;

            case Allocate allocate:
                Write(allocate);
                break;

            case Table table:
                _writer.Line(
                    $"ReadOnlySpan<float> {table.Span.Name} = "
                    + $"[{string.Join(", ", table.Values.Select(value => Literals.Single(value)))}];");
                break;

            case For loop:
                Write(loop);
                break;

            case Comment comment:
                _writer.Line($"// {comment.Text}");
                break;

            case Group group:
                _writer.Statements(group.Statements.Select(Line));
                break;

            case Block { IsScope: true } block:
                using (_writer.Braces())
                {
                    Write(block.Statements);
                }

                break;

            case Block block:
                Write(block.Statements);
                break;

            default:
                _writer.Line(Line(statement));
                break;
        }
    }

    private void Write(Declare declare)
    {
        IEnumerable<string> variables = declare.Bindings.Select(
            b => b.Value is null ? _expressions.Print(b.Variable) : $"{_expressions.Print(b.Variable)} = {_expressions.Print(b.Value)}");
        _writer.Declare(TypeOf(declare.Bindings[0].Variable), variables);
    }

    /// <summary>New pointers: a line for each type.</summary>
    private void WriteDeclarations(Point point)
    {
        foreach (IGrouping<string, PointerBinding> ofType in point.Bindings.GroupBy(b => ExpressionPrinter.TypeOf(b.Pointer.Element)))
        {
            IEnumerable<string> pointers = ofType.Select(b => $"{b.Pointer.Name} = ref {_expressions.Element(b.Target)}");
            _writer.Line($"ref {ofType.Key} {string.Join(", ", pointers)};");
        }
    }

    private void Write(Allocate allocate)
    {
        string type = ExpressionPrinter.TypeOf(allocate.Span.Element);
        _writer.Line($"Span<{type}> {allocate.Span.Name} = stackalloc {type}[{Literals.Number(allocate.Length)}];");
        if (allocate.First is { } first)
        {
            _writer.Line($"ref {type} {first.Name} = ref MemoryMarshal.GetReference({allocate.Span.Name});");
        }
    }

    private static string TypeOf(Expression variable) =>
        variable is IndexVariable { IsOffset: true } ? "nint" : ExpressionPrinter.TypeOf(variable.Type);

    /// <summary>Loops with nothing in between stand one below the other.</summary>
    private void Write(For loop)
    {
        string variable = loop.Variable.Name, step = loop.Step.Is(1) ? variable + "++" : $"{variable} += {_expressions.Print(loop.Step)}";
        _writer.Line($"for (int {variable} = {_expressions.Print(loop.First)}; {variable} < {_expressions.Print(loop.End)}; {step})");
        if (loop.Body.Statements.Count == 1 && loop.Body.Statements[0] is For inner)
        {
            Write(inner);
            return;
        }

        using (_writer.Braces())
        {
            Write(loop.Body.Statements);
        }
    }

    /// <summary>A statement of one line.</summary>
    private string Line(Statement statement)
    {
        switch (statement)
        {
            case Declare { Bindings.Count: 1 } declare:
                Binding binding = declare.Bindings[0];
                return $"{TypeOf(binding.Variable)} {_expressions.Print(binding.Variable)} = {_expressions.Print(binding.Value!)};";

            case Assign assign:
                return Assignment(_expressions.Print(assign.Variable), assign.Variable, assign.Value);

            case Store store when store.Value.Type.IsWide
                && store.Value.Type.Kind is ElementKind.Float or ElementKind.Bool or ElementKind.Int
                && !store.Target.Pointer.Element.IsWide:
                return ExpressionPrinter.IsOfFloats(store.Target)
                    ? $"{ShortMethods.Store}({_expressions.Print(store.Value)}, {_expressions.Vector(store.Target)});"
                    : $"{_expressions.AsOperand(store.Value)}.StoreUnsafe({_expressions.Vector(store.Target)});";

            case Store store:
                return Assignment(_expressions.Element(store.Target), store.Target.Value, store.Value);

            case Point point:
                return string.Join(" ", point.Bindings.Select(b => $"{b.Pointer.Name} = ref {_expressions.Element(b.Target)};"));

            case Evaluate evaluate:
                return _expressions.Print(evaluate.Call) + ";";

            case Return result:
                return $"return {_expressions.Print(result.Value)};";

            default:
                throw new InvalidOperationException($"{statement} has no text.");
        }
    }

    /// <summary>x = x + y is x += y.</summary>
    private string Assignment(string target, Expression current, Expression value) =>
        value is Binary { Operator: BinaryOperator.Add or BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Or } binary
        && binary.Left == current
            ? $"{target} {ExpressionPrinter.Symbol(binary.Operator)}= {_expressions.Print(binary.Right)};"
            : $"{target} = {_expressions.Print(value)};";
}
