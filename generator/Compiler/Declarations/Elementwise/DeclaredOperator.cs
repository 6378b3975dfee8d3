using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Declarations;

/// <summary>An elementwise operator or loss that a project declares: an attribute class with a method <c>Value</c>.</summary>
/// <param name="Key">The full name of its class, unique within the compilation.</param>
/// <param name="Kind">Its name as users write it, <c>BetaMish</c>.</param>
/// <param name="IsLoss">Whether its method compares an output with a target.</param>
/// <param name="Inputs">The names of the method's parameters, which are variables of its formula.</param>
/// <param name="Constants">The constants of its class. Arguments of a use replace some of them, as in a block.</param>
/// <param name="Defaults">The parameters of its constructors whose defaults are expressions of the constants.</param>
/// <param name="Numbers">The expressions of constants that the formula reads. It has a variable for each.</param>
/// <param name="Trained">The constants that training changes. The formula has a variable for each.</param>
/// <param name="Value">The formula; null if the method has mistakes.</param>
internal sealed record DeclaredOperator(
    string Key,
    string Kind,
    bool IsLoss,
    EquatableArray<string> Inputs,
    EquatableArray<BlockConstant> Constants,
    EquatableArray<ParameterDefault> Defaults,
    EquatableArray<ConstantExpression> Numbers,
    EquatableArray<TrainedConstant> Trained,
    Expression? Value)
{
    /// <summary>The most expressions that a formula may have. Built-in operators have at most forty.</summary>
    public const int MostExpressions = 2000;

    private const string NumberPrefix = "number.";

    /// <summary>Why an operator of another assembly cannot be read; null if it can.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The constants of which initial values depend, but not the formula.</summary>
    public HashSet<string> InitialConstants
    {
        get
        {
            IEnumerable<ConstantExpression> initials = Trained.Select(trained => new ConstantReference(trained.Name));
            HashSet<string> constants = UnreadArguments.ConstantsOf(initials, Constants) ?? [];
            constants.ExceptWith(UnreadArguments.ConstantsOf(Numbers, Constants) ?? [.. constants]);
            return constants;
        }
    }

    /// <summary>The variable of an input. Names of inputs contain no dot, so they differ from other variables.</summary>
    public static Variable InputOf(string name) => new(name);

    /// <summary>The variable of a number.</summary>
    /// <param name="index">Its index in <see cref="Numbers"/>.</param>
    public static Variable NumberOf(int index) => new(NumberPrefix + index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The variable of a trained number.</summary>
    public static Variable TrainedOf(string name) => new("trained." + name);

    /// <summary>The formula at one use. Its only variables are those of inputs and trained numbers.</summary>
    /// <param name="constants">The values of the constants at the use.</param>
    /// <exception cref="ConstantException">A number has no value at the use.</exception>
    public Expression? At(ConstantEvaluator constants)
    {
        Dictionary<string, Expression> values = Numbers
            .Select((number, i) => (NumberOf(i).Name, Value: (Expression)ValueOf(number, constants)))
            .ToDictionary(number => number.Name, number => number.Value);
        return Value is null ? null : Folding.Fold(Value.Replace(
            part => part is Variable variable && values.TryGetValue(variable.Name, out Expression? value) ? value : null));
    }

    /// <summary>Whether a part of a formula is already a number at each use, with nothing to compute.</summary>
    public static bool IsNumber(Expression part) =>
        part is Constant || (part is Variable variable && variable.Name.StartsWith(NumberPrefix, StringComparison.Ordinal));

    /// <summary>The value of a number at one use.</summary>
    /// <exception cref="ConstantException">It has none, or none as a float.</exception>
    public static Constant ValueOf(ConstantExpression number, ConstantEvaluator constants)
    {
        object? value = constants.Evaluate(number);
        return LossOf(value) is { } loss ? throw new ConstantException($"{Arithmetic.Number((double)value!)} is {loss}") : ValueOf(value);
    }

    /// <summary>What becomes of a number of which nothing is left if it is rounded to a float; null for all others.</summary>
    public static string? LossOf(object? value) =>
        value is not double number || number == 0 || double.IsInfinity(number) ? null
        : (float)number == 0 ? "too small for a float and would be 0"
        : float.IsInfinity((float)number) ? "too large for a float and would be infinite" : null;

    /// <summary>A constant as a number in formulas. It is rounded once to a float; true is 1 and false is 0.</summary>
    public static Constant ValueOf(object? value) =>
        new(value is bool truth ? (truth ? 1 : 0) : (float)ConstantEvaluator.Convert(value, ConstantType.Single)!);
}

/// <summary>A constant of an operator that training changes.</summary>
/// <param name="Name">The constant's name. Its value is the initial one.</param>
/// <param name="Key">The last part of the parameter's key in files.</param>
/// <param name="IsPerChannel">Whether each channel has its own value.</param>
internal sealed record TrainedConstant(string Name, string Key, bool IsPerChannel)
{
    /// <summary>What is wrong with a key, and what to do instead; null if it can be used. It is also a property of the layer.</summary>
    /// <param name="others">The trained numbers that already have their keys.</param>
    public static (string Wrong, string Instead)? ProblemOf(string key, IEnumerable<TrainedConstant> others)
    {
        string property = Identifiers.Pascal(key);
        return key.Length == 0 || !key.All(c => char.IsLetterOrDigit(c) || c == '_')
                ? ($"has the key '{key}'", "Use letters, digits and underscores")
            : !Identifiers.IsValid(property)
                ? ($"has the key '{key}', which is no name for a property of the layer", "Begin it with a letter")
            : NameCheck.ObjectMembers.Contains(property)
                ? ($"has the key '{key}', but every object has a member '{property}'", "Give it another Key")
            : others.FirstOrDefault(other => Identifiers.Pascal(other.Key) == property) is not { } same ? null
            : same.Key == key ? ($"has the key '{key}' of another one", "Give it a Key of its own")
            : ($"has the key '{key}', which becomes the same property '{property}' as '{same.Key}'", "Give it a Key of its own");
    }
}
