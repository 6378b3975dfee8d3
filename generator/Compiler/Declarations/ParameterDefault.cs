namespace Strata.Compiler.Declarations;

/// <summary>The default of a constructor's parameter that is an expression of the constants of its class.</summary>
/// <param name="Constructor">The types of the constructor's parameters, which identify it: <c>System.Int32,System.Double</c>.</param>
internal sealed record ParameterDefault(string Constructor, string Parameter, ConstantExpression Value);
