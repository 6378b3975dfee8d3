using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Diagnostics;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>Gives the parameters of blocks and of declared operators the values that they have at one use.</summary>
internal static class ParameterBinding
{
    /// <summary>The attribute with the values that its arguments have in a block.</summary>
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

    public static Problem WithoutValue(Site site, string label, string argument, ConstantException reason) => Problem.Of(
        reason is UnreadableException ? Rules.UnreadableExpression : Rules.ArgumentWithoutValue, site.At(argument), label,
        argument, reason.Message);

    /// <summary>
    /// The constants with the arguments of one use. An argument that does not fit is reported, and its constant keeps its declared value.
    /// </summary>
    /// <param name="constants">Those of the class of the block or operator.</param>
    /// <param name="isCompiled">Whether the class is from another assembly, where its constants have become numbers.</param>
    /// <param name="own">Arguments of every block, or of every layer or loss. All others are parameters.</param>
    public static ConstantEvaluator Bind(
        EquatableArray<BlockConstant> constants, bool isCompiled, string[] own, AttributeDeclaration use, Site site, string label,
        List<Problem> problems)
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
                    problems.Add(Problem.Of(Rules.CompiledBlock, site.At(argument.Name), label, argument.Name)
                        .MendedBy(new Mend(MendKind.RemoveArgument)));
                }
            }
            else if (constant is null)
            {
                string wanted = argument.Name.Length == 0 ? "" : char.ToUpperInvariant(argument.Name[0]) + argument.Name.Substring(1);
                problems.Add(Problem.Of(
                    Rules.ParameterWithoutConstant, argument.IsDefault ? site : site.At(argument.Name), label, argument.Name, wanted));
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

        // A default may be computed from other parameters; of these, the ones that are left out have their declared values.
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
                problems.Add(WithoutValue(site, label, argument, exception));
            }
        }
    }
}
