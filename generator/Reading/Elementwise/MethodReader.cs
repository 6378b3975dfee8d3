using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Declarations;

namespace Strata.Generator.Reading;

/// <summary>
/// Reads a C# method as a formula. The variables are its parameters, and the constants of its class whose values depend on the use of the
/// operator. Methods of the project that it calls are inlined. Code that cannot be read is reported at its place. Code that the compiler
/// refuses is left to the compiler.
/// </summary>
/// <remarks>
/// Formulas compute in floats. Arithmetic in double is read as arithmetic in float, and casts between the two change nothing. A constant
/// expression is computed as a whole by C#'s rules, and then rounded to a float.
/// </remarks>
internal sealed class MethodReader(
    INamedTypeSymbol type, Compilation compilation, EquatableArray<TrainedConstant> trained, List<Diagnostic> problems,
    CancellationToken cancellationToken)
{
    private const int MostLevels = 200, MostCalls = 20;

    private readonly List<ConstantExpression> _numbers = [];
    private readonly Stack<(IMethodSymbol Method, SyntaxNode? Call)> _calls = new();
    private readonly HashSet<MethodDeclarationSyntax> _written = [];
    private readonly HashSet<SyntaxTree> _files = [];
    private int _read, _level;

    /// <summary>The expressions of constants that the formula reads, in the order of its variables.</summary>
    public EquatableArray<ConstantExpression> Numbers => _numbers.ToEquatableArray();

    /// <summary>The files of the classes whose methods and numbers were read.</summary>
    public IReadOnlyCollection<SyntaxTree> Files => _files;

    /// <summary>Whether the compiler reports an error in one of the methods that were read.</summary>
    public bool HasErrors => _written.Any(method => compilation.GetSemanticModel(method.SyntaxTree)
        .GetDiagnostics(method.Span, cancellationToken).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

    /// <summary>The formula of a method whose parameters are the operator's inputs; null if it cannot be read.</summary>
    public Expression? Read(IMethodSymbol method)
    {
        Expression? value = ReadBody(method, null, [.. method.Parameters.Select(parameter => DeclaredOperator.InputOf(parameter.Name))]);
        if (value is null)
        {
            return null;
        }

        return value.Size <= DeclaredOperator.MostExpressions ? Folding.Fold(value)
            : TooLarge(((MethodDeclarationSyntax)Declaration(method)!).Identifier);
    }

    private SyntaxNode? Declaration(IMethodSymbol method) =>
        WrittenPart(method).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);

    /// <summary>The part of a method that has the body. Its parameters are those that the body reads.</summary>
    private static IMethodSymbol WrittenPart(IMethodSymbol method) => method.PartialImplementationPart ?? method;

    private Expression? ReadBody(IMethodSymbol method, SyntaxNode? call, IReadOnlyList<Expression?> arguments)
    {
        if (Declaration(method) is not MethodDeclarationSyntax syntax)
        {
            return null;
        }

        _written.Add(syntax);
        _files.UnionWith(StackReader.FilesOf(method.ContainingType));
        if (compilation.GetSemanticModel(syntax.SyntaxTree) is not { } model
            || model.GetOperation(syntax, cancellationToken) is not IMethodBodyOperation body
            || (body.ExpressionBody ?? body.BlockBody) is not { } block)
        {
            return null;
        }

        var frame = new Frame(model);
        for (int i = 0; i < method.Parameters.Length; i++)
        {
            frame.Values[WrittenPart(method).Parameters[i]] = arguments[i];
        }

        _calls.Push((method, call));
        Expression? value = ReadStatements(block, frame);
        _calls.Pop();
        return value;
    }

    private Expression? ReadStatements(IBlockOperation block, Frame frame)
    {
        foreach (IOperation statement in block.Operations)
        {
            switch (statement)
            {
                case IReturnOperation { ReturnedValue: { } returned }:
                    return Read(returned, frame);

                case IBlockOperation inner:
                    if (ReadStatements(inner, frame) is { } value)
                    {
                        return value;
                    }

                    break;

                case IVariableDeclarationGroupOperation group:
                    foreach (IVariableDeclaratorOperation local in group.Declarations.SelectMany(declaration => declaration.Declarators))
                    {
                        frame.Values[local.Symbol] = local.GetVariableInitializer() is { } initializer
                            ? Read(initializer.Value, frame)
                            : Problem(local.Syntax, $"the local '{local.Symbol.Name}' without a value",
                                $"Give it its value at once: 'float {local.Symbol.Name} = …;'");
                    }

                    break;

                case IEmptyOperation or IInvalidOperation or IReturnOperation:
                    break;

                default:
                    ReportStatement(statement);
                    break;
            }
        }

        return null;
    }

    private void ReportStatement(IOperation statement)
    {
        (string what, string instead) = statement switch
        {
            IConditionalOperation => ("'if'", "Write 'condition ? a : b'"),
            ILoopOperation => ("a loop", "Write out its steps, or a formula for its result"),
            ISwitchOperation => ("'switch'", "Write 'condition ? a : b'"),
            IExpressionStatementOperation { Operation: IInvalidOperation } => ("", ""),
            IExpressionStatementOperation { Operation: IAssignmentOperation or IIncrementOrDecrementOperation } =>
                ("an assignment", "Give each value a local of its own: 'float y = …;'"),
            ILocalFunctionOperation function => ($"the local function '{function.Symbol.Name}'", "Make it a static method of the class"),
            IThrowOperation or { Kind: OperationKind.ExpressionStatement, Syntax: ThrowStatementSyntax } =>
                ("'throw'", "Return float.NaN where there is no result"),
            _ => ($"'{Shown(statement.Syntax)}'", "A method has locals, 'float y = …;', and one 'return'"),
        };
        if (what.Length > 0)
        {
            Problem(statement is IConditionalOperation or ILoopOperation or ISwitchOperation
                ? statement.Syntax.GetFirstToken() : statement.Syntax, what, instead);
        }
    }

    /// <summary>Reads an expression. A truth value becomes a mask.</summary>
    private Expression? Read(IOperation operation, Frame frame)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (++_read > DeclaredOperator.MostExpressions || _level > MostLevels)
        {
            return TooLarge(operation.Syntax);
        }

        _level++;
        Expression? read = !operation.ConstantValue.HasValue ? ReadVariable(operation, frame)
            : FrozenBy(operation) is { } frozen ? FrozenNumber(operation, frozen)
            : DependsOnVariables(operation, frame) ? ReadVariable(operation, frame)
            : Number(operation, frame);
        _level--;
        return read;
    }

    private Expression? ReadVariable(IOperation operation, Frame frame)
    {
        switch (operation)
        {
            case IParameterReferenceOperation parameter:
                return Known(parameter.Parameter, frame);

            case ILocalReferenceOperation local:
                return Known(local.Local, frame);

            case IFieldReferenceOperation { Field: { IsConst: true } field } when IsTrained(field):
                return DeclaredOperator.TrainedOf(field.Name);

            case IFieldReferenceOperation field:
                return Problem(field.Syntax, $"the field '{field.Field.Name}'", "Make it 'const'");

            case IParenthesizedOperation parenthesized:
                return Read(parenthesized.Operand, frame);

            case IConversionOperation conversion:
                return Convert(conversion, frame);

            case IUnaryOperation unary:
                return Unary(unary, frame);

            case IBinaryOperation binary:
                return Binary(binary, frame);

            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                (Expression? mask, Expression? then) = (Read(choice.Condition, frame), Read(choice.WhenTrue, frame));
                return Read(otherwise, frame) is not { } other || mask is null || then is null ? null
                    : choice.Type?.SpecialType == SpecialType.System_Boolean ? (mask & then) | (~mask & other)
                    : Expression.Select(mask, then, other);

            case IInvocationOperation call:
                return Invoke(call, frame);

            case IInvalidOperation:
                return null;

            default:
                (string what, string instead) = Refused(operation);
                return Problem(operation.Syntax, what, instead);
        }
    }

    private static (string What, string Instead) Refused(IOperation operation) => operation switch
    {
        ISwitchExpressionOperation => ("a switch expression", "Write 'condition ? a : b'"),
        IIsPatternOperation => ("'is'", "Write comparisons, such as 'x > 0'"),
        IAssignmentOperation or IIncrementOrDecrementOperation =>
            ("an assignment", "Give each value a local of its own: 'float y = …;'"),
        IThrowOperation => ("'throw'", "Return float.NaN where there is no result"),
        _ => ($"'{Shown(operation.Syntax)}'", "Formulas have parameters, locals, constants, operators and static methods"),
    };

    /// <summary>The value of a local or parameter. Null if it could not be read; this has already been reported.</summary>
    private static Expression? Known(ISymbol symbol, Frame frame) =>
        frame.Values.TryGetValue(symbol, out Expression? value) ? value : null;

    private Expression? Convert(IConversionOperation conversion, Frame frame)
    {
        // An operand without a type is an error that the compiler reports, or has been reported here.
        if (IsError(conversion.Operand.Type))
        {
            return Read(conversion.Operand, frame);
        }

        (SpecialType from, SpecialType to) = (conversion.Operand.Type!.SpecialType, conversion.Type?.SpecialType ?? SpecialType.None);
        return to is SpecialType.System_Single or SpecialType.System_Double && conversion.OperatorMethod is null && IsNumber(from)
            ? Read(conversion.Operand, frame)
            : Problem(conversion.Syntax, $"a conversion to {Name(conversion.Type)}",
                IsInteger(to) ? "Write 'MathF.Truncate(x)'; a formula has floats only" : "A formula has floats only");
    }

    private Expression? Unary(IUnaryOperation unary, Frame frame)
    {
        if (unary.OperatorKind is not (UnaryOperatorKind.Minus or UnaryOperatorKind.Plus or UnaryOperatorKind.Not)
            || IsIntegral(unary.Type))
        {
            return OtherOperator(unary);
        }

        // The compiler reports !x of a number and -x of a condition.
        bool isOfTruth = unary.Operand.Type?.SpecialType == SpecialType.System_Boolean;
        return Read(unary.Operand, frame) is not { } operand || isOfTruth != (unary.OperatorKind == UnaryOperatorKind.Not) ? null
            : unary.OperatorKind switch
            {
                UnaryOperatorKind.Minus => -operand,
                UnaryOperatorKind.Not => ~operand,
                _ => operand,
            };
    }

    private Expression? Binary(IBinaryOperation binary, Frame frame)
    {
        if (IsError(binary.LeftOperand.Type) || IsError(binary.RightOperand.Type))
        {
            _ = (Read(binary.LeftOperand, frame), Read(binary.RightOperand, frame));
            return null;
        }

        bool isOfNumbers = IsFloat(binary.LeftOperand.Type) && IsFloat(binary.RightOperand.Type);
        bool isOfTruths = binary.LeftOperand.Type?.SpecialType == SpecialType.System_Boolean
            && binary.RightOperand.Type?.SpecialType == SpecialType.System_Boolean;
        Func<Expression, Expression, Expression>? combine = binary.OperatorKind switch
        {
            BinaryOperatorKind.Add when isOfNumbers => (x, y) => x + y,
            BinaryOperatorKind.Subtract when isOfNumbers => (x, y) => x - y,
            BinaryOperatorKind.Multiply when isOfNumbers => (x, y) => x * y,
            BinaryOperatorKind.Divide when isOfNumbers => (x, y) => x / y,
            BinaryOperatorKind.LessThan when isOfNumbers => (x, y) => x < y,
            BinaryOperatorKind.LessThanOrEqual when isOfNumbers => (x, y) => x <= y,
            BinaryOperatorKind.GreaterThan when isOfNumbers => (x, y) => x > y,
            BinaryOperatorKind.GreaterThanOrEqual when isOfNumbers => (x, y) => x >= y,
            BinaryOperatorKind.Equals when isOfNumbers => Expression.AreEqual,
            BinaryOperatorKind.NotEquals when isOfNumbers => (x, y) => ~Expression.AreEqual(x, y),
            BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And when isOfTruths => (x, y) => x & y,
            BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or when isOfTruths => (x, y) => x | y,
            _ => null,
        };
        return combine is null ? OtherOperator(binary)
            : (Read(binary.LeftOperand, frame), Read(binary.RightOperand, frame)) is ({ } left, { } right) ? combine(left, right) : null;
    }

    private Expression? OtherOperator(IOperation operation) => operation switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Remainder } binary when IsFloat(binary.Type) =>
            Problem(binary.Syntax, "the operator %", "Write 'x - y * MathF.Truncate(x / y)', for y that is finite"),
        { Type: { } type, ConstantValue.HasValue: true } when IsIntegral(type) =>
            Problem(operation.Syntax, $"arithmetic of {Name(type)} with a local that depends on the constants of the class",
                "Make the local a constant of the class"),
        { Type: { } type } when IsIntegral(type) =>
            Problem(operation.Syntax, $"arithmetic of {Name(type)} that is not constant", "Make one of the numbers a float, such as 2f"),
        _ => Problem(operation.Syntax, $"'{Shown(operation.Syntax)}'", "Numbers have + − * / and comparisons, conditions && || !"),
    };

    private Expression? Invoke(IInvocationOperation call, Frame frame)
    {
        IMethodSymbol method = call.TargetMethod;
        string? owner = KnownSymbols.Of(compilation).FunctionsOf(method.ContainingType);
        string name = $"{owner ?? method.ContainingType.Name}.{method.Name}";
        Func<Expression[], Expression>? known =
            owner is null ? null : FormulaFunctions.Find(owner, method.Name, method.Parameters.Length);
        if (known is null && (owner is not null || !IsWrittenOut(method)))
        {
            Report(NameOf(call.Syntax), FormulaProblems.UnknownFunction(name, owner is not null
                ? $"{owner} has {string.Join(", ", FormulaFunctions.NamesOf(owner))}"
                : "Call static methods of the project with parameters of float, and those of MathF, float and Strata.Functions"));
            return null;
        }

        var arguments = new Expression?[method.Parameters.Length];
        foreach (IArgumentOperation argument in call.Arguments)
        {
            int i = argument.Parameter!.Ordinal;
            arguments[i] = argument.ArgumentKind == ArgumentKind.DefaultValue
                ? Default(argument) : Read(argument.Value, frame);
            if (known is not null && arguments[i] is { } value && i >= FormulaFunctions.FirstConstant(owner!, method.Name)
                && !DeclaredOperator.IsNumber(value))
            {
                Report(argument.Syntax, FormulaProblems.NotConstant(name, argument.Parameter.Name));
                arguments[i] = null;
            }
        }

        return known is null ? WriteOut(call, arguments) : arguments.Contains(null) ? null : known(arguments!);
    }

    /// <summary>
    /// An argument that is left out. The default of a method of the project is read where it is written, since it may depend on the
    /// constants of the class. From another assembly, its value is known.
    /// </summary>
    private Expression? Default(IArgumentOperation argument)
    {
        SyntaxNode? syntax = argument.Parameter!.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);
        return syntax is ParameterSyntax { Default: { } written } && compilation.ContainsSyntaxTree(written.SyntaxTree)
            && compilation.GetSemanticModel(written.SyntaxTree) is { } model
            && model.GetOperation(written, cancellationToken) is IParameterInitializerOperation initializer
                ? Read(initializer.Value, new Frame(model))
                : DeclaredOperator.ValueOf(argument.Value.ConstantValue.Value);
    }

    private static bool IsWrittenOut(IMethodSymbol method) => !WrittenPart(method).IsExtern && method is
    {
        IsStatic: true, IsGenericMethod: false, MethodKind: MethodKind.Ordinary, DeclaringSyntaxReferences.IsEmpty: false,
        ReturnType.SpecialType: SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Boolean
    } && method.Parameters.All(parameter => parameter is
    {
        RefKind: RefKind.None, IsParams: false,
        Type.SpecialType: SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Boolean
    });

    private Expression? WriteOut(IInvocationOperation call, IReadOnlyList<Expression?> arguments)
    {
        IMethodSymbol method = call.TargetMethod;
        if (_calls.Any(caller => SymbolEqualityComparer.Default.Equals(caller.Method, method)))
        {
            string way = string.Join(" → ", _calls.Reverse().Select(caller => caller.Method)
                .SkipWhile(caller => !SymbolEqualityComparer.Default.Equals(caller, method)).Append(method).Select(caller => caller.Name));
            Report(NameOf(call.Syntax), FormulaProblems.Recursive(method.Name, way));
            return null;
        }

        return _calls.Count >= MostCalls ? TooLarge(call.Syntax) : ReadBody(method, call.Syntax, arguments);
    }

    private static SyntaxNode NameOf(SyntaxNode call) => call is InvocationExpressionSyntax invocation ? invocation.Expression : call;

    /// <summary>
    /// Whether an expression that C# regards as constant must be read as a formula: it contains a trained number, or a local that depends
    /// on one.
    /// </summary>
    private bool DependsOnVariables(IOperation operation, Frame frame) => operation.DescendantsAndSelf().Any(part => part switch
    {
        IFieldReferenceOperation { Field: var field } => IsTrained(field),
        ILocalReferenceOperation { Local: var local } => Known(local, frame) is not (null or Constant),
        _ => false,
    });

    private bool IsTrained(IFieldSymbol field) =>
        SymbolEqualityComparer.Default.Equals(field.ContainingType, type) && trained.Any(number => number.Name == field.Name);

    /// <summary>A trained number of another class, which a constant expression reads; null if there is none.</summary>
    private IFieldSymbol? FrozenBy(IOperation operation) => operation.DescendantsAndSelf().OfType<IFieldReferenceOperation>()
        .Select(reference => reference.Field).FirstOrDefault(field => !SymbolEqualityComparer.Default.Equals(field.ContainingType, type)
            && AttributesOf(field).Any(attribute => KnownSymbols.Of(compilation).IsTrained(attribute.AttributeClass)));

    private ImmutableArray<AttributeData> AttributesOf(IFieldSymbol field)
    {
        _files.UnionWith(StackReader.FilesOf(field.ContainingType));
        return field.GetAttributes();
    }

    /// <summary>Reports a trained number of another class where the operator reads it, or calls a method that does.</summary>
    private Expression? FrozenNumber(IOperation operation, IFieldSymbol number)
    {
        SyntaxNode? call = _calls.Reverse().FirstOrDefault(
            caller => !SymbolEqualityComparer.Default.Equals(caller.Method.ContainingType, type)).Call;
        Report(call is null ? operation.Syntax : NameOf(call), FormulaProblems.TrainedNumber(
            AttributeDeclaration.KindOf(type.Name), number.Name,
            $"belongs to {number.ContainingType.Name}, and would keep its initial value here",
            $"Declare one in {type.Name}, and pass it as a parameter to the methods that read it"));
        return null;
    }

    /// <summary>A constant expression: a number, or a variable if it depends on the constants of the class.</summary>
    private Expression? Number(IOperation operation, Frame frame)
    {
        bool isTruth = operation.Type?.SpecialType == SpecialType.System_Boolean;
        if (!isTruth && !IsNumber(operation.Type?.SpecialType ?? SpecialType.None))
        {
            return Problem(operation.Syntax, $"a constant of type {Name(operation.Type)}", "A formula has numbers only");
        }

        ConstantExpression read = operation.Syntax is ExpressionSyntax syntax
            ? new ExpressionReader(frame.Model, type, cancellationToken).Read(syntax) : new ConstantValue(operation.ConstantValue.Value);
        Expression number;
        switch (read)
        {
            case UnreadableExpression unreadable:
                return Problem(operation.Syntax, $"'{unreadable.Source}', which {unreadable.Reason},", "Write a simpler expression");

            case ConstantValue when DeclaredOperator.LossOf(operation.ConstantValue.Value) is { } loss:
                return Problem(operation.Syntax, $"{Shown(operation.Syntax)}, which is {loss},", "Networks compute in floats");

            // A literal may be read without its conversion: the value that the compiler computed is as exact.
            case ConstantValue:
                number = DeclaredOperator.ValueOf(operation.ConstantValue.Value);
                break;

            default:
                int index = _numbers.IndexOf(read);
                if (index < 0)
                {
                    index = _numbers.Count;
                    _numbers.Add(read);
                }

                number = DeclaredOperator.NumberOf(index);
                break;
        }

        return isTruth ? number > 0 : number;
    }

    private static bool IsError(ITypeSymbol? type) => type is null or { TypeKind: TypeKind.Error };

    private static bool IsFloat(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    private static bool IsIntegral(ITypeSymbol? type) => type is not null && IsInteger(type.SpecialType);

    private static bool IsInteger(SpecialType type) => type is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    private static bool IsNumber(SpecialType type) =>
        type is SpecialType.System_Single or SpecialType.System_Double || IsInteger(type);

    private static string Name(ITypeSymbol? type) => type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) ?? "nothing";

    private static string Shown(SyntaxNode syntax)
    {
        const int Longest = 40;
        string text = string.Join(" ", syntax.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > Longest ? text.Substring(0, Longest) + "…" : text;
    }

    private Expression? Problem(SyntaxNodeOrToken place, string what, string instead)
    {
        Report(place, FormulaProblems.Unreadable(_calls.Peek().Method.Name, what, instead));
        return null;
    }

    private Expression? TooLarge(SyntaxNodeOrToken place)
    {
        // Report it once. Everything after this place is too much as well.
        if (!problems.Exists(problem => problem.Id == FormulaProblems.TooLargeRule.Id))
        {
            Report(place, FormulaProblems.TooLarge(
                AttributeDeclaration.KindOf(type.Name), DeclaredOperator.MostExpressions, MostLevels));
        }

        return null;
    }

    private void Report(SyntaxNodeOrToken place, Problem problem) =>
        problems.Add(Descriptors.DiagnosticOf(problem, place.GetLocation()!));

    /// <summary>A method that is being inlined.</summary>
    private sealed class Frame(SemanticModel model)
    {
        public SemanticModel Model => model;

        /// <summary>The values of parameters and locals; null for those that could not be read.</summary>
        public Dictionary<ISymbol, Expression?> Values { get; } = new(SymbolEqualityComparer.Default);
    }
}
