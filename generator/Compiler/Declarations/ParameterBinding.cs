using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Declarations;

/// <summary>Binds the parameters of blocks and of declared operators to their values at one use.</summary>
internal static class ParameterBinding
{
    /// <summary>An attribute inside of a block, with the values of its arguments at one use of the block.</summary>
    public static AttributeDeclaration Evaluate(
        AttributeDeclaration attribute, ConstantEvaluator constants, out List<(string Argument, ConstantException Reason)> failures)
    {
        failures = [];
        var arguments = new List<AttributeArgument>();
        foreach (AttributeArgument argument in attribute.Arguments)
        {
            if (argument is not { Value: ConstantExpression expression, IsDefault: false })
            {
                arguments.Add(argument);
                continue;
            }

            try
            {
                arguments.Add(argument with { Value = constants.Evaluate(expression) });
            }
            catch (ConstantException exception)
            {
                failures.Add((argument.Name, exception));
            }
        }

        return attribute with { Arguments = arguments.ToEquatableArray() };
    }

    /// <summary>The type of a constant for an argument, and a value.</summary>
    private static (string Type, string Value) ExampleOf(object? argument) => argument switch
    {
        double or float => (argument is double ? "double" : "float", "1"),
        bool => ("bool", "true"),
        string => ("string", "\"\""),
        _ => ("int", "64"),
    };

    /// <summary>
    /// The constants with the arguments of one use. If an argument does not fit, it is reported, and the constant keeps its declared value.
    /// </summary>
    /// <param name="constants">The constants of the block's or the operator's class.</param>
    /// <param name="isCompiled">Whether the class is from another assembly in which constants have become plain numbers.</param>
    /// <param name="own">The arguments that every block, or every layer or loss, has. All others are parameters.</param>
    public static ConstantEvaluator Bind(
        EquatableArray<BlockConstant> constants, bool isCompiled, string[] own, AttributeDeclaration use, Subject subject,
        ProblemLog problems)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);

        var defaults = new List<(BlockConstant Constant, string Argument, ConstantExpression Value)>();
        foreach (AttributeArgument argument in use.Arguments.Where(argument => !own.Contains(argument.Name)))
        {
            BlockConstant? constant = constants.FirstOrDefault(candidate => candidate.Name == argument.Name)
                ?? constants.FirstOrDefault(
                    candidate => string.Equals(candidate.Name, argument.Name, StringComparison.OrdinalIgnoreCase));
            if (isCompiled)
            {
                if (!argument.IsDefault)
                {
                    problems.Add(BlockProblems.Compiled(subject.At(argument.Name), argument.Name));
                }
            }
            else if (constant is null)
            {
                (string type, string value) = ExampleOf(argument.Value);
                string wanted = argument.Name.Length == 0 ? "" : char.ToUpperInvariant(argument.Name[0]) + argument.Name.Substring(1);
                problems.Add(BlockProblems.ParameterWithoutConstant(
                    argument.IsDefault ? subject : subject.At(argument.Name), argument.Name, wanted, type, value));
            }
            else if (argument.Value is ConstantExpression expression)
            {
                defaults.Add((constant, argument.Name, expression));
            }
            else
            {
                Set(constant, argument.Name, () => argument.Value);
            }
        }

        // A default may depend on other parameters. Those that are left out have their declared values in it.
        foreach ((BlockConstant constant, string argument, ConstantExpression value) in defaults)
        {
            var evaluator = new ConstantEvaluator(constants, new Dictionary<string, object?>(values));
            Set(constant, argument, () => evaluator.Evaluate(value));
        }

        return new ConstantEvaluator(constants, values);

        void Set(BlockConstant constant, string argument, Func<object?> value)
        {
            try
            {
                values[constant.Name] = ConstantEvaluator.Pass(value(), constant.Type);
            }
            catch (ConstantException exception)
            {
                problems.Add(BlockProblems.WithoutValue(subject.At(argument), argument, exception));
            }
        }
    }
}
